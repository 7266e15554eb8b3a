/**
 * Any order: an attempt may start with any step's event, and each event takes the lowest free step that it matches. Of
 * events of one kind (the same steps) no more count than the kind has steps, so that an attempt looks at a handful:
 * as any-order-overlap.sql.ts, which says the same as any-order.sql.ts where steps do not overlap. Pure.
 */
import type { Attempts } from './attempts.ts';
import type { Moments } from './moments.ts';
import type { WindowEnd } from './window-end.ts';

/** Moments of one kind. */
interface Kind {
  readonly mask: number;
  /** How many of them one attempt can use. */
  readonly most: number;
  readonly places: number[];
  /** The first of `places` not before where the attempt starts. */
  from: number;
}

/** Adds the attempts in order of their starts; those that an exclusion voids are none. */
export function addAnyOrderAttempts(moments: Moments, windowEnd: WindowEnd, out: Attempts): void {
  const kinds = kindsOf(moments);
  const stops = nextBarriers(moments);
  const all = 2 ** out.steps - 1;
  const times = new Float64Array(out.steps);
  const near: number[] = [];
  for (let at = 0; at < moments.count; at += 1) {
    const mask = moments.mask(at);
    if (mask === 0) continue;
    const end = windowEnd(moments.times[at] ?? 0);
    candidates(kinds, moments, end, near);
    times.fill(0);
    let free = all;
    let taken = 0;
    for (const place of near) {
      const own = moments.mask(place) & free;
      if (own === 0) continue;
      free &= ~(own & -own);
      times[taken] = moments.times[place] ?? 0;
      taken += 1;
    }
    const stop = stops?.[at] ?? 0;
    const isDoneBefore = free === 0 && (times[taken - 1] ?? 0) <= stop;
    if (stop === 0 || stop > end || isDoneBefore) out.push(times, 4 * taken + 2);
    const kind = kinds.find((one) => one.mask === mask);
    if (kind) kind.from += 1;
  }
}

/** Writes the times of the first attempt that takes most steps; false where there is none. */
export function bestOfAnyOrder(attempts: Attempts, out: Float64Array): boolean {
  let best = -1;
  for (let at = 0; at < attempts.count; at += 1) {
    if (best < 0 || (attempts.grades[at] ?? 0) > (attempts.grades[best] ?? 0)) best = at;
  }
  if (best < 0) return false;
  out.set(attempts.times.subarray(best * attempts.steps, (best + 1) * attempts.steps));
  return true;
}

function kindsOf(moments: Moments): readonly Kind[] {
  const kinds: Kind[] = [];
  for (let at = 0; at < moments.count; at += 1) {
    const mask = moments.mask(at);
    if (mask === 0) continue;
    const kind = kinds.find((one) => one.mask === mask);
    if (kind) kind.places.push(at);
    else kinds.push({ mask, most: bitCount(mask), places: [at], from: 0 });
  }
  return kinds;
}

/** The next moments of each kind within the window, in order. */
function candidates(kinds: readonly Kind[], moments: Moments, end: number, near: number[]): void {
  near.length = 0;
  for (const { places, from, most } of kinds) {
    for (let i = from; i < from + most; i += 1) {
      const place = places[i];
      if (place === undefined || (moments.times[place] ?? 0) > end) break;
      near.push(place);
    }
  }
  near.sort((a, b) => a - b);
}

/** At each moment the time of the next barrier after it; zero: none. Null where there are none at all. */
function nextBarriers(moments: Moments): Float64Array | null {
  let stops: Float64Array | null = null;
  for (let at = moments.count - 1; at > 0; at -= 1) {
    if (moments.barrier(at) > 0) stops ??= new Float64Array(moments.count);
    if (stops) stops[at - 1] = moments.barrier(at) > 0 ? (moments.times[at] ?? 0) : (stops[at] ?? 0);
  }
  return stops;
}

export function bitCount(mask: number): number {
  let count = 0;
  for (let rest = mask; rest > 0; rest &= rest - 1) count += 1;
  return count;
}
