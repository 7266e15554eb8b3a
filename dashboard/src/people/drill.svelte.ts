// Which number is open, as it stands in the address (`?open=...`), so that a link opens the same list and going
// back closes it. Each part of a page has a name of its own there; what it opens into is its own business.
import { parsedParam } from '../state/page-state.svelte.ts';
import { router } from '../state/router.svelte.ts';
import type { PeopleQuestion } from './question.ts';

/** What may stand in an opening. */
type Value = string | number | boolean | null | readonly string[];
export type Opening = Record<string, Value>;

/** Tells whether a value is of the kind that is wanted. */
export type Kind<V> = (value: unknown) => value is V;
export type Kinds<S extends Opening> = { readonly [K in keyof S]-?: Kind<S[K]> };

export interface Drill<S extends Opening> {
  /** What is open; null: nothing of this part. */
  readonly spec: S | null;
  readonly question: PeopleQuestion | null;
  open(spec: S): void;
  /** Another side of the same number, e.g. those who did not. */
  turn(changes: Partial<S>): void;
  close(): void;
}

/**
 * What a part of a page opens. `kinds` says what its openings are made of: anything may stand in the address.
 * `question` is read reactively; null: not known yet, or nothing.
 */
export function drill<S extends Opening>(
  of: string,
  kinds: Kinds<S>,
  question: (spec: S) => PeopleQuestion | null,
): Drill<S> {
  const spec = $derived(opened(of, kinds));
  const asked = $derived(spec && question(spec));
  const written = (next: S) => JSON.stringify({ of, ...next });
  return {
    get spec() {
      return spec;
    },
    get question() {
      return asked;
    },
    open: (next) => router.set({ open: written(next), sort: null }, true),
    turn(changes) {
      if (spec) router.set({ open: written({ ...spec, ...changes }) });
    },
    close: closeDrill,
  };
}

/** Closes whatever is open: by going back to where it was opened, or by taking it out of the address. */
export function closeDrill(): void {
  if (!router.back()) router.set({ open: null, sort: null });
}

function opened<S extends Opening>(of: string, kinds: Kinds<S>): S | null {
  const raw = parsedParam('open') as Record<string, unknown> | null;
  if (raw === null || typeof raw !== 'object' || raw['of'] !== of) return null;
  const entries = Object.entries(kinds) as [keyof S & string, Kind<unknown>][];
  if (!entries.every(([key, isKind]) => isKind(raw[key]))) return null;
  return Object.fromEntries(entries.map(([key]) => [key, raw[key]])) as S;
}

export const aText: Kind<string> = (value): value is string => typeof value === 'string';
export const aNumber: Kind<number> = (value): value is number => Number.isFinite(value);
export const aFlag: Kind<boolean> = (value): value is boolean => typeof value === 'boolean';
export const texts: Kind<readonly string[]> = (value): value is readonly string[] =>
  Array.isArray(value) && value.every(aText);
export const oneOf =
  <V extends string>(...words: readonly V[]): Kind<V> =>
  (value): value is V =>
    words.includes(value as V);
export const orNull =
  <V>(isKind: Kind<V>): Kind<V | null> =>
  (value): value is V | null =>
    value === null || isKind(value);
