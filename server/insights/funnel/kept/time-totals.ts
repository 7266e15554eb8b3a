/** The rows of times to convert, kept: how long the best attempts took from one step to another, in bins. Pure. */
import type { CustomerFacts, Totals } from '../../../query/kept.ts';
import type { TimeToConvertQuery, TimeToConvertRow } from '../funnel.rows.ts';
import type { FunnelMatcher } from './matcher.ts';
import { Spans } from './spans.ts';

export class TimeTotals implements Totals<TimeToConvertRow> {
  private readonly matcher: FunnelMatcher;
  private readonly asked: TimeToConvertQuery;
  private readonly times: Float64Array;
  private readonly spans = new Spans();

  constructor(matcher: FunnelMatcher, asked: TimeToConvertQuery, steps: number) {
    this.matcher = matcher;
    this.asked = asked;
    this.times = new Float64Array(steps);
  }

  count(facts: CustomerFacts, edges: readonly number[], weight: 1 | -1): void {
    if (!this.matcher.best(facts, edges[0] ?? 0, this.times)) return;
    const from = this.times[this.asked.fromStep] ?? 0;
    const to = this.times[this.asked.toStep] ?? 0;
    if (from > 0 && to > 0) this.spans.count(to - from, weight);
  }

  until(facts: CustomerFacts, edges: readonly number[], out: number[]): void {
    out[0] = this.matcher.until(facts, edges[0] ?? 0);
  }

  rows(): readonly TimeToConvertRow[] {
    const { values } = this.spans;
    const customers = values.size;
    if (customers === 0) return [];
    const low = Math.floor(values.at(0) / 1000);
    const high = Math.ceil(values.at(customers - 1) / 1000);
    const bins = this.asked.bins ?? binsFor(customers);
    const width = high === low ? 60 : Math.floor((high - low + bins - 1) / bins);
    const all = {
      low: String(low),
      width: String(width),
      bins: String(bins),
      customers: String(customers),
      average: this.spans.average(),
      quantiles: [this.spans.quantile(0.5), this.spans.quantile(0.9)],
    };
    const rows: TimeToConvertRow[] = [];
    for (let before = 0; before < customers;) {
      const place = Math.min(bins, Math.floor((values.at(before) - low * 1000) / (width * 1000)));
      // What lies beyond the last bin is in the last.
      const end = place === bins ? Infinity : (low + (place + 1) * width) * 1000;
      const below = this.spans.below(end);
      rows.push({ ...all, place: String(place), count: String(below - before) });
      before = below;
    }
    return rows;
  }
}

/** As the statement has it; rounded, since a cube root may miss a whole number by its last digit. */
function binsFor(customers: number): number {
  const root = Math.round(Math.cbrt(customers) * 1e9) / 1e9;
  return Math.min(60, Math.max(1, Math.ceil(root)));
}
