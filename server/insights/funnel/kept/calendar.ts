/** Where intervals begin: found by the calendar once each, then looked up. Pure. */
import { addIntervals, startOfInterval } from '../../../query/period.ts';
import type { Interval } from '../../../query/period.ts';
import type { TimeRange } from '../../../query/time-range.ts';

export type Frame = Pick<TimeRange, 'timeZone' | 'weekStart'>;

export class Calendar {
  private readonly interval: Interval;
  private readonly frame: Frame;
  /** Of the intervals met so far, in order. */
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  constructor(interval: Interval, { timeZone, weekStart }: Frame) {
    this.interval = interval;
    this.frame = { timeZone, weekStart };
  }

  /** The start of the interval that holds the instant; both in milliseconds. */
  startOf(ms: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= ms) low = middle + 1;
      else high = middle;
    }
    const known = this.starts[low - 1];
    if (known !== undefined && ms < (this.ends[low - 1] ?? 0)) return known;
    const start = startOfInterval(ms, this.interval, this.frame);
    const end = addIntervals(start, this.interval, 1, this.frame);
    // Where clocks jump an interval may end before what it holds: such instants are asked for each time.
    if (ms < end && start !== known) {
      this.starts.splice(low, 0, start);
      this.ends.splice(low, 0, end);
    }
    return start;
  }
}
