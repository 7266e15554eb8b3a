/**
 * Which interval of a calendar holds an instant, asked millions of times: the starts are worked out once each and
 * kept. Intervals are numbered from the one that holds the first anchor, so that numbers stay while a range moves on.
 */
import { addIntervals, startOfInterval } from './period.ts';
import type { Interval, Intervals } from './period.ts';
import type { TimeRange } from './time-range.ts';

export class IntervalClock {
  private readonly starts: number[] = [];
  private latest = 0;

  constructor(
    private readonly interval: Interval,
    private readonly frame: Pick<TimeRange, 'timeZone' | 'weekStart'>,
  ) {}

  /** The interval that holds the first instant given here is 0; nothing earlier than it can be asked for. */
  anchor(ms: number): void {
    if (this.starts.length === 0) this.starts.push(startOfInterval(ms, this.interval, this.frame));
  }

  /** The number of the interval that holds `ms`. */
  indexOf(ms: number): number {
    this.reach(ms);
    const { starts } = this;
    let low = this.latest;
    if (ms >= this.startOf(low) && ms < this.startOf(low + 1)) return low;
    let high = starts.length - 1;
    low = 0;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.startOf(middle) <= ms) low = middle;
      else high = middle - 1;
    }
    this.latest = low;
    return low;
  }

  private startOf(index: number): number {
    return this.starts[index] ?? Infinity;
  }

  /** Until one begins after `ms`. */
  private reach(ms: number): void {
    const { starts, interval, frame } = this;
    const first = this.startOf(0);
    while (this.startOf(starts.length - 1) <= ms) {
      starts.push(addIntervals(first, interval, starts.length, frame));
    }
  }
}

export function clockOf({
  intervals,
  range,
}: {
  readonly intervals: Intervals;
  readonly range: TimeRange;
}): IntervalClock {
  return new IntervalClock(intervals.interval, range);
}
