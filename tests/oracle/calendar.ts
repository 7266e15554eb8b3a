/**
 * Where intervals begin in a time zone, found without calculating: by looking where the name of the interval
 * changes. Slow and plain, for oracles.
 */
import { DateTime } from 'luxon';
import type { Interval } from '../../server/query/period.ts';
import type { WeekStart } from '../../server/query/time-range.ts';

export interface Calendar {
  readonly interval: Interval;
  readonly timeZone: string;
  readonly weekStart: WeekStart;
}

const FIRST: Record<WeekStart, number> = { MONDAY: 1, SATURDAY: 6, SUNDAY: 7 };
const HOUR = 3_600_000;
/** Shorter than any interval but the hour, which is looked at by the quarter. */
const STRIDE: Record<Interval, number> = {
  HOUR: HOUR / 4,
  DAY: 11 * HOUR,
  WEEK: 11 * HOUR,
  MONTH: 11 * HOUR,
  QUARTER: 60 * HOUR,
  YEAR: 60 * HOUR,
};

/** What people call the interval that holds an instant. */
function nameOf(ms: number, { interval, timeZone, weekStart }: Calendar): string {
  const at = DateTime.fromMillis(ms, { zone: timeZone });
  switch (interval) {
    case 'HOUR':
      return at.toFormat('yyyy-LL-dd HH ZZ');
    case 'DAY':
      return at.toFormat('yyyy-LL-dd');
    case 'WEEK':
      return at.minus({ days: (at.weekday + 7 - FIRST[weekStart]) % 7 }).toFormat('yyyy-LL-dd');
    case 'MONTH':
      return at.toFormat('yyyy-LL');
    case 'QUARTER':
      return at.toFormat('yyyy q');
    case 'YEAR':
      return at.toFormat('yyyy');
  }
}

/** Every instant in `(fromMs, toMs]` at which an interval begins, in order. */
export function beginnings(fromMs: number, toMs: number, calendar: Calendar): readonly number[] {
  const found: number[] = [];
  const stride = STRIDE[calendar.interval];
  for (let at = fromMs; at < toMs; at += stride) {
    const until = Math.min(at + stride, toMs);
    if (nameOf(at, calendar) === nameOf(until, calendar)) continue;
    let [before, after] = [at, until];
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (nameOf(middle, calendar) === nameOf(at, calendar)) before = middle;
      else after = middle;
    }
    found.push(after);
  }
  return found;
}
