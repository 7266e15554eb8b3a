// The names one may start at, end at or leave out, by the kind of step: what has been seen, most first. Pure.
import type { PathNodeKind } from '../../api/generated.ts';
import { found } from '../../ui/search.ts';

export interface KnownName {
  value: string;
  /** As the viewer reads it. */
  label: string;
  /** Events; null where that is not known. */
  count: number | null;
}

export interface NameSources {
  events: readonly { name: string; count: number }[];
  stages: readonly { key: string; name: string }[];
  channels: readonly string[];
  touchpoints: readonly { name: string; events: number }[];
  /** Values found by search: of the property, or paths of pages. */
  found: readonly string[];
  /** Names in the present picture. */
  shown: readonly string[];
}

/** What is known of a kind, each name once. */
export function namesOf(kind: PathNodeKind, from: NameSources, read: (name: string) => string): KnownName[] {
  const counted = new Map<string, number | null>();
  const add = (value: string, count: number | null) => {
    if (value === '' || value === MIDDLE) return;
    const before = counted.get(value);
    counted.set(value, count === null ? (before ?? null) : (before ?? 0) + count);
  };
  if (kind === 'TOUCHPOINT') for (const { name, events } of from.touchpoints) add(name, events);
  if (kind === 'EVENT') for (const { name, count } of from.events) add(name, count);
  const rest = {
    TOUCHPOINT: from.found,
    EVENT: [],
    STAGE: from.stages.map((stage) => stage.key),
    CHANNEL: from.channels,
    PROPERTY: from.found,
  }[kind];
  for (const value of [...rest, ...from.shown]) add(value, null);
  const names = [...counted].map(([value, count]) => ({ value, label: read(value), count }));
  return kind === 'STAGE' ? names : names.sort((a, b) => (b.count ?? 0) - (a.count ?? 0));
}

/** The server's name for the middle of long paths. */
const MIDDLE = '...';

/** Names that answer what is typed, best first. */
export const narrowedNames = (names: readonly KnownName[], typed: string): KnownName[] =>
  found(names, typed, ({ value, label }) => [value, label]).map(({ item }) => item);
