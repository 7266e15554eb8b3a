/**
 * What is counted of facts by stretch of time: the range before, the range, and each of its intervals; kept by adding
 * and taking away customer by customer. What is distinct is so within a customer, so that sums over customers are
 * exact. Edges are the start of the range and of the one before. Pure.
 */
import { Distinct } from './distinct.ts';
import type { IntervalClock } from './interval-clock.ts';
import { kindOfFact, KINDS, timeOfFact } from './kept.ts';
import type { CustomerFacts } from './kept.ts';

/** What the facts in a stretch say. */
export interface Figures {
  readonly facts: number;
  readonly customers: number;
  /** Different values beside facts, customer by customer; 0 where nothing stands beside them. */
  readonly keys: number;
  /** Sum of the amounts, a decimal as ClickHouse writes it. */
  readonly amount: string;
}

const PREVIOUS = 0;
const TOTAL = 1;
const FIRST_INTERVAL = 2;

const FACTS = 0;
const CUSTOMERS = 1;
const KEYS = 2;
/** Of an amount its whole part and the ten-thousandths beyond it: both sums stay exact. */
const WHOLES = 3;
const RESTS = 4;
const COLUMNS = 5;
const TEN_THOUSANDTHS = 10_000;

export interface TallyPlan {
  readonly clock: IntervalClock;
  /** Numbers a fact: its instant, a key, an amount. */
  readonly width: 1 | 2 | 3;
  /** Absent: facts of all kinds count. */
  readonly counts?: (kind: number) => boolean;
}

export class StretchTally {
  private sums = new Float64Array(64 * COLUMNS);
  private readonly keysInStretch = new Distinct();
  private readonly keysInRange = new Distinct();

  constructor(private readonly plan: TallyPlan) {}

  count(facts: CustomerFacts, [from = 0, before = 0]: readonly number[], weight: 1 | -1): void {
    const { clock, width, counts } = this.plan;
    clock.anchor(from);
    let stretch = -1;
    for (let i = indexAt(facts, width, before); i < facts.end; i += width) {
      const first = facts.values[i] ?? 0;
      if (counts && !counts(kindOfFact(first))) continue;
      const at = timeOfFact(first);
      const own = at < from ? PREVIOUS : FIRST_INTERVAL + clock.indexOf(at);
      if (own !== stretch) {
        if (own !== PREVIOUS && stretch <= PREVIOUS) this.begin(TOTAL, this.keysInRange, weight);
        this.begin(own, this.keysInStretch, weight);
        stretch = own;
      }
      this.add(own, this.keysInStretch, facts.values, i, weight);
      if (own !== PREVIOUS) this.add(TOTAL, this.keysInRange, facts.values, i, weight);
    }
  }

  /** Whatever lies beyond an edge adds elsewhere once the edge has passed it. */
  until(facts: CustomerFacts, edges: readonly number[], out: number[]): void {
    const { width, counts } = this.plan;
    edges.forEach((edge, n) => {
      let i = indexAt(facts, width, edge);
      while (counts && i < facts.end && !counts(kindOfFact(facts.values[i] ?? 0))) i += width;
      out[n] = i < facts.end ? timeOfFact(facts.values[i] ?? 0) + 1 : Infinity;
    });
  }

  total(): Figures | null {
    return this.figures(TOTAL);
  }

  previous(): Figures | null {
    return this.figures(PREVIOUS);
  }

  /** Of the intervals that hold anything, in order, by their positions from the one that holds `from`. */
  intervals([from = 0]: readonly number[]): readonly { readonly position: number; readonly of: Figures }[] {
    const { clock } = this.plan;
    clock.anchor(from);
    const first = clock.indexOf(from);
    const found: { position: number; of: Figures }[] = [];
    for (let slot = FIRST_INTERVAL + first; slot * COLUMNS < this.sums.length; slot += 1) {
      const of = this.figures(slot);
      if (of) found.push({ position: slot - FIRST_INTERVAL - first, of });
    }
    return found;
  }

  /** Null where there are no facts. */
  private figures(slot: number): Figures | null {
    const sum = (column: number): number => this.sums[slot * COLUMNS + column] ?? 0;
    if (sum(FACTS) === 0) return null;
    return {
      facts: sum(FACTS),
      customers: sum(CUSTOMERS),
      keys: sum(KEYS),
      amount: decimal(sum(WHOLES), sum(RESTS)),
    };
  }

  private begin(slot: number, keys: Distinct, weight: number): void {
    keys.clear();
    this.grow(slot);
    this.change(slot, CUSTOMERS, weight);
  }

  private add(slot: number, keys: Distinct, values: Float64Array, i: number, weight: number): void {
    const { width } = this.plan;
    this.change(slot, FACTS, weight);
    if (width === 1) return;
    if (keys.add(values[i + 1] ?? 0)) this.change(slot, KEYS, weight);
    if (width === 2) return;
    const amount = values[i + 2] ?? 0;
    const whole = Math.trunc(amount / TEN_THOUSANDTHS);
    this.change(slot, WHOLES, weight * whole);
    this.change(slot, RESTS, weight * (amount - whole * TEN_THOUSANDTHS));
  }

  private change(slot: number, column: number, by: number): void {
    const at = slot * COLUMNS + column;
    this.sums[at] = (this.sums[at] ?? 0) + by;
  }

  private grow(slot: number): void {
    if ((slot + 1) * COLUMNS <= this.sums.length) return;
    const longer = new Float64Array(2 * (slot + 1) * COLUMNS);
    longer.set(this.sums);
    this.sums = longer;
  }
}

/** Where the customer's first fact at or after `ms` stands; `end` where there is none. */
export function indexAt({ values, begin, end }: CustomerFacts, width: number, ms: number): number {
  const least = ms * KINDS;
  let low = 0;
  let high = (end - begin) / width;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[begin + middle * width] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return begin + low * width;
}

/** `12`, `0.1`, `-3.25`: without zeros at its end. */
function decimal(wholes: number, rests: number): string {
  const all = BigInt(wholes) * BigInt(TEN_THOUSANDTHS) + BigInt(rests);
  const size = all < 0n ? -all : all;
  const rest = String(size % BigInt(TEN_THOUSANDTHS))
    .padStart(4, '0')
    .replace(/0+$/, '');
  return `${all < 0n ? '-' : ''}${size / BigInt(TEN_THOUSANDTHS)}${rest && `.${rest}`}`;
}
