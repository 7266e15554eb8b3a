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
    if (ms >= this.at(low) && ms < this.at(low + 1)) return low;
    let high = starts.length - 1;
    low = 0;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.at(middle) <= ms) low = middle;
      else high = middle - 1;
    }
    this.latest = low;
    return low;
  }

  /** The first that begins at `ms` or later. */
  firstFrom(ms: number): number {
    return ms <= this.at(0) ? 0 : this.indexOf(ms - 1) + 1;
  }

  /** Where an interval begins. */
  startOf(index: number): number {
    while (this.starts.length <= index) this.addOne();
    return this.at(index);
  }

  private at(index: number): number {
    return this.starts[index] ?? Infinity;
  }

  /** Until one begins after `ms`. */
  private reach(ms: number): void {
    while (this.at(this.starts.length - 1) <= ms) this.addOne();
  }

  private addOne(): void {
    const { starts, interval, frame } = this;
    starts.push(addIntervals(this.at(0), interval, starts.length, frame));
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
