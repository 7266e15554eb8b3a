/**
 * Ordered steps without exclusions and without steps that may be skipped: one pass over a customer's moments, as
 * ordered.sql.ts goes. At each moment `starts[k]` is the start of the newest attempt that has taken step k by then,
 * and `chains` when it took the steps up to k. Allocates nothing. Pure.
 */
import type { Moments } from './moments.ts';
import type { WindowEnd } from './window-end.ts';

export class PlainOrder {
  private readonly steps: number;
  private readonly windowEnd: WindowEnd;
  private readonly starts: Float64Array;
  private readonly ends: Float64Array;
  /** When each step was first taken by anybody; zero: not yet. */
  private readonly finishes: Float64Array;
  /** A row of times for each step: of the newest attempt there. */
  private readonly chains: Float64Array;
  /** The same of the best attempt that ends there. */
  private readonly bests: Float64Array;

  constructor(steps: number, windowEnd: WindowEnd) {
    this.steps = steps;
    this.windowEnd = windowEnd;
    this.starts = new Float64Array(steps);
    this.ends = new Float64Array(steps);
    this.finishes = new Float64Array(steps);
    this.chains = new Float64Array(steps * steps);
    this.bests = new Float64Array(steps * steps);
  }

  /** Writes when the best attempt took each step, zero where it did not; false where there is no attempt. */
  best(moments: Moments, out: Float64Array): boolean {
    const last = this.steps - 1;
    this.starts.fill(0);
    this.finishes.fill(0);
    for (let at = 0; at < moments.count; at += 1) {
      const time = moments.times[at] ?? 0;
      const done = this.finishes[last] ?? 0;
      if (done > 0 && time > done) break;
      this.pass(time, moments.mask(at));
    }
    let level = last;
    while (level >= 0 && this.finishes[level] === 0) level -= 1;
    out.fill(0);
    for (let k = 0; k <= level; k += 1) out[k] = this.bests[level * this.steps + k] ?? 0;
    return level >= 0;
  }

  /** From the last step to the first: a moment serves one step, which builds on what was there before it. */
  private pass(time: number, mask: number): void {
    for (let k = this.steps - 1; k > 0; k -= 1) {
      const start = this.starts[k - 1] ?? 0;
      if (((mask >> k) & 1) === 0 || start === 0 || time > (this.ends[k - 1] ?? 0)) continue;
      // The same attempt again: it took the step before.
      if (start !== this.starts[k]) this.take(k, time, start, this.ends[k - 1] ?? 0);
    }
    if ((mask & 1) === 1) this.take(0, time, time, this.windowEnd(time));
  }

  private take(k: number, time: number, start: number, end: number): void {
    const { steps, chains, bests } = this;
    const row = k * steps;
    if (k > 0) chains.copyWithin(row, row - steps, row - steps + k);
    chains[row + k] = time;
    this.starts[k] = start;
    this.ends[k] = end;
    // Of those who are there at the same instant the one that started last.
    const isFirst = this.finishes[k] === 0;
    if (isFirst) this.finishes[k] = time;
    else if (this.finishes[k] !== time || start <= (bests[row] ?? 0)) return;
    for (let i = row; i <= row + k; i += 1) bests[i] = chains[i] ?? 0;
  }
}
