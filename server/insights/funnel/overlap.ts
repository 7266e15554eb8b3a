/**
 * Which steps may be taken by the same event, as far as their selectors tell: two are certain to be disjoint
 * when they ask for different events, certain to be the same when they are written alike; all others may
 * overlap in part. Pure.
 */
import { namesOf } from '../../query/event-match.ts';
import type { EventMatch } from '../../query/event-match.ts';
import type { EventVocabulary } from '../../query/events.ts';
import type { FunnelStep } from './funnel.query.ts';

/** Steps grouped by what they ask for: each class lists its steps (0-based), in the funnel's order. */
export function classesOf(steps: readonly FunnelStep[]): readonly (readonly number[])[] {
  const classes = new Map<string, number[]>();
  steps.forEach((step, k) => {
    const key = JSON.stringify([step.match, step.occurrence], (name, value: unknown) =>
      name === 'label' ? undefined : value,
    );
    const alike = classes.get(key);
    if (alike) alike.push(k);
    else classes.set(key, [k]);
  });
  return [...classes.values()];
}

export function mayOverlap(a: EventMatch, b: EventMatch, vocabulary: EventVocabulary): boolean {
  const names = namesOf(a, vocabulary);
  const others = namesOf(b, vocabulary);
  return names === null || others === null || names.some((name) => others.includes(name));
}

/** True when some event may serve more than one step. */
export function hasSharedEvents(steps: readonly FunnelStep[], vocabulary: EventVocabulary): boolean {
  return classesOf(steps).length < steps.length || hasPartialOverlap(steps, vocabulary);
}

/** Pairs of classes that may share an event without asking for the same. */
export function hasPartialOverlap(steps: readonly FunnelStep[], vocabulary: EventVocabulary): boolean {
  const matches = classesOf(steps).flatMap(([first = 0]) => steps[first]?.match ?? []);
  return matches.some((match, i) =>
    matches.slice(0, i).some((other) => mayOverlap(match, other, vocabulary)),
  );
}

/**
 * The kinds of event that can occur: each is the list of classes (indexes into `classesOf`) that one event
 * may match together.
 */
export function kindsOf(
  steps: readonly FunnelStep[],
  vocabulary: EventVocabulary,
  most = Number.POSITIVE_INFINITY,
): readonly (readonly number[])[] {
  const matches = classesOf(steps).map(([first = 0]) => steps[first]?.match as EventMatch);
  let kinds: readonly (readonly number[])[] = [];
  for (const [index, match] of matches.entries()) {
    const fits = (other: number): boolean => mayOverlap(match, matches[other] as EventMatch, vocabulary);
    kinds = [...kinds, [index], ...kinds.filter((kind) => kind.every(fits)).map((kind) => [...kind, index])];
    if (kinds.length > most) return kinds;
  }
  return kinds;
}

/**
 * True when taking the events of one instant step by step, in the funnel's order, is not always what gets a
 * customer furthest, although other events between do not matter.
 */
export function tiesMatter(steps: readonly FunnelStep[], vocabulary: EventVocabulary): boolean {
  const isSplit = (list: readonly number[]): boolean =>
    (list.at(-1) ?? 0) - (list[0] ?? 0) !== list.length - 1;
  return classesOf(steps).some(isSplit) || hasPartialOverlap(steps, vocabulary);
}
