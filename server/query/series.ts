/** Series over the intervals of a range: one point an interval, none left out. */
import type { Intervals } from './period.ts';

export interface Point {
  readonly startMs: number;
  readonly value: number;
  /** False while the interval has not ended, or where the range ends within it. */
  readonly complete: boolean;
}

/** `value` is asked for every position; what is not defined there is drawn as 0. */
export function pointsOf(intervals: Intervals, nowMs: number, value: (position: number) => number): Point[] {
  const { starts, endMs, toMs } = intervals;
  return starts.map((startMs, position) => ({
    startMs,
    value: value(position),
    complete: (starts[position + 1] ?? endMs) <= Math.min(nowMs, toMs),
  }));
}
