/**
 * The matcher of matcher.sql.ts once more, for one customer at a time and over kept facts: the same attempts, the same
 * choice among them. Pure.
 */
import { kindOfFact, timeOfFact } from '../../../query/kept.ts';
import type { CustomerFacts } from '../../../query/kept.ts';
import { addAnyOrderAttempts, bestOfAnyOrder } from './any-order.ts';
import { Attempts } from './attempts.ts';
import { firstFrom, Moments } from './moments.ts';
import { OrderedAttempts } from './ordered-attempts.ts';
import { PlainOrder } from './plain-order.ts';
import type { MatchRules } from './rules.ts';
import { hasTies, settleAsRuns, settleInPlaces } from './settled-ties.ts';
import type { Way } from './settled-ties.ts';
import { addStrictAttempts } from './strict-attempts.ts';
import { BestOfWays, waysOf } from './ways.ts';
import { windowEndOf } from './window-end.ts';
import type { WindowEnd } from './window-end.ts';

export class FunnelMatcher {
  private readonly rules: MatchRules;
  private readonly windowEnd: WindowEnd;
  private readonly moments: Moments;
  private readonly settled: Moments;
  private readonly attempts: Attempts;
  private readonly plain: PlainOrder;
  private readonly ordered: OrderedAttempts;
  private readonly ways: readonly Way[];
  private readonly ofWays = new BestOfWays();

  constructor(rules: MatchRules) {
    const { form } = rules;
    this.rules = rules;
    this.windowEnd = windowEndOf(rules.window);
    this.moments = new Moments(form, rules.order === 'ANY');
    this.settled = new Moments(form, false);
    this.attempts = new Attempts(form.steps);
    this.plain = new PlainOrder(form.steps, this.windowEnd);
    this.ordered = new OrderedAttempts(rules, this.windowEnd);
    this.ways = rules.hasWays ? waysOf(rules) : [{ steps: form.stepBit - 1, stop: 0 }];
  }

  /**
   * Writes when the best attempt from the edge on took each step (milliseconds since 1970 plus one; zero: it did not).
   * False where the customer is in no step.
   */
  best(facts: CustomerFacts, edgeMs: number, out: Float64Array): boolean {
    const { order, isPlain } = this.rules;
    if (isPlain) {
      this.moments.load(facts, edgeMs);
      return this.plain.best(this.inBestOrder(), out);
    }
    const attempts = this.all(facts, edgeMs);
    return order === 'ANY' ? bestOfAnyOrder(attempts, out) : attempts.best(out);
  }

  /** Every attempt from the edge on, in order of their starts. One object for all: holds until the next call. */
  all(facts: CustomerFacts, edgeMs: number): Attempts {
    const { moments, attempts, rules } = this;
    moments.load(facts, edgeMs);
    attempts.count = 0;
    if (rules.order === 'ANY') addAnyOrderAttempts(moments, this.windowEnd, attempts);
    else if (rules.order === 'STRICT') addStrictAttempts(this.inBestOrder(), this.windowEnd, attempts);
    else if (rules.hasWays && this.isTied()) this.addWays();
    else this.ordered.add(this.inBestOrder(), attempts);
    return attempts;
  }

  /**
   * The first edge at which an attempt is lost: that after the first event that may begin one. Where none may, that
   * after the last event, when nothing of the customer is needed any longer.
   */
  until(facts: CustomerFacts, edgeMs: number): number {
    const { width, stepBit } = this.rules.form;
    const begins = this.rules.order === 'ANY' ? stepBit - 1 : 1;
    let last = Infinity;
    for (let at = firstFrom(facts, edgeMs, width); at < facts.end; at += width) {
      const fact = facts.values[at] ?? 0;
      const bits = width === 1 ? kindOfFact(fact) : (facts.values[at + 1] ?? 0);
      last = timeOfFact(fact) + 1;
      if (((bits % stepBit) & begins) !== 0) return last;
    }
    return last;
  }

  private isTied(): boolean {
    const { mayHaveTies, order } = this.rules;
    // In strict order any other event at the instant of a step matters; else only one that may serve two steps.
    return mayHaveTies && hasTies(this.moments, order === 'STRICT' ? 1 : 2);
  }

  /** The moments, those at equal times so that each can be judged alone. */
  private inBestOrder(): Moments {
    const { moments, settled, ways, rules } = this;
    const [all] = ways;
    if (!all || rules.hasWays || !this.isTied()) return moments;
    settled.count = 0;
    if (rules.order === 'STRICT') settleInPlaces(moments, rules.form.steps, settled);
    else settleAsRuns(moments, rules.form.steps, all, settled);
    return settled;
  }

  private addWays(): void {
    for (const way of this.ways) {
      this.settled.count = 0;
      this.attempts.count = 0;
      settleAsRuns(this.moments, this.rules.form.steps, way, this.settled);
      this.ordered.add(this.settled, this.attempts);
      this.ofWays.add(this.attempts, way);
    }
    this.attempts.count = 0;
    this.ofWays.moveTo(this.attempts);
  }
}
