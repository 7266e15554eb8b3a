/**
 * Three statements for eight numbers: what was sold in the range and the one before it, and who was active, each
 * as a whole and by interval; and since when each customer has been known, a buyer, a repeat buyer.
 */
import { compileAudience } from '../../query/audience.ts';
import { customersTable, eventsTable, isOrder, orderKey, revenue } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter, noFilter } from '../../query/filter.ts';
import { intervalIndex, MAX_INTERVALS } from '../../query/period.ts';
import { placesOf } from '../../query/places.ts';
import { positionSets } from '../../query/positions.ts';
import { readsOf } from '../../query/reads.ts';
import { upTo } from '../../query/span.ts';
import { eventsThatCount, firstSightSource } from '../../query/source.ts';
import { and, empty, int, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { keptMilestones } from './milestones.kept.ts';
import { keptActive, keptSales } from './overview.kept.ts';
import type { OverviewQuery } from './overview.query.ts';
import { BEFORE, PREVIOUS, TOTAL } from './overview.rows.ts';
import type { ActiveRow, MilestoneRow, SalesRow } from './overview.rows.ts';

/** Orders and revenue, from the few events that bear them. */
export function compileSales(query: OverviewQuery, scope: CompileScope): SqlQuery<SalesRow> {
  return {
    name: 'overview.sales',
    kept: keptSales(query, scope),
    reads: readsOf({ fromMs: query.previous.fromMs, toMs: query.range.toMs }, query.audience, scope),
    sql: sql`SELECT
  is_previous,
  toUInt8(grouping(position)) AS is_total,
  position,
  sum(amount) AS revenue,
  uniqExactIf(order_hash, is_order) AS orders,
  sumIf(amount, is_order) AS order_revenue,
  uniqExactIf(customer_key, is_order) AS buyers
FROM (
  SELECT
    customer_key,
    time < ${param.time(query.range.fromMs)} AS is_previous,
    ${positionOf(sql`time`, query)} AS position,
    ${revenue} AS amount,
    ${isOrder(scope.vocabulary)} AS is_order,
    sipHash64(customer_key, ${orderKey}) AS order_hash
  FROM ${eventsTable(scope)}
  WHERE ${and([eventsThatCount('orders and revenue', scope.vocabulary), ...inBothRanges(query, scope)])}
)
GROUP BY GROUPING SETS ((is_previous), (is_previous, position))
ORDER BY is_previous, is_total, position
LIMIT ${int(MAX_INTERVALS + 3)}`,
  };
}

/**
 * Customers with any event, from when events were and whose. All of them are read in the table's own order, a
 * customer's side by side: sorted by name first, as in the projection, it takes longer to bring them together.
 */
export function compileActive(query: OverviewQuery, scope: CompileScope): SqlQuery<ActiveRow> {
  const sets = positionSets(query.intervals.starts.length - PREVIOUS);
  const isEverything = query.where === noFilter && query.audience === null;
  return {
    name: 'overview.active',
    kept: keptActive(query, scope),
    reads: readsOf({ fromMs: query.previous.fromMs, toMs: query.range.toMs }, query.audience, scope),
    sql: sql`SELECT position, count() AS active
FROM (
  SELECT arrayMap(i -> toInt32(i + ${int(PREVIOUS)}), ${sets.list(sql`seen`)}) AS positions
  FROM (
    SELECT ${sets.collect(sql`${positionOf(sql`time`, query)} - ${int(PREVIOUS)}`)} AS seen
    FROM ${eventsTable(scope)}
    WHERE ${and(inBothRanges(query, scope))}
    GROUP BY customer_key
  )
)
ARRAY JOIN if(positions[-1] = ${int(PREVIOUS)}, positions, arrayPushBack(positions, ${int(TOTAL)})) AS position
GROUP BY position
ORDER BY position
LIMIT ${int(MAX_INTERVALS + 3)} ${isEverything ? sql`SETTINGS optimize_use_projections = 0` : empty}`,
  };
}

/** An order stands at its earliest event. Without a filter, when a customer was first seen is known beforehand. */
export function compileMilestones(query: OverviewQuery, scope: CompileScope): SqlQuery<MilestoneRow> {
  const places = placesOf(query.intervals.starts.length - BEFORE);
  const numbered = (time: Sql): Sql => sql`${positionOf(time, query)} - ${int(BEFORE)}`;
  const mark = (milestone: number): Sql =>
    sql`p -> toUInt16(${places.position(sql`p`)} * 4 + ${int(milestone)})`;
  const seen =
    firstSightSource(query.where) === 'customers'
      ? sql`SELECT arrayJoin(arrayMap(${mark(1)}, arrayFilter((p, f) -> f, sights, ${places.isFirst(sql`sights`)}))) AS mark
  FROM (
    SELECT arraySort(groupArray(${places.at(numbered(sql`customers.first_seen`))})) AS sights
    FROM ${customersTable(scope)} AS customers
    WHERE customers.first_seen < ${param.time(query.range.toMs)} AND ${compileAudience(query.audience, scope)}
    GROUP BY ${places.range}
  )`
      : sql`SELECT toUInt16((${numbered(sql`min(time)`)}) * 4 + 1) AS mark
  FROM ${eventsTable(scope)} WHERE ${and(selection(query, scope))} GROUP BY customer_key`;
  return {
    name: 'overview.milestones',
    kept: keptMilestones(query, scope),
    reads: readsOf(upTo(query.range.toMs), query.audience, scope),
    sql: sql`SELECT
  toInt32(bitShiftRight(mark, 2) + ${int(BEFORE)}) AS position,
  countIf(bitAnd(mark, 3) = 1) AS seen,
  countIf(bitAnd(mark, 3) = 2) AS first_orders,
  countIf(bitAnd(mark, 3) = 3) AS second_orders
FROM (
  ${seen}
  UNION ALL
  SELECT arrayJoin(arrayConcat(
    arrayMap(${mark(2)}, arrayFilter((p, f) -> f, orders, is_first)),
    arrayMap(${mark(3)}, arrayFilter((p, f, b) -> bitAnd(b, NOT f), orders, is_first, arrayPopBack(arrayPushFront(is_first, 0))))
  )) AS mark
  FROM (
    SELECT ${places.ofOrders(sql`order_events`)} AS orders, ${places.isFirst(sql`orders`)} AS is_first
    FROM (
      SELECT arraySort(groupArray(${places.orderAt(numbered(sql`time`))})) AS order_events
      FROM ${eventsTable(scope)}
      WHERE ${and([isOrder(scope.vocabulary), ...selection(query, scope)])}
      GROUP BY ${places.range}
    )
  )
)
GROUP BY position
ORDER BY position
LIMIT ${int(MAX_INTERVALS + 3)}`,
  };
}

/** Events up to the range's end that pass the filter, of the audience. */
function selection(query: OverviewQuery, scope: CompileScope): readonly Sql[] {
  return [
    sql`time < ${param.time(query.range.toMs)}`,
    compileFilter(query.where),
    compileAudience(query.audience, scope),
  ];
}

/** Those of the range and the one before. */
function inBothRanges(query: OverviewQuery, scope: CompileScope): readonly Sql[] {
  return [sql`time >= ${param.time(query.previous.fromMs)}`, ...selection(query, scope)];
}

function positionOf(time: Sql, query: OverviewQuery): Sql {
  const { interval, starts } = query.intervals;
  const index = intervalIndex(time, interval, query.range, starts[0] ?? query.range.fromMs);
  return sql`multiIf(${time} >= ${param.time(query.range.fromMs)}, ${index}, ${time} >= ${param.time(query.previous.fromMs)}, ${int(PREVIOUS)}, ${int(BEFORE)})`;
}
