/**
 * Scores of customers in SQL. A score is 1 and one more for each fifth of the customers with an order that is
 * wholly below, so equal values have equal scores. The bounds of the fifths are selected without sorting; scoring a
 * customer then takes comparisons alone.
 */
import { compileAudience } from '../../query/audience.ts';
import { customersTable, eventsTable, isOrder, orderKey, revenue } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { readsOf } from '../../query/reads.ts';
import { upTo } from '../../query/span.ts';
import { inRange } from '../../query/time-range.ts';
import { gatheredOrderEvents, orderTimesFrom } from '../../query/order-times.ts';
import { and, int, join, name, or, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import type { RfmQuery } from './rfm.query.ts';
import { cellsOf } from './segments.ts';
import type { Segment } from './segments.ts';

/**
 * `customer_key, last_order` (milliseconds, 0 for none), `frequency, monetary` (ten thousandths) of customers with
 * an order or revenue. An order happens at its first event.
 */
function figures(query: RfmQuery, scope: CompileScope): Sql {
  const isOrdered = isOrder(scope.vocabulary);
  const conditions = [
    sql`time <= ${param.time(query.atMs)}`,
    ...(query.range ? [inRange(query.range)] : []),
    or([isOrdered, sql`has_revenue`]),
    compileAudience(query.audience, scope),
  ];
  return sql`SELECT customer_key, ${orderTimesFrom(sql`order_events`)} AS orders, orders[-1] AS last_order, toInt64(length(orders)) AS frequency, monetary
FROM (
SELECT customer_key, ${gatheredOrderEvents(sql`is_order`)} AS order_events, toInt128(sum(amount) * 10000) AS monetary
FROM (
SELECT customer_key, toUnixTimestamp64Milli(time) AS at, ${orderKey} AS order_key, ${isOrdered} AS is_order, ${revenue} AS amount
FROM ${eventsTable(scope)} WHERE ${and(conditions)}
) GROUP BY customer_key)`;
}

/**
 * `customer_key, last_order, frequency, monetary, r, f, m`; scores of 0 for customers without an order. All figures
 * are gathered in one row together with the bounds of the fifths, so that events are read once.
 */
function scored(query: RfmQuery, scope: CompileScope): Sql {
  const gathered = FIGURES.map((figure) => sql`groupArray(${name(figure)}) AS ${name(`all_${figure}`)}`);
  const joined = FIGURES.map((figure) => sql`${name(`all_${figure}`)} AS ${name(figure)}`);
  const score = (figure: Sql, bounds: Sql): Sql =>
    sql`toUInt8((frequency > 0) * (1 + arrayCount(bound -> -${figure} < bound, ${bounds})))`;
  return sql`SELECT customer_key, last_order, frequency, monetary, ${score(sql`last_order`, sql`r_bounds`)} AS r,
  ${score(sql`frequency`, sql`f_bounds`)} AS f, ${score(sql`monetary`, sql`m_bounds`)} AS m
FROM (
SELECT ${join(gathered, sql`, `)}, ${fifths(sql`last_order`)} AS r_bounds,
  ${fifths(sql`frequency`)} AS f_bounds, ${fifths(sql`monetary`)} AS m_bounds
FROM (
${figures(query, scope)}
)) ARRAY JOIN ${join(joined, sql`, `)}`;
}

const FIGURES = ['customer_key', 'last_order', 'frequency', 'monetary'] as const;

/** Negated, the element of rank floor(n * k / 5) from above is the one of rank ceil(n * (5 - k) / 5) from below. */
function fifths(figure: Sql): Sql {
  return sql`quantilesExactIf(0.2, 0.4, 0.6, 0.8)(-${figure}, frequency > 0)`;
}

/** `customer_key` of those known by then. */
function known(query: RfmQuery, scope: CompileScope): Sql {
  return sql`SELECT customer_key FROM ${customersTable(scope)} WHERE ${compileAudience(query.audience, scope)}
GROUP BY customer_key HAVING min(first_seen) <= ${param.time(query.atMs)}`;
}

export interface ScoreRow {
  /** 1 for the row that only counts everybody known. */
  readonly is_known: number;
  readonly r: number;
  readonly f: number;
  readonly m: number;
  readonly customers: string;
  /** In ten thousandths. */
  readonly revenue: string;
}

export function compileScores(query: RfmQuery, scope: CompileScope): SqlQuery<ScoreRow> {
  return {
    name: 'rfm',
    reads: readsOf(upTo(query.atMs), query.audience, scope),
    sql: sql`SELECT 0 AS is_known, r, f, m, count() AS customers, toString(sum(monetary)) AS revenue
FROM (
${scored(query, scope)}
) GROUP BY r, f, m
UNION ALL
SELECT 1, 0, 0, 0, count(), '0' FROM (
${known(query, scope)}
)`,
  };
}

/** `SELECT customer_key ...` of a segment. */
export function compileSegmentMembers(query: RfmQuery, segment: Segment, scope: CompileScope): Sql {
  if (segment === 'prospects') {
    const buyers = sql`SELECT customer_key FROM (${figures(query, scope)}) WHERE frequency > 0`;
    return sql`SELECT customer_key FROM (${known(query, scope)}) WHERE customer_key NOT IN (${buyers})`;
  }
  const cells = cellsOf(segment).map(({ r, fm }) => sql`r = ${int(r)} AND intDiv(f + m + 1, 2) = ${int(fm)}`);
  return membersWhere(query, or(cells), scope);
}

/** `SELECT customer_key ...` of those with these two scores. */
export function compileCellMembers(
  query: RfmQuery,
  cell: { readonly recency: number; readonly frequency: number },
  scope: CompileScope,
): Sql {
  return membersWhere(query, sql`r = ${int(cell.recency)} AND f = ${int(cell.frequency)}`, scope);
}

function membersWhere(query: RfmQuery, condition: Sql, scope: CompileScope): Sql {
  return sql`SELECT customer_key FROM (
${scored(query, scope)}
) WHERE ${condition}`;
}

export interface CustomerScoreRow {
  readonly key: string;
  /** Milliseconds. */
  readonly last_order: number;
  readonly frequency: string;
  /** In ten thousandths. */
  readonly revenue: string;
  readonly r: number;
  readonly f: number;
  readonly m: number;
}

/** Scores of some customers among everybody; those without an order have no row. */
export function compileCustomerScores(
  keys: readonly string[],
  query: RfmQuery,
  scope: CompileScope,
): SqlQuery<CustomerScoreRow> {
  return {
    name: 'customer_rfm',
    reads: readsOf(upTo(query.atMs), query.audience, scope),
    sql: sql`SELECT toString(customer_key) AS key, toFloat64(last_order) AS last_order, frequency,
  toString(monetary) AS revenue, r, f, m
FROM (
${scored(query, scope)}
) WHERE r > 0 AND customer_key IN ${param.uint64s(keys)}`,
  };
}
