/**
 * How the lifecycle's statements are kept up to date: what one customer adds to the stages at given instants, and to
 * the changes of stage within a range. Whatever facts cannot tell has no such description and is run in full.
 */
import { planStages } from '../../journey/conditions.ts';
import { FACT_WIDTH } from '../../journey/fact-kinds.ts';
import type { JourneyMap } from '../../journey/map.ts';
import { stageFacts } from '../../journey/stage-facts.sql.ts';
import { stageTeller } from '../../journey/stage-of.ts';
import type { StageTeller } from '../../journey/stage-of.ts';
import type { CompileScope } from '../../query/events.ts';
import { IntervalClock } from '../../query/interval-clock.ts';
import { KINDS } from '../../query/kept.ts';
import type { CustomerFacts, FactsQuery, Kept, Totals } from '../../query/kept.ts';
import type { LifecycleQuery } from './lifecycle.query.ts';
import type { ChangesRow, StageRow } from './lifecycle.rows.ts';

/** Customers and revenue by their stages at the instants; `places`: which of the edges is from, to and at. */
export function keptStages(
  query: LifecycleQuery,
  map: JourneyMap,
  scope: CompileScope,
  { instants, places }: { readonly instants: readonly number[]; readonly places: readonly number[] },
): Kept<StageRow> | undefined {
  const facts = factsOf(query, map, scope);
  if (!facts) return undefined;
  return {
    facts,
    shape: JSON.stringify(['lifecycle stages', planStages(map), places]),
    edges: instants,
    open: () => new StageTotals(stageTeller(map), places),
  };
}

/** How many went from which stage to which in each interval. */
export function keptHistory(
  query: LifecycleQuery,
  map: JourneyMap,
  scope: CompileScope,
): Kept<ChangesRow> | undefined {
  const facts = factsOf(query, map, scope);
  if (!facts) return undefined;
  const { interval, range } = query;
  return {
    facts,
    shape: JSON.stringify(['lifecycle history', planStages(map), interval, range.timeZone, range.weekStart]),
    edges: [range.fromMs, range.toMs],
    open: () => new ChangeTotals(stageTeller(map, { countsEach: false }), query),
  };
}

function factsOf(query: LifecycleQuery, map: JourneyMap, scope: CompileScope): FactsQuery | null {
  const { range, atMs, where, audience } = query;
  if (audience) return null;
  const earliestMs = Math.min(range.fromMs, range.toMs, atMs);
  // Up to now at least, so that questions about any range share their facts.
  const untilMs = Math.max(range.toMs, atMs, scope.nowMs) + 1;
  return stageFacts(map, { where, earliestMs, untilMs }, scope.nowMs);
}

/** Customers with the same stages. */
interface Group {
  customers: number;
  /** Whole units of revenue, and the ten-thousandths beside them: added up to the digit, however much it is. */
  units: number;
  rest: number;
}

/** Room for the number of a stage. */
const STAGES = 256;
const UNIT = 10_000;

class StageTotals implements Totals<StageRow> {
  private readonly groups = new Map<number, Group>();
  private readonly stages = [0, 0, 0];

  constructor(
    private readonly teller: StageTeller,
    private readonly places: readonly number[],
  ) {}

  count(facts: CustomerFacts, edges: readonly number[], weight: 1 | -1): void {
    const { teller, places, stages } = this;
    teller.load(facts);
    for (let e = 0; e < edges.length; e += 1) stages[e] = teller.stageAt(edges[e] as number);
    let key = 0;
    for (let p = 0; p < places.length; p += 1) key = key * STAGES + (stages[places[p] as number] as number);
    // Not known by the latest instant.
    if (key === 0) return;
    let group = this.groups.get(key);
    if (!group) this.groups.set(key, (group = { customers: 0, units: 0, rest: 0 }));
    const revenue = revenueBy(facts, edges[places[2] as number] as number);
    const units = Math.trunc(revenue / UNIT);
    group.customers += weight;
    group.units += weight * units;
    group.rest += weight * (revenue - units * UNIT);
  }

