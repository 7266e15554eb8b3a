// How far back the period lies that a range is compared with, and which of its points belong together. Pure.
import type { Interval } from '../api/generated.ts';

/** What is looked at: so many days, or from one date to another, both inclusive. */
export interface Looked {
  days: number;
  dates: { from: string; to: string } | null;
  interval: Interval;
}

const DAYS_A_MONTH = 365.25 / 12;

/**
 * The least offset, as a duration, that lies behind the whole range and keeps its intervals: weeks begin on the same
 * weekday, and whole months are compared with whole months.
 */
export function offsetOf({ days, dates, interval }: Looked): string {
  const months = dates && wholeMonths(dates.from, dates.to);
  if (months) return `P${months}M`;
  if (interval === 'WEEK') return `P${Math.ceil(days / 7) * 7}D`;
  if (interval === 'HOUR' || interval === 'DAY') return `P${days}D`;
  const step = { MONTH: 1, QUARTER: 3, YEAR: 12 }[interval];
  const least = Math.max(1, Math.round(days / DAYS_A_MONTH));
  return `P${Math.ceil(least / step) * step}M`;
}

/** How many calendar months two dates span, where they begin and end with one; else null. */
function wholeMonths(from: string, to: string): number | null {
  const after = new Date(Date.parse(to) + 86_400_000).toISOString().slice(0, 10);
  if (!from.endsWith('-01') || !after.endsWith('-01')) return null;
  const month = (date: string) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
  return month(after) - month(from);
}

/**
 * For each point, the place of the point of the period before that lies as far behind; null where there is none.
 * Milliseconds since 1970, rising.
 */
export function alignedPlaces(at: readonly number[], before: readonly number[]): (number | null)[] {
  if (at.length === before.length) return at.map((_, i) => i);
  const [first, firstBefore] = [at[0], before[0]];
  if (first === undefined || firstBefore === undefined) return at.map(() => null);
  const gap = Math.max(...at.slice(1).map((ms, i) => ms - (at[i] ?? ms)), 0) || 1;
  return at.map((ms) => {
    const wanted = ms - first + firstBefore;
    const place = before.reduce(
      (best, candidate, i) =>
        Math.abs(candidate - wanted) < Math.abs((before[best] ?? Infinity) - wanted) ? i : best,
      0,
    );
    return Math.abs((before[place] ?? Infinity) - wanted) <= gap / 2 ? place : null;
  });
}

/** For each point, the one of the period before that lies as far behind; `at` as RFC 3339. */
export function aligned<T>(
  points: readonly T[],
  before: readonly T[] | undefined,
  at: (point: T) => string,
): (T | null)[] {
  if (!before) return [];
  const times = (list: readonly T[]) => list.map((point) => Date.parse(at(point)));
  return alignedPlaces(times(points), times(before)).map((place) =>
    place === null ? null : (before[place] ?? null),
  );
}
