/**
 * How churn is kept up to date where lost is who has not ordered for some time (as in lapse.sql.ts). From each order
 * on a customer can be lost until the next one or until the time is over; where an interval begins within that stretch
 * it counts in the interval, and where the stretch ends by time alone the customer was lost. Pure.
 */
import { arrivedOrder } from '../../query/arrived-match.ts';
import { Distinct } from '../../query/distinct.ts';
import { isOrder, orderKey } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { arriving, conditionOf, factShape, isKept, partOf } from '../../query/figure-facts.ts';
import { clockOf } from '../../query/interval-clock.ts';
import type { IntervalClock } from '../../query/interval-clock.ts';
import { factAt, KINDS, timeOfFact } from '../../query/kept.ts';
import { wholeOf } from '../../query/whole.ts';
import type { CustomerFacts, FactsQuery, Kept, Totals } from '../../query/kept.ts';
import { int, sql } from '../../query/sql.ts';
import type { OverviewQuery } from './overview.query.ts';
import { shapeOf } from './overview.kept.ts';
import type { ChurnRow } from './overview.rows.ts';

/** `lapseMs`: for how long a customer who is lost has not ordered. */
export function keptChurn(
  query: OverviewQuery,
  lapseMs: number,
  scope: CompileScope,
): Kept<ChurnRow> | undefined {
  if (!isKept({ ...query, match: null }, query.audience)) return undefined;
  const { range, previous } = query;
  const { nowMs } = scope;
  const soFar = (ms: number): number => Math.min(ms, nowMs);
  return {
    facts: orderFacts(query, scope),
    shape: shapeOf(`churn ${lapseMs}`, query),
    edges: [
      ...[range.fromMs, previous.fromMs, range.toMs].map(soFar),
      // How many intervals there are, whether they have come or not.
      range.fromMs,
      range.toMs,
    ],
    open: () => new ChurnTotals(clockOf(query), lapseMs),
  };
}

/** Events of orders with their keys; an order stands at the earliest. */
function orderFacts(query: OverviewQuery, { vocabulary, nowMs }: CompileScope): FactsQuery {
  const selected = { match: null, where: query.where };
  const condition = conditionOf(selected, vocabulary, isOrder(vocabulary));
  const isAnOrder = arrivedOrder(vocabulary);
  return {
    shape: factShape('orders', condition),
    width: 2,
    isSet: true,
    sinceMs: -Infinity,
    untilMs: Math.min(query.range.toMs, nowMs) + 1,
    rows: (
      scope,
      part,
    ) => sql`SELECT customer_key, toUnixTimestamp64Milli(time) * ${int(KINDS)} AS fact, ${wholeOf(orderKey)} AS beside_1
FROM ${partOf(condition, scope, part)}`,
    ofEvent: arriving(selected, vocabulary, (event, _, out) => {
      if (isAnOrder(event)) out.push(factAt(event.timeMs, 0), event.orderKey);
    }),
  };
}

/** Edges by name. */
interface Instants {
  readonly from: number;
  readonly before: number;
  readonly to: number;
}

const instantsOf = ([from = 0, before = 0, to = 0]: readonly number[]): Instants => ({ from, before, to });

/** How many could be lost at an instant, or were lost in a stretch of time, now and then. */
interface Counts {
  atFrom: number;
  atBefore: number;
  atTo: number;
  lostInRange: number;
  lostBefore: number;
  /** With any order. */
  buyers: number;
}

class ChurnTotals implements Totals<ChurnRow> {
  private readonly counts: Counts = {
    atFrom: 0,
    atBefore: 0,
    atTo: 0,
    lostInRange: 0,
    lostBefore: 0,
    buyers: 0,
  };
  /** By interval, how many more could be lost at its start than at the one before. */
  private readonly more: number[] = [];
  /** By interval, who was lost in it. */
  private readonly lost: number[] = [];
  private readonly keys = new Distinct();
  private readonly orders: number[] = [];

