/** The rows of a funnel's trend, kept: who entered in which interval, and converted from there. Pure. */
import type { CustomerFacts, Totals } from '../../../query/kept.ts';
import type { TrendQuery, TrendRow } from '../funnel.rows.ts';
import type { Calendar } from './calendar.ts';
import type { FunnelMatcher } from './matcher.ts';

/** The key of an attempt that converted; every other has its grade, which is less. */
const CONVERTED = 255;

export class TrendTotals implements Totals<TrendRow> {
  private readonly matcher: FunnelMatcher;
  private readonly calendar: Calendar;
  private readonly trend: TrendQuery;
  /** By start of the interval, milliseconds. */
  private readonly points = new Map<number, { entered: number; converted: number }>();
  /** Intervals in which the customer's attempts started, and the key of the best of each. */
  private readonly starts: number[] = [];
  private readonly keys: number[] = [];

  constructor(matcher: FunnelMatcher, calendar: Calendar, trend: TrendQuery) {
    this.matcher = matcher;
    this.calendar = calendar;
    this.trend = trend;
  }

  count(facts: CustomerFacts, edges: readonly number[], weight: 1 | -1): void {
    this.gather(facts, edges[0] ?? 0);
    const least = 4 * (this.trend.fromStep + 1);
    // One interval where an attempt was hit and went on drops all that did not convert.
    const wentOn = this.keys.some((key) => key !== CONVERTED && (key & 1) === 1);
    for (const [i, key] of this.keys.entries()) {
      const isClean = (key & 2) === 2 && key >= least;
      if (key === CONVERTED || (isClean && !wentOn)) this.add(this.starts[i] ?? 0, key === CONVERTED, weight);
    }
  }

  until(facts: CustomerFacts, edges: readonly number[], out: number[]): void {
    out[0] = this.matcher.until(facts, edges[0] ?? 0);
  }

  rows(): readonly TrendRow[] {
    return [...this.points]
      .sort(([a], [b]) => a - b)
      .map(([startMs, { entered, converted }]) => ({
        start: String(startMs / 1000),
        entered: String(entered),
        converted: String(converted),
      }));
  }

  private gather(facts: CustomerFacts, edgeMs: number): void {
    const { starts, keys } = this;
    const attempts = this.matcher.all(facts, edgeMs);
    const least = 4 * (this.trend.toStep + 1) + 2;
    starts.length = 0;
    keys.length = 0;
    for (let at = 0; at < attempts.count; at += 1) {
      const grade = attempts.grades[at] ?? 0;
      const key = (grade & 2) === 2 && grade >= least ? CONVERTED : grade;
      const start = this.calendar.startOf(attempts.start(at) - 1);
      const last = keys.length - 1;
      if (starts[last] === start) keys[last] = Math.max(keys[last] ?? 0, key);
      else {
        starts.push(start);
        keys.push(key);
      }
    }
  }

  private add(startMs: number, hasConverted: boolean, weight: 1 | -1): void {
    const point = this.points.get(startMs) ?? { entered: 0, converted: 0 };
    point.entered += weight;
    if (hasConverted) point.converted += weight;
    if (point.entered === 0) this.points.delete(startMs);
    else this.points.set(startMs, point);
  }
}
