/**
 * What may be asked of identities, checked: ids that are ids, traits within their limits; and how traits meet
 * those that are there. Knows neither the engine nor whose id is whose.
 */
import { InputError, inputError } from '../query/problem.ts';
import { customerIdProblem, MAX_DEPTH, MAX_EVENT_BYTES, MAX_VALUES } from './event.ts';
import { cleanJson, cleanText, isPlainObject } from './json.ts';
import type { CleanJson } from './json.ts';

/** Values by name; null takes a trait away. */
export type Traits = Readonly<Record<string, unknown>>;

export type TraitValues = ReadonlyMap<string, CleanJson>;

export interface IdentifyOptions {
  /** Where the ids cannot be joined, the customer and its traits are taken all the same; then it throws. */
  readonly keepsCustomer?: boolean | undefined;
  /** Traits that are old news: those there stay as they are. */
  readonly fillsIn?: boolean | undefined;
  /** False where whoever asks counts it. */
  readonly isCounted?: boolean | undefined;
}

/** `customerId` null: of a visitor nobody knows yet only traits are told. */
export interface IdentifyRequest {
  readonly kind: 'identify';
  readonly customerId: string | null;
  readonly anonymousId: string | null;
  readonly traits: TraitValues | null;
  readonly options: IdentifyOptions;
  /** What was wrong with the anonymous id, where the customer is taken all the same. */
  readonly problem: InputError | null;
}

export interface MergeRequest {
  readonly kind: 'merge';
  readonly id: string;
  readonly into: string;
}

export type IdentityRequest = IdentifyRequest | MergeRequest;

/** Throws InputError. */
export function identifyRequest(
  customerId: unknown,
  anonymousId: unknown,
  traits: unknown,
  options: IdentifyOptions = {},
): IdentifyRequest {
  const hasCustomer = !isAbsent(customerId) || isAbsent(anonymousId);
  const ofCustomer = hasCustomer ? badId('customerId', customerId) : null;
  const ofVisitor = isAbsent(anonymousId) ? null : badId('anonymousId', anonymousId);
  const isTakenAnyway = options.keepsCustomer === true && hasCustomer && ofCustomer === null;
  const problems = [ofCustomer, ofVisitor].flatMap((error) => error?.problems ?? []);
  if (problems.length > 0 && !isTakenAnyway) throw new InputError(problems);
  return {
    kind: 'identify',
    customerId: hasCustomer ? cleanText(customerId as string) : null,
    anonymousId: isAbsent(anonymousId) || ofVisitor ? null : cleanText(anonymousId as string),
    traits: isAbsent(traits) ? null : checkTraits(traits),
    options,
    problem: ofVisitor,
  };
}

/** Throws InputError. */
export function mergeRequest(id: string, into: string): MergeRequest {
  const problems = [badId('id', id), badId('into', into)].flatMap((error) => error?.problems ?? []);
  if (problems.length > 0) throw new InputError(problems);
  return { kind: 'merge', id: cleanText(id), into: cleanText(into) };
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function badId(field: string, value: unknown): InputError | null {
  const message = customerIdProblem(value, field);
  return message === null ? null : inputError(field, 'NOT_AN_ID', message);
}

function checkTraits(traits: unknown): TraitValues {
  if (!isPlainObject(traits))
    throw inputError('traits', 'NOT_AN_OBJECT', 'traits is an object of values by name.');
  const removed = Object.keys(traits).filter((name) => traits[name] === null);
  const limits = { maxDepth: MAX_DEPTH, maxValues: MAX_VALUES, maxText: MAX_EVENT_BYTES };
  const cleaned = cleanJson(traits, limits);
  if (!cleaned.ok) throw inputError('traits', 'TOO_LARGE', `traits ${cleaned.reason}`);
  const entries = Object.entries(cleaned.value as Record<string, CleanJson>);
  return new Map<string, CleanJson>([...entries, ...removed.map((name) => [cleanText(name), null] as const)]);
}

/** Those of later lists win; null takes a trait away. */
export function mergedTraits(...lists: readonly (TraitValues | null | undefined)[]): TraitValues {
  const all = new Map(lists.flatMap((list) => [...(list ?? [])]));
  for (const [name, value] of all) if (value === null) all.delete(name);
  return all;
}

export function areSameTraits(a: TraitValues, b: TraitValues): boolean {
  return (
    a.size === b.size &&
    [...a].every(([name, value]) => JSON.stringify(b.get(name)) === JSON.stringify(value))
  );
}
