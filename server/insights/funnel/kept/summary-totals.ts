/** The funnel's row, kept: who reached and who left each step, and how long it took them. Pure. */
import type { CustomerFacts, Totals } from '../../../query/kept.ts';
import type { FunnelStep } from '../funnel.query.ts';
import type { FunnelRow } from '../funnel.rows.ts';
import type { FunnelMatcher } from './matcher.ts';
import { Spans } from './spans.ts';

export class SummaryTotals implements Totals<FunnelRow> {
  private readonly matcher: FunnelMatcher;
  private readonly times: Float64Array;
  /** By step: the first that may have been the last one before it; those between may be skipped. */
  private readonly earliestBefore: readonly number[];
  private readonly reached: number[];
  private readonly dropped: number[];
  /** Since the step before; of the first step none. */
  private readonly spans: readonly Spans[];
  private readonly total = new Spans();

  constructor(matcher: FunnelMatcher, steps: readonly FunnelStep[]) {
    this.matcher = matcher;
    this.times = new Float64Array(steps.length);
    this.earliestBefore = steps.map((_, k) =>
      Math.max(
        steps.slice(0, k).findLastIndex((step) => !step.isOptional),
        0,
      ),
    );
    this.reached = steps.map(() => 0);
    this.dropped = steps.map(() => 0);
    this.spans = steps.map(() => new Spans());
  }

  count(facts: CustomerFacts, edges: readonly number[], weight: 1 | -1): void {
    const { times, reached, dropped } = this;
    if (!this.matcher.best(facts, edges[0] ?? 0, times)) return;
    for (let k = 0; k < times.length; k += 1) {
      const time = times[k] ?? 0;
      if (time > 0) {
        reached[k] = (reached[k] ?? 0) + weight;
        if (k > 0) this.spans[k]?.count(time - this.timeBefore(k), weight);
      } else if ((times[k - 1] ?? 0) > 0) dropped[k] = (dropped[k] ?? 0) + weight;
    }
    const last = times[times.length - 1] ?? 0;
    if (last > 0) this.total.count(last - (times[0] ?? 0), weight);
  }

  until(facts: CustomerFacts, edges: readonly number[], out: number[]): void {
    out[0] = this.matcher.until(facts, edges[0] ?? 0);
  }

  rows(): readonly FunnelRow[] {
    const later = this.spans.slice(1);
    return [
      {
        customers: this.reached.map(String),
        dropped: this.dropped.map(String),
        average: later.map((spans) => spans.average()),
        quantiles: later.map((spans) => [spans.quantile(0.5), spans.quantile(0.9)]),
        median_total: this.total.quantile(0.5),
      },
    ];
  }

  private timeBefore(k: number): number {
    let latest = 0;
    for (let i = this.earliestBefore[k] ?? 0; i < k; i += 1) latest = Math.max(latest, this.times[i] ?? 0);
    return latest;
  }
}
