/**
 * Events at equal times, written anew so that a matcher that knows nothing of ties finds what is possible in the best
 * order: the rules of ties.sql.ts, instant by instant. Pure.
 */
import { bitCount } from './any-order.ts';
import type { Moments } from './moments.ts';

/** One way to go: the steps (as a mask) that are taken at all, and the step (1-based) after which runs stop; zero: none. */
export interface Way {
  readonly steps: number;
  readonly stop: number;
}

/** Different kinds of event that are told apart at one instant. */
const MOST_KINDS = 10;

/** Of some of an instant's events: the steps that the others can serve, and how many they are. */
interface Choice {
  readonly others: number;
  readonly events: number;
}

/** True when an instant holds several moments, one of which may serve at least so many steps. */
export function hasTies(moments: Moments, least: number): boolean {
  for (let at = 1; at < moments.count; at += 1) {
    if (moments.times[at] !== moments.times[at - 1]) continue;
    if (bitCount(moments.mask(at)) >= least || bitCount(moments.mask(at - 1)) >= least) return true;
  }
  return false;
}

/** Fills `out` with the instants as runs of single steps, barriers before them. */
export function settleAsRuns(moments: Moments, steps: number, way: Way, out: Moments): void {
  const stepBit = 2 ** steps;
  eachInstant(moments, (from, end) => {
    const time = moments.times[from] ?? 0;
    for (let at = from; at < end; at += 1) if (moments.mask(at) === 0) out.push(time, moments.codes[at] ?? 0);
    if (end - from === 1) {
      const mask = moments.mask(from) & way.steps;
      if (mask > 0) out.push(time, stepBit + mask);
      return;
    }
    const kinds = kindsOf(moments, from, end, way.steps);
    const lows = lowsOf(choicesOf(kinds), way.steps, steps);
    const stops = stopsOf(kinds, way);
    for (let k = steps - 1; k >= 0; k -= 1) {
      const furthest = lows.filter((low) => low <= k + 1).length;
      const last = k < stops ? Math.min(way.stop, furthest) : furthest;
      for (let b = k; b < last; b += 1) if (((way.steps >> b) & 1) === 1) out.push(time, stepBit + 2 ** b);
    }
  });
}

/** The same for strict order: as many moments as before, each with the steps that it may take in its place. */
export function settleInPlaces(moments: Moments, steps: number, out: Moments): void {
  const stepBit = 2 ** steps;
  eachInstant(moments, (from, end) => {
    if (end - from === 1) {
      out.push(moments.times[from] ?? 0, moments.codes[from] ?? 0);
      return;
    }
    const lows = lowsOf(choicesOf(kindsOf(moments, from, end, stepBit - 1)), stepBit - 1, steps);
    for (let d = 0; d < end - from; d += 1) {
      let mask = 0;
      for (let b = 1; b <= steps; b += 1) if ((lows[b - 1] ?? 0) <= Math.max(1, b - d)) mask += 2 ** (b - 1);
      out.push(moments.times[from] ?? 0, mask > 0 ? stepBit + mask : 0);
    }
  });
}

function eachInstant(moments: Moments, visit: (from: number, end: number) => void): void {
  for (let from = 0; from < moments.count;) {
    const end = moments.endOfInstant(from);
    visit(from, end);
    from = end;
  }
}

/** How many events of the instant may serve which steps: the first so many kinds in order of their steps. */
function kindsOf(moments: Moments, from: number, end: number, steps: number): readonly [number, number][] {
  const counts = new Map<number, number>();
  for (let at = from; at < end; at += 1) {
    const mask = moments.mask(at) & steps;
    if (mask > 0) counts.set(mask, (counts.get(mask) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => a - b).slice(0, MOST_KINDS);
}

/** For every choice of kinds what the others can serve, and how many events were chosen. */
function choicesOf(kinds: readonly (readonly [number, number])[]): readonly Choice[] {
  let choices: readonly Choice[] = [{ others: 0, events: 0 }];
  for (const [mask, count] of kinds) {
    choices = [
      ...choices.map(({ others, events }) => ({ others: others | mask, events })),
      ...choices.map(({ others, events }) => ({ others, events: events + count })),
    ];
  }
  return choices;
}

/** For each step b (1-based) the smallest a so that the steps from a to b can be taken together; b + 1: none. */
function lowsOf(choices: readonly Choice[], way: number, steps: number): readonly number[] {
  return Array.from({ length: steps }, (_, i) => {
    const upTo = 2 ** (i + 1) - 1;
    let low = 1;
    for (const { others, events } of choices) {
      const depends = ~others & way & upTo;
      const missing = bitCount(depends) - events;
      if (missing > 0) low = Math.max(low, placeOfBit(depends, missing) + 2);
    }
    return low;
  });
}

/** The place (from zero) of the `nth` bit that is set. */
function placeOfBit(mask: number, nth: number): number {
  let left = nth;
  for (let place = 0; ; place += 1) {
    if (((mask >> place) & 1) === 1) left -= 1;
    if (left === 0) return place;
  }
}

/** How many runs of the instant, those from the earliest steps on, need all that the step after the stop could take. */
function stopsOf(kinds: readonly (readonly [number, number])[], { steps, stop }: Way): number {
  if (stop === 0) return 0;
  const later = steps & ~(2 ** stop - 1);
  const next = later & -later;
  const choices = choicesOf(kinds.filter(([mask]) => (mask & next) > 0));
  const all = Math.max(...choices.map(({ events }) => events));
  let stops = 0;
  for (let k = 0; k < stop; k += 1) {
    const own = steps & (2 ** stop - 2 ** k);
    if (choices.every(({ others, events }) => all - events <= bitCount(others & own))) stops += 1;
  }
  return stops;
}
