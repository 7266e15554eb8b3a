/** What a saved audience must keep to, by itself and among the others. Pure. */
import { normaliseAudience } from '../query/audience.ts';
import type { AudienceRequest } from '../query/audience.ts';
import type { CompileScope, SavedAudience } from '../query/events.ts';
import { InputError, inputError } from '../query/problem.ts';

type Book = ReadonlyMap<string, SavedAudience>;

interface Frame {
  readonly compile: Pick<CompileScope, 'vocabulary'>;
  readonly lifecycleStages: readonly string[];
}

const LONGEST_NAME = 200;
const MAX_AUDIENCES = 1000;
const MAX_DEFINITION_BYTES = 100_000;

/** The name as it is kept. Two audiences never share one, whatever the case. */
export function checkName(
  { id, name }: { readonly id?: string | null; readonly name: string },
  book: Book,
): string {
  const kept = name.trim();
  if (kept === '' || [...kept].length > LONGEST_NAME) {
    throw inputError('name', 'BAD_NAME', `A name has 1 to ${LONGEST_NAME} characters.`);
  }
  const other = [...book.values()].find(
    (audience) => audience.id !== id && audience.name.toLowerCase() === kept.toLowerCase(),
  );
  if (other) throw inputError('name', 'NAME_TAKEN', `There is an audience "${other.name}" already.`);
  return kept;
}

/** Customers that one call may list. */
const MAX_MEMBERS = 100_000;

export function checkMembers(ids: readonly string[]): void {
  if (ids.length >= 1 && ids.length <= MAX_MEMBERS) return;
  const message = `An audience is made of 1 to ${MAX_MEMBERS} customers listed, not ${ids.length}.`;
  throw inputError('customers', 'BAD_MEMBERS', message);
}

export function checkCount(book: Book, before: SavedAudience | null): void {
  if (before !== null || book.size < MAX_AUDIENCES) return;
  const message = `Up to ${MAX_AUDIENCES} audiences are kept; delete one that is no longer used.`;
  throw inputError('name', 'TOO_MANY_AUDIENCES', message);
}

/** Whether a live audience can be used, and whether those that refer to it still can. */
export function checkAudience(
  audience: SavedAudience,
  book: Book,
  { compile, lifecycleStages }: Frame,
): void {
  if (new TextEncoder().encode(JSON.stringify(audience.definition)).length > MAX_DEFINITION_BYTES) {
    const message = `A definition has up to ${MAX_DEFINITION_BYTES} bytes.`;
    throw inputError('definition', 'AUDIENCE_TOO_LARGE', message);
  }
  const problemWith = (id: string, audiences: Book): InputError | null => {
    try {
      normaliseAudience({ id }, { ...compile.vocabulary, audiences }, lifecycleStages, 'definition');
      return null;
    } catch (error) {
      if (error instanceof InputError) return error;
      throw error;
    }
  };
  const next: Book = new Map([...book, [audience.id, audience]]);
  normaliseAudience(
    audience.definition,
    { ...compile.vocabulary, audiences: next },
    lifecycleStages,
    'definition',
  );
  const own = problemWith(audience.id, next);
  if (own) throw own;
  for (const other of usersOf(audience.id, book)) {
    const problem = problemWith(other.id, next);
    if (problem && !problemWith(other.id, book)) {
      const [first] = problem.problems;
      const message = `The audience "${other.name}" refers to this one and could no longer be used. ${first?.message ?? ''}`;
      throw inputError('definition', first?.code ?? 'AUDIENCE_CYCLE', message);
    }
  }
}

/** An audience that others refer to stays. */
export function checkDelete(audience: SavedAudience, book: Book): void {
  const direct = [...book.values()].filter(
    (other) => other.id !== audience.id && refersTo(other, audience.id),
  );
  if (direct.length === 0) return;
  const names = direct.slice(0, 5).map((other) => `"${other.name}"`);
  const more = direct.length > 5 ? ` and ${direct.length - 5} more` : '';
  const message = `"${audience.name}" is part of ${names.join(', ')}${more}; change or delete them first.`;
  throw inputError('id', 'AUDIENCE_IN_USE', message);
}

/** Live audiences that refer to the one with this id, through whichever others. */
function usersOf(id: string, book: Book): readonly SavedAudience[] {
  const found = new Map<string, SavedAudience>();
  const wanted = [id];
  for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
    for (const audience of book.values()) {
      if (audience.id === id || found.has(audience.id) || !refersTo(audience, next)) continue;
      found.set(audience.id, audience);
      wanted.push(audience.id);
    }
  }
  return [...found.values()];
}

/** Of a static audience the definition is only a record. */
function refersTo(audience: SavedAudience, id: string): boolean {
  return audience.membersId === null && idsIn(audience.definition).has(id);
}

function idsIn({ id, anyOf, except }: AudienceRequest): ReadonlySet<string> {
  const nested = [...(anyOf ?? []), ...(except ? [except] : [])].flatMap((part) => [...idsIn(part)]);
  return new Set(id == null ? nested : [id, ...nested]);
}
