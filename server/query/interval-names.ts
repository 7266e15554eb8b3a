/**
 * The interval that holds an instant, asked often of instants close to each other: worked out once and remembered
 * while it holds the next one too. Says the same as `startOfInterval`.
 */
import { IANAZone } from 'luxon';
import { addIntervals, startOfInterval } from './period.ts';
import type { Interval } from './period.ts';
import type { TimeRange } from './time-range.ts';

type Frame = Pick<TimeRange, 'timeZone' | 'weekStart'>;

/** Tells where the interval that holds an instant begins; not before 1970, where events begin. */
export function intervalNames(interval: Interval, frame: Frame): (ms: number) => number {
  let [start, end] = [Infinity, -Infinity];
  return (ms) => {
    if (ms < start || ms >= end) {
      start = startOfInterval(ms, interval, frame);
      end = addIntervals(start, interval, 1, frame);
    }
    return Math.max(start, 0);
  };
}

/** The starts of all intervals that touch `[fromMs, toMs)`, in order, however many they are. */
export function allStarts(fromMs: number, toMs: number, interval: Interval, frame: Frame): number[] {
  const first = startOfInterval(fromMs, interval, frame);
  const starts = [first];
  for (let i = 1; ; i += 1) {
    const start = addIntervals(first, interval, i, frame);
    if (start >= toMs) return starts;
    starts.push(start);
  }
}

const MONTH_MS = 30 * 86_400_000;

/** False where hours begin at another minute after a change of clocks: then hours are not told apart by their starts. */
export function isRegular(fromMs: number, toMs: number, interval: Interval, { timeZone }: Frame): boolean {
  if (interval !== 'HOUR') return true;
  const zone = IANAZone.create(timeZone);
  const minute = (ms: number): number => zone.offset(ms) % 60;
  for (let ms = fromMs; ms < toMs; ms += MONTH_MS) if (minute(ms) !== minute(toMs)) return false;
  return true;
}