  until(facts: CustomerFacts, edges: readonly number[], out: number[]): void {
    const { teller, places } = this;
    teller.load(facts);
    for (let e = 0; e < edges.length; e += 1) {
      const edge = edges[e] as number;
      teller.stageAt(edge);
      out[e] = teller.untilMs;
      if (e === places[2]) out[e] = Math.min(teller.untilMs, paidAfter(facts, edge));
    }
  }

  rows(): readonly StageRow[] {
    return [...this.groups]
      .filter(([, { customers }]) => customers > 0)
      .sort(([a], [b]) => a - b)
      .map(([key, { customers, units, rest }]) => ({
        stage_from: Math.floor(key / STAGES / STAGES),
        stage_to: Math.floor(key / STAGES) % STAGES,
        stage_at: key % STAGES,
        customers: String(customers),
        revenue: Number(BigInt(units) * BigInt(UNIT) + BigInt(rest)) / UNIT,
      }));
  }
}

/** In ten-thousandths, all that was paid up to an instant. */
function revenueBy({ values, begin, end }: CustomerFacts, ms: number): number {
  const after = (ms + 1) * KINDS;
  let sum = 0;
  for (let i = begin; i < end && (values[i] as number) < after; i += FACT_WIDTH)
    sum += values[i + 2] as number;
  return sum;
}

/** When something was next paid, or returned, after an instant; Infinity: never. */
function paidAfter({ values, begin, end }: CustomerFacts, ms: number): number {
  const after = (ms + 1) * KINDS;
  for (let i = begin; i < end; i += FACT_WIDTH) {
    const first = values[i] as number;
    if (first >= after && values[i + 2] !== 0) return Math.floor(first / KINDS);
  }
  return Infinity;
}

/** Room for the numbers of two stages. */
const MOVES = STAGES * STAGES;
/** Edges may be moved back a little, where questions asked together saw the clock apart. */
const CLOCKS_APART_MS = 3_600_000;

class ChangeTotals implements Totals<ChangesRow> {
  /** By interval (0: up to the range's start), stage before and stage after, in one number. */
  private readonly customers = new Map<number, number>();
  private readonly clock: IntervalClock;

  constructor(
    private readonly teller: StageTeller,
    { interval, range }: LifecycleQuery,
  ) {
    this.clock = new IntervalClock(interval, range);
    this.clock.anchor(range.fromMs - CLOCKS_APART_MS);
  }

  count(facts: CustomerFacts, edges: readonly number[], weight: 1 | -1): void {
    const { teller, clock } = this;
    const [from = 0, to = 0] = edges;
    teller.load(facts);
    let stage = teller.stageAt(from);
    if (stage > 0) this.add(stage, weight);
    for (let at = teller.untilMs; at <= to; at = teller.untilMs) {
      const next = teller.stageAt(at);
      if (next === stage) continue;
      // An interval's end belongs to it here.
      this.add((clock.indexOf(at - 1) + 1) * MOVES + stage * STAGES + next, weight);
      stage = next;
    }
  }

  until(facts: CustomerFacts, edges: readonly number[], out: number[]): void {
    const { teller } = this;
    teller.load(facts);
    for (let e = 0; e < edges.length; e += 1) {
      teller.stageAt(edges[e] as number);
      out[e] = teller.untilMs;
    }
  }

  rows(): readonly ChangesRow[] {
    return [...this.customers]
      .sort(([a], [b]) => a - b)
      .map(([key, customers]) => ({
        interval_start: key < MOVES ? 0 : this.clock.startOf(Math.floor(key / MOVES) - 1) / 1000,
        before: Math.floor(key / STAGES) % STAGES,
        after: key % STAGES,
        customers: String(customers),
      }));
  }

  private add(key: number, weight: 1 | -1): void {
    const customers = (this.customers.get(key) ?? 0) + weight;
    if (customers === 0) this.customers.delete(key);
    else this.customers.set(key, customers);
  }
}
