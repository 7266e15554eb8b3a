/**
 * Two statements for eight numbers: what happened in the range and the one before it (one scan, as a whole and
 * by interval), and since when each customer has been known, a buyer, a repeat buyer (one row a customer).
 */
import { compileAudience } from '../../query/audience.ts';
import { customersTable, eventsTable, isOrder, orderKey, revenue } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter, noFilter } from '../../query/filter.ts';
import { intervalIndex, MAX_INTERVALS } from '../../query/period.ts';
import { readsOf } from '../../query/reads.ts';
import { upTo } from '../../query/span.ts';
import { and, int, param, sql } from '../../query/sql.ts';
import type { Sql, SqlQuery } from '../../query/sql.ts';
import type { OverviewQuery } from './overview.query.ts';

export interface ActivityRow {
  /** 1 for the range before. */
  readonly is_previous: number;
  /** 1 for the whole range. */
  readonly is_total: number;
  /** Position of the interval. */
  readonly position: number;
  readonly revenue: string;
  readonly orders: string;
  readonly order_revenue: string;
  readonly active: string;
  readonly buyers: string;
}

/** Position of what happened in the range before; what came earlier still stands at BEFORE. */
export const PREVIOUS = -1;
export const BEFORE = -2;

export function compileActivity(query: OverviewQuery, scope: CompileScope): SqlQuery<ActivityRow> {
  const order = isOrder(scope.vocabulary);
  return {
    name: 'overview.activity',
    reads: readsOf({ fromMs: query.previous.fromMs, toMs: query.range.toMs }, query.audience, scope),
    sql: sql`SELECT
  is_previous,
  toUInt8(grouping(position)) AS is_total,
  position,
  sum(amount) AS revenue,
  uniqExactIf(order_hash, is_order) AS orders,
  sumIf(amount, is_order) AS order_revenue,
  uniqExact(customer_key) AS active,
  uniqExactIf(customer_key, is_order) AS buyers
FROM (
  SELECT
    customer_key,
    time < ${param.time(query.range.fromMs)} AS is_previous,
    ${positionOf(sql`time`, query)} AS position,
    ${revenue} AS amount,
    ${order} AS is_order,
    sipHash64(customer_key, ${orderKey}) AS order_hash
  FROM ${eventsTable(scope)}
  WHERE ${and([sql`time >= ${param.time(query.previous.fromMs)}`, ...selection(query, scope)])}
)
GROUP BY GROUPING SETS ((is_previous), (is_previous, position))
ORDER BY is_previous, is_total, position
LIMIT ${int(MAX_INTERVALS + 3)}`,
  };
}

export interface MilestoneRow {
  /** Position of the interval, PREVIOUS or BEFORE. */
  readonly position: number;
  /** Customers first seen then. */
  readonly seen: string;
  /** Customers whose first order fell then. */
  readonly first_orders: string;
  /** Customers whose second order fell then. */
  readonly second_orders: string;
}

/** An order stands at its earliest event. */
export function compileMilestones(query: OverviewQuery, scope: CompileScope): SqlQuery<MilestoneRow> {
  return {
    name: 'overview.milestones',
    reads: readsOf(upTo(query.range.toMs), query.audience, scope),
    sql: sql`WITH moments AS (
  ${moments(query, scope)}
),
people AS (
  SELECT
    customer_key,
    min(at) AS first_seen,
    arraySort(groupArrayIf((at, order_key), is_order)) AS lines,
    arrayFirst(line -> line.2 != lines[1].2, lines) AS second_line,
    arrayConcat(
      [(first_seen, 1)],
      if(empty(lines), [], [(lines[1].1, 2)]),
      if(second_line.2 = 0, [], [(second_line.1, 3)])
    ) AS milestones
  FROM moments
  GROUP BY customer_key
)
SELECT
  ${positionOf(sql`milestone.1`, query)} AS position,
  countIf(milestone.2 = 1) AS seen,
  countIf(milestone.2 = 2) AS first_orders,
  countIf(milestone.2 = 3) AS second_orders
FROM people
ARRAY JOIN milestones AS milestone
GROUP BY position
ORDER BY position
LIMIT ${int(MAX_INTERVALS + 3)}`,
  };
}

/** `customer_key, at, is_order, order_key`. Without a filter, when a customer was first seen is known beforehand. */
function moments(query: OverviewQuery, scope: CompileScope): Sql {
  const order = isOrder(scope.vocabulary);
  const columns = sql`customer_key, time AS at, ${order} AS is_order, ${orderKey} AS order_key`;
  const events = (conditions: readonly Sql[]): Sql =>
    sql`SELECT ${columns} FROM ${eventsTable(scope)} WHERE ${and(conditions)}`;
  if (query.where !== noFilter) return events(selection(query, scope));
  return sql`${events([order, ...selection(query, scope)])}
  UNION ALL
  SELECT customer_key, first_seen, 0, 0 FROM ${customersTable(scope)}
  WHERE first_seen < ${param.time(query.range.toMs)} AND ${compileAudience(query.audience, scope)}`;
}

/** Events up to the range's end that pass the filter, of the audience. */
function selection(query: OverviewQuery, scope: CompileScope): readonly Sql[] {
  return [
    sql`time < ${param.time(query.range.toMs)}`,
    compileFilter(query.where),
    compileAudience(query.audience, scope),
  ];
}

function positionOf(time: Sql, query: OverviewQuery): Sql {
  const { interval, starts } = query.intervals;
  const index = intervalIndex(time, interval, query.range, starts[0] ?? query.range.fromMs);
  return sql`multiIf(${time} >= ${param.time(query.range.fromMs)}, ${index}, ${time} >= ${param.time(query.previous.fromMs)}, ${int(PREVIOUS)}, ${int(BEFORE)})`;
}
