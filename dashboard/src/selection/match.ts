// What a viewer chose to count: an event, a journey stage or a channel, or any of several, narrowed by conditions,
// as it stands in the address and as the API takes it. Pure; anything may stand in the address, so all is checked.
import type { EventMatchInput, FilterInput, FilterOp, PropertyScope } from '../api/generated.ts';

export const MATCH_KINDS = ['event', 'stage', 'channel', 'any'] as const;
export type MatchKind = (typeof MATCH_KINDS)[number];

export const FILTER_OPS = [
  'IS',
  'IS_NOT',
  'CONTAINS',
  'NOT_CONTAINS',
  'STARTS_WITH',
  'MATCHES',
  'GT',
  'GTE',
  'LT',
  'LTE',
  'BETWEEN',
  'IS_SET',
  'IS_NOT_SET',
] as const satisfies readonly FilterOp[];

export interface Condition {
  property: string;
  of: PropertyScope;
  op: FilterOp;
  values: string[];
}

/** One name of the catalogue; of the kind `any` it stands for every event. */
export interface Named {
  on: MatchKind;
  value: string;
}

export const ANY_EVENT: Named = { on: 'any', value: '*' };
export const MAX_ALTERNATIVES = 19;

export interface Match extends Named {
  /** Counts just the same; the conditions hold for all of them. */
  or?: Named[];
  /** A name of the viewer's own. */
  label?: string;
  where?: Condition[];
  /** One of several conditions is enough; else all must hold. */
  isAnyEnough?: true;
}

/** How many values an operator takes: [fewest, most]. */
export function valueCount(op: FilterOp): readonly [number, number] {
  if (op === 'IS_SET' || op === 'IS_NOT_SET') return [0, 0];
  if (op === 'BETWEEN') return [2, 2];
  return ['GT', 'GTE', 'LT', 'LTE'].includes(op) ? [1, 1] : [1, 1000];
}

/** True when the condition can be asked: it names a property and has as many values as its operator takes. */
export function isComplete({ property, op, values }: Condition): boolean {
  const [fewest, most] = valueCount(op);
  const given = values.filter((value) => value !== '').length;
  return property !== '' && given >= fewest && given <= most;
}

/** The complete ones of the conditions, all of which must hold, or any; undefined without any. */
export function filterInput(
  conditions: readonly Condition[] | undefined,
  isAnyEnough = false,
): FilterInput | undefined {
  const parts = (conditions ?? []).filter(isComplete).map(({ property, of, op, values }): FilterInput => ({
    property,
    ...(of === 'CUSTOMER' && { of }),
    ...(op !== 'IS' && { op }),
    ...(valueCount(op)[1] > 0 && { values: values.filter((value) => value !== '') }),
  }));
  if (parts.length < 2) return parts[0];
  return isAnyEnough ? { any: parts } : { all: parts };
}

/** The match as the API takes it, with a name for it to come back with the answer. */
export function matchInput(match: Match, label = match.label): EventMatchInput {
  const where = filterInput(match.where, match.isAnyEnough);
  return { ...namedInput([match, ...(match.or ?? [])]), ...(where && { where }), ...(label && { label }) };
}

/** Several of one kind are a list of names where the API has one, else alternatives; beside any event none counts. */
function namedInput(names: readonly Named[]): EventMatchInput {
  const of = (kind: MatchKind) => names.filter(({ on }) => on === kind).map(({ value }) => value);
  const [events, channels, stages] = [of('event'), of('channel'), of('stage')];
  if (of('any').length) return {};
  const alternatives: EventMatchInput[] = [
    ...(events.length ? [{ events }] : []),
    ...stages.map((stage) => ({ stage })),
    ...(channels.length ? [{ channels }] : []),
  ];
  return alternatives.length > 1 ? { anyOf: alternatives } : (alternatives[0] ?? {});
}

/** The one event whose properties the match's conditions are about; undefined where there is not just one. */
export const eventOf = (match: Match): string | undefined =>
  match.on === 'event' && !match.or?.length ? match.value : undefined;

/** The match with other conditions, and without a trace of them where there are none. */
export function withConditions<M extends Match>(match: M, where: readonly Condition[]): M {
  const { where: _, isAnyEnough, ...rest } = match;
  return {
    ...rest,
    ...(where.length && { where: [...where] }),
    ...(where.length > 1 && isAnyEnough && { isAnyEnough }),
  } as M;
}

export const isRecord = (raw: unknown): raw is Record<string, unknown> =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw);
const MAX_TEXT = 200;
export const isText = (raw: unknown): raw is string => typeof raw === 'string' && raw.length <= MAX_TEXT;

/** One of the words allowed, else undefined. */
export function checkWord<T extends string>(raw: unknown, words: readonly T[]): T | undefined {
  return words.find((word) => word === raw);
}

/** The conditions that can be used of what stood in the address. */
export function checkConditions(raw: unknown): Condition[] {
  if (!Array.isArray(raw)) return [];
  return raw.slice(0, 20).flatMap((entry: unknown): Condition[] => {
    if (!isRecord(entry) || !isText(entry['property'])) return [];
    const values = Array.isArray(entry['values']) ? entry['values'].filter(isText).slice(0, 100) : [];
    const op = checkWord(entry['op'], FILTER_OPS) ?? 'IS';
    const of = checkWord(entry['of'], ['EVENT', 'CUSTOMER'] as const) ?? 'EVENT';
    return [{ property: entry['property'], of, op, values }];
  });
}

function checkNamed(raw: unknown): Named | null {
  if (!isRecord(raw)) return null;
  const on = checkWord(raw['on'], MATCH_KINDS);
  if (on === 'any') return ANY_EVENT;
  return on && isText(raw['value']) && raw['value'] !== '' ? { on, value: raw['value'] } : null;
}

/** Each name once, and not the first again. */
const without = (first: Named, others: readonly Named[]): Named[] =>
  others.filter((other, i) =>
    [first, ...others.slice(0, i)].every((one) => one.on !== other.on || one.value !== other.value),
  );

/** The match that stood in the address; null when it cannot be used. */
export function checkMatch(raw: unknown): Match | null {
  const named = checkNamed(raw);
  if (!named || !isRecord(raw)) return null;
  const where = checkConditions(raw['where']);
  const or = Array.isArray(raw['or'])
    ? without(
        named,
        raw['or'].slice(0, MAX_ALTERNATIVES).flatMap((entry: unknown) => checkNamed(entry) ?? []),
      )
    : [];
  return {
    ...named,
    ...(or.length && { or }),
    ...(isText(raw['label']) && raw['label'] && { label: raw['label'] }),
    ...(where.length && { where }),
    ...(where.length > 1 && raw['isAnyEnough'] === true && { isAnyEnough: true as const }),
  };
}
