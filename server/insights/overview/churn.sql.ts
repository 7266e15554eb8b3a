/**
 * Churn: of the customers who had ordered before a span and were not lost when it began, how many were lost
 * when it ended. One pass over the steps of all customers with an order for all spans at once.
 */
import { compileAudience } from '../../query/audience.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter, noFilter } from '../../query/filter.ts';
import type { Filter } from '../../query/filter.ts';
import { readsOf } from '../../query/reads.ts';
import { upTo } from '../../query/span.ts';
import { int, join, name, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { planStages } from '../../journey/conditions.ts';
import type { StagePlan } from '../../journey/conditions.ts';
import type { JourneyMap } from '../../journey/map.ts';
import { stageSteps } from '../../journey/stage-changes.sql.ts';
import { keptChurn } from './churn.kept.ts';
import { churnByLapse } from './lapse.sql.ts';
import type { ChurnSpan, OverviewQuery } from './overview.query.ts';
import type { ChurnRow } from './overview.rows.ts';

/**
 * Most customers are never lost in all the time looked at, or all of it: those who turned at the same times and
 * first ordered in the same span are counted together, not one by one. A turn is twice its instant, and 1 where
 * the customer is lost from then on.
 */
export function compileChurn(
  query: OverviewQuery,
  spans: readonly ChurnSpan[],
  map: JourneyMap,
  scope: CompileScope,
): SqlQuery<ChurnRow> {
  const stretch = {
    fromMs: Math.min(...spans.map((span) => span.fromMs)),
    toMs: Math.max(...spans.map((span) => span.toMs)),
  };
  const reads = readsOf(upTo(stretch.toMs), query.audience, scope);
  const byLapse = churnByLapse(query, spans, map, scope);
  if (byLapse) {
    const kept = keptChurn(query, byLapse.lapseMs, scope);
    return { name: 'overview.churn', reads, sql: byLapse.sql, kept };
  }
  const froms = param.uint64s(spans.map((span) => String(span.fromMs)));
  const tos = param.uint64s(spans.map((span) => String(span.toMs)));
  return {
    name: 'overview.churn',
    reads,
    sql: sql`WITH lives AS (
${livesOf(query, stretch, map, scope)}
),
alike AS (
  SELECT turns, arrayMax(arrayFilter(from_ms -> from_ms <= first_order, ${froms})) AS ordered, count() AS customers
  FROM lives
  GROUP BY turns, ordered
)
SELECT
  span,
  sum(alike.customers) AS customers,
  sumIf(alike.customers, ${isLostAt(sql`to_ms`)}) AS churned
FROM alike
ARRAY JOIN
  arrayEnumerate(${froms}) AS span,
  ${froms} AS from_ms,
  ${tos} AS to_ms
WHERE ordered < from_ms AND NOT ${isLostAt(sql`from_ms`)}
GROUP BY span
ORDER BY span
LIMIT ${int(spans.length)}`,
  };
}

/** `SELECT customer_key ...` of those who were lost in the span: whom the number counts, whichever way it is counted. */
export function compileChurned(
  query: OverviewQuery,
  span: ChurnSpan,
  map: JourneyMap,
  scope: CompileScope,
): Sql {
  const from = sql`${param.int64(span.fromMs)}`;
  return sql`SELECT customer_key
FROM (
${livesOf(query, span, map, scope)}
)
WHERE first_order < ${from} AND NOT ${isLostAt(from)} AND ${isLostAt(sql`${param.int64(span.toMs)}`)}`;
}

/** `customer_key, first_order, turns` of whoever has an order: when they were lost, and when they came back. */
function livesOf(query: OverviewQuery, stretch: ChurnSpan, map: JourneyMap, scope: CompileScope): Sql {
  const selection = { customers: compileAudience(query.audience, scope), events: compileFilter(query.where) };
  const needed = upToLost(map);
  const lost = needed.lifecycle.flatMap((stage, i) => (stage.isLost ? [int(i + 1)] : []));
  const { plan, orders } = withOrders(planStages(needed));
  const carried = [
    { column: name('first_order'), value: sql`${orders}[1]`, ofRevenue: false },
    { column: name('order_count'), value: sql`length(${orders})`, ofRevenue: false },
  ];
  const turn = sql`bitShiftRight(step, 8) * 2 + ${lost.length === 0 ? sql`0` : sql`(bitAnd(step, 255) IN (${join(lost, sql`, `)}))`}`;
  return sql`  SELECT
    customer_key,
    first_order,
    arrayMap(step -> ${turn}, steps) AS moments,
    arrayFilter((turn, before) -> bitAnd(turn, 1) != bitAnd(before, 1), moments, arrayShiftRight(moments, 1, 0)) AS turns
  FROM (
${stageSteps(plan, { ...stretch, whose: 'told', carried }, selection, scope)}
  )
  WHERE order_count > 0`;
}

const isLostAt = (instant: Sql): Sql =>
  sql`bitTest(arrayLast(turn -> bitShiftRight(turn, 1) <= ${instant}, turns), 0)`;

/** With the sequence of all orders among those of the rules, and the column of their times. */
function withOrders(plan: StagePlan): { readonly plan: StagePlan; readonly orders: Sql } {
  const isAll = ({ kind, ...filter }: Filter): boolean =>
    kind === 'all' && 'parts' in filter && filter.parts.length === 0;
  const known = plan.orders.findIndex(isAll);
  if (known >= 0) return { plan, orders: name('orders', known) };
  return {
    plan: { ...plan, orders: [...plan.orders, noFilter] },
    orders: name('orders', plan.orders.length),
  };
}

/**
 * Which stage it is does not matter below the last that counts as lost: all of them are the catch-all. Where
 * rules look back, every stage matters for those that may follow.
 */
function upToLost(map: JourneyMap): JourneyMap {
  if (planStages(map).looksBack) return map;
  const last = map.lifecycle.findLastIndex((stage) => stage.isLost);
  const rest = map.lifecycle.slice(last + 1).slice(-1);
  return { ...map, lifecycle: [...map.lifecycle.slice(0, last + 1), ...rest] };
}
