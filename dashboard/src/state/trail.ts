// The trail of a page's question: the addresses it had, one after another, and where on it the viewer stands.
// Knows nothing of the browser; `undo.svelte.ts` reads and writes the address. Pure.

/** The parts of an address that are the question, by parameter; compared by content. */
export type Entry = Readonly<Record<string, string>>;

export interface Trail {
  readonly entries: readonly Entry[];
  /** The place of the present entry. */
  readonly at: number;
  /** When the present entry came, in milliseconds since 1970. */
  readonly cameAt: number;
}

const LONGEST = 100;
/** Changes of the same value that follow each other as fast as keys and arrows are pressed are one. */
const BURST_MS = 800;

export const beginTrail = (entry: Entry): Trail => ({ entries: [entry], at: 0, cameAt: 0 });

/** The entry that the viewer stands on. */
export const standing = (trail: Trail): Entry => trail.entries[trail.at] ?? {};

/**
 * The trail after the address has become `entry`. A neighbour is a step along it (the browser's own back and
 * forward too); what asks the same is no step at all; anything else is a new end of the trail.
 */
export function followed(trail: Trail, entry: Entry, nowMs: number): Trail {
  const text = JSON.stringify(entry);
  const isAt = (place: number) => JSON.stringify(trail.entries[place]) === text;
  if (isAt(trail.at)) return trail;
  for (const at of [trail.at - 1, trail.at + 1]) if (isAt(at)) return { ...trail, at, cameAt: 0 };
  const present = standing(trail);
  if (meaning(present) === meaning(entry)) return trail;
  const isBurst = trail.at > 0 && nowMs - trail.cameAt < BURST_MS && shape(present) === shape(entry);
  const kept = trail.entries.slice(0, isBurst ? trail.at : trail.at + 1);
  const entries = [...kept, entry].slice(-LONGEST);
  return { entries, at: entries.length - 1, cameAt: nowMs };
}

/**
 * What the entry asks, as text: without what is still being made, a condition without a value or something done
 * that is not chosen yet.
 */
const meaning = (entry: Entry): string => JSON.stringify(walked(entry, (text) => text));

/** What the entry is made of, whatever the values: two entries of one shape differ in a value only. */
const shape = (entry: Entry): string =>
  JSON.stringify(walked(entry, (value) => (typeof value === 'boolean' ? value : typeof value)));

type Leaf = string | number | boolean | null;

function walked(entry: Entry, leaf: (value: Leaf) => unknown): unknown {
  return parts(Object.entries(entry).map(([name, text]) => [name, walkedValue(read(text), leaf)]));
}

function read(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function walkedValue(value: unknown, leaf: (value: Leaf) => unknown): unknown {
  if (Array.isArray(value))
    return value.filter((part) => !isInTheMaking(part)).map((part) => walkedValue(part, leaf));
  if (value === null || typeof value !== 'object') return leaf(value as Leaf);
  return parts(Object.entries(value).map(([key, part]) => [key, walkedValue(part, leaf)]));
}

/** An empty list and nothing are the same. */
const parts = (of: readonly [string, unknown][]): readonly [string, unknown][] =>
  of.filter(([, part]) => !(Array.isArray(part) && part.length === 0));

const NO_VALUES = ['IS_SET', 'IS_NOT_SET'];

function isInTheMaking(part: unknown): boolean {
  if (part === null || typeof part !== 'object') return false;
  const { property, op, values, match } = part as Record<string, unknown>;
  if ('isNot' in part && match === null) return true;
  if (typeof property !== 'string' || !Array.isArray(values)) return false;
  const given = values.filter((value) => value !== '').length;
  if (NO_VALUES.includes(String(op))) return property === '';
  return property === '' || given < (op === 'BETWEEN' ? 2 : 1);
}