  constructor(
    private readonly clock: IntervalClock,
    private readonly lapseMs: number,
  ) {}

  count(facts: CustomerFacts, edges: readonly number[], weight: 1 | -1): void {
    const instants = instantsOf(edges);
    this.clock.anchor(instants.from);
    const { orders, counts } = this;
    this.readOrders(facts);
    if (orders.length > 0) counts.buyers += weight;
    const [first = 0] = orders;
    orders.forEach((order, i) => {
      const next = orders[i + 1] ?? Infinity;
      // Nobody can be lost at the very instant of the first order.
      this.countRisk(Math.max(order, first + 1), Math.min(next, order + this.lapseMs), instants, weight);
      this.countLoss(order + this.lapseMs, next, instants, weight);
    });
  }

  until(facts: CustomerFacts, edges: readonly number[], out: number[]): void {
    this.readOrders(facts);
    const [first = Infinity] = this.orders;
    edges.forEach((edge, n) => {
      let soonest = first + 1 > edge ? first + 1 : Infinity;
      for (const order of this.orders) {
        if (order > edge) soonest = Math.min(soonest, order);
        if (order + this.lapseMs > edge) soonest = Math.min(soonest, order + this.lapseMs);
      }
      out[n] = n < 3 ? soonest : Infinity;
    });
  }

  rows(edges: readonly number[]): readonly ChurnRow[] {
    const { counts, clock } = this;
    if (counts.buyers === 0) return [];
    const [from = 0, , to = 0, rangeFrom = 0, rangeTo = 0] = edges;
    clock.anchor(from);
    const pairs = [
      [counts.atFrom, counts.lostInRange],
      [counts.atBefore, counts.lostBefore],
    ];
    let atStart = 0;
    for (let i = 0; clock.startOf(i) < rangeTo; i += 1) {
      atStart += this.more[i] ?? 0;
      if (i < clock.indexOf(rangeFrom)) continue;
      const start = Math.max(clock.startOf(i), rangeFrom);
      const customers = start <= from ? counts.atFrom : start >= to ? counts.atTo : atStart;
      pairs.push([customers, this.lost[i] ?? 0]);
    }
    return pairs.map(([customers = 0, churned = 0], i) => ({
      span: i + 1,
      customers: String(customers),
      churned: String(churned),
    }));
  }

  /** Could be lost from an instant on, until before another. */
  private countRisk(since: number, until: number, { from, before, to }: Instants, weight: number): void {
    if (since >= until) return;
    const holds = (instant: number): boolean => since <= instant && instant < until;
    if (holds(from)) this.counts.atFrom += weight;
    if (holds(before)) this.counts.atBefore += weight;
    if (holds(to)) this.counts.atTo += weight;
    change(this.more, this.clock.firstFrom(since), weight);
    change(this.more, this.clock.firstFrom(until), -weight);
  }

  /** Is lost at an instant, unless the next order comes before the stretch of time has ended that it falls in. */
  private countLoss(at: number, next: number, { from, before, to }: Instants, weight: number): void {
    if (at > before && at <= from && next > from) this.counts.lostBefore += weight;
    if (at <= from || at > to) return;
    if (next > to) this.counts.lostInRange += weight;
    const interval = this.clock.indexOf(at - 1);
    if (next > Math.min(this.clock.startOf(interval + 1), to)) change(this.lost, interval, weight);
  }

  /** When the customer ordered, in order. */
  private readOrders({ values, begin, end }: CustomerFacts): void {
    this.orders.length = 0;
    this.keys.clear();
    for (let i = begin; i < end; i += 2) {
      if (this.keys.add(values[i + 1] ?? 0)) this.orders.push(timeOfFact(values[i] ?? 0));
    }
  }
}

function change(sums: number[], at: number, by: number): void {
  while (sums.length <= at) sums.push(0);
  sums[at] = (sums[at] ?? 0) + by;
}
