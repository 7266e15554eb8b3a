/**
 * How milestones are kept up to date: of each customer when it was first seen, and its first and second order, by the
 * interval they lie in. Pure; undefined where only running the statement again is exact.
 */
import { arrivedOrder } from '../../query/arrived-match.ts';
import { customersTable, isOrder, orderKey } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { arriving, conditionOf, edgesOf, factShape, isKept, partOf } from '../../query/figure-facts.ts';
import { clockOf } from '../../query/interval-clock.ts';
import type { IntervalClock } from '../../query/interval-clock.ts';
import { factAt, kindOfFact, KINDS, timeOfFact } from '../../query/kept.ts';
import { wholeOf } from '../../query/whole.ts';
import type { CustomerFacts, FactsPart, FactsQuery, Kept, Totals } from '../../query/kept.ts';
import { firstSightSource } from '../../query/source.ts';
import { and, int, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { shapeOf } from './overview.kept.ts';
import type { OverviewQuery } from './overview.query.ts';
import { BEFORE } from './overview.rows.ts';
import type { MilestoneRow } from './overview.rows.ts';

/** Kinds of facts: the customer was there; an order, with its key. The earliest of each counts. */
const SEEN = 0;
const ORDER = 1;
const WIDTH = 2;

export function keptMilestones(query: OverviewQuery, scope: CompileScope): Kept<MilestoneRow> | undefined {
  if (!isKept({ ...query, match: null }, query.audience)) return undefined;
  return {
    facts: milestoneFacts(query, scope),
    shape: shapeOf('milestones', query),
    edges: edgesOf(query),
    open: () => new MilestoneTotals(clockOf(query)),
  };
}

function milestoneFacts(query: OverviewQuery, { vocabulary }: CompileScope): FactsQuery {
  const selected = { match: null, where: query.where };
  const condition = conditionOf(selected, vocabulary);
  const orders = conditionOf(selected, vocabulary, isOrder(vocabulary));
  const isAnOrder = arrivedOrder(vocabulary);
  return {
    shape: factShape('milestones', orders),
    width: WIDTH,
    isSet: true,
    sinceMs: -Infinity,
    untilMs: query.range.toMs,
    rows: (scope, part) => {
      const isKnown = firstSightSource(query.where) === 'customers';
      const seen = isKnown ? firstSights(scope, part) : firstEvents(partOf(condition, scope, part));
      return sql`${seen}
UNION ALL
SELECT customer_key, toUnixTimestamp64Milli(time) * ${int(KINDS)} + ${int(ORDER)} AS fact, ${wholeOf(orderKey)} AS beside_1
FROM ${partOf(orders, scope, part)}`;
    },
    ofEvent: arriving(selected, vocabulary, (event, known, out) => {
      const { seen, second } = milestonesOf(known);
      if (event.timeMs < seen) out.push(factAt(event.timeMs, SEEN), 0);
      if (event.timeMs < second && isAnOrder(event)) out.push(factAt(event.timeMs, ORDER), event.orderKey);
    }),
  };
}

/** Known of each customer beforehand. */
function firstSights(scope: CompileScope, { sinceMs, untilMs, whose }: FactsPart): Sql {
  const since = sinceMs === -Infinity ? [] : [sql`first_seen >= ${param.time(sinceMs)}`];
  const conditions = [...since, sql`first_seen < ${param.time(untilMs)}`, whose];
  return sql`SELECT customer_key, toUnixTimestamp64Milli(first_seen) * ${int(KINDS)} + ${int(SEEN)} AS fact, toInt64(0) AS beside_1
FROM ${customersTable(scope)} WHERE ${and(conditions)}`;
}

function firstEvents(events: Sql): Sql {
  return sql`SELECT customer_key, toUnixTimestamp64Milli(min(time)) * ${int(KINDS)} + ${int(SEEN)} AS fact, toInt64(0) AS beside_1
FROM ${events} GROUP BY customer_key`;
}

/** When, or Infinity; `second` is the first event of another order than the first. */
interface Milestones {
  seen: number;
  first: number;
  second: number;
}

function milestonesOf({ values, begin, end }: CustomerFacts): Milestones {
  const found: Milestones = { seen: Infinity, first: Infinity, second: Infinity };
  let firstKey = 0;
  for (let i = begin; i < end && !(found.seen < Infinity && found.second < Infinity); i += WIDTH) {
    const fact = values[i] ?? 0;
    const key = values[i + 1] ?? 0;
    if (kindOfFact(fact) === SEEN) {
      if (found.seen === Infinity) found.seen = timeOfFact(fact);
    } else if (found.first === Infinity) {
      found.first = timeOfFact(fact);
      firstKey = key;
    } else if (found.second === Infinity && key !== firstKey) found.second = timeOfFact(fact);
  }
  return found;
}

const KINDS_OF_MILESTONE = ['seen', 'first', 'second'] as const;
const COUNTS = KINDS_OF_MILESTONE.length;

/** Slots are before, the range before, then intervals as the clock numbers them. */
const FIRST_INTERVAL = 2;

class MilestoneTotals implements Totals<MilestoneRow> {
  private readonly sums: number[] = [];

  constructor(private readonly clock: IntervalClock) {}

  count(facts: CustomerFacts, edges: readonly number[], weight: 1 | -1): void {
    const milestones = milestonesOf(facts);
    KINDS_OF_MILESTONE.forEach((kind, column) => {
      if (milestones[kind] === Infinity) return;
      const at = this.slotOf(milestones[kind], edges) * COUNTS + column;
      while (this.sums.length <= at) this.sums.push(0);
      this.sums[at] = (this.sums[at] ?? 0) + weight;
    });
  }

  until(facts: CustomerFacts, edges: readonly number[], out: number[]): void {
    const milestones = milestonesOf(facts);
    edges.forEach((edge, n) => {
      const ahead = KINDS_OF_MILESTONE.map((kind) => milestones[kind]).filter((at) => at >= edge);
      out[n] = Math.min(...ahead) + 1;
    });
  }

  rows(edges: readonly number[]): readonly MilestoneRow[] {
    const first = this.slotOf(edges[0] ?? 0, edges);
    const rows: MilestoneRow[] = [];
    for (let slot = 0; slot * COUNTS < this.sums.length; slot += 1) {
      const [seen = 0, firstOrders = 0, secondOrders = 0] = this.sums.slice(
        slot * COUNTS,
        (slot + 1) * COUNTS,
      );
      if (seen + firstOrders + secondOrders === 0) continue;
      rows.push({
        position: slot < FIRST_INTERVAL ? slot + BEFORE : slot - first,
        seen: String(seen),
        first_orders: String(firstOrders),
        second_orders: String(secondOrders),
      });
    }
    return rows;
  }

  private slotOf(at: number, [from = 0, before = 0]: readonly number[]): number {
    this.clock.anchor(from);
    if (at < from) return at < before ? 0 : 1;
    return FIRST_INTERVAL + this.clock.indexOf(at);
  }
}
