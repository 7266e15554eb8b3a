/**
 * Scores of customers in SQL. A score is 1 and one more for each fifth of the customers with an order that is
 * wholly below, so equal values have equal scores. The bounds of the fifths come from one pass that selects and
 * does not sort; scoring a customer then takes comparisons alone.
 */
import { compileAudience } from '../../query/audience.ts';
import { customersTable, eventsTable, isOrder, orderKey, revenue } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { readsOf } from '../../query/reads.ts';
import { upTo } from '../../query/span.ts';
import { inRange } from '../../query/time-range.ts';
import { and, int, or, param, sql } from '../../query/sql.ts';
import type { Sql, SqlQuery } from '../../query/sql.ts';
import type { RfmQuery } from './rfm.query.ts';
import { cellsOf } from './segments.ts';
import type { Segment } from './segments.ts';

/**
 * `customer_key, last_order` (milliseconds, 0 for none), `frequency, monetary` of customers with an order or
 * revenue. An order happens at its first event.
 */
function figures(query: RfmQuery, customers: Sql, scope: CompileScope): Sql {
  const conditions = [
    sql`time <= ${param.time(query.atMs)}`,
    ...(query.range ? [inRange(query.range)] : []),
    or([isOrder(scope.vocabulary), sql`has_revenue`]),
    customers,
  ];
  return sql`SELECT customer_key, maxIf(at, is_order) AS last_order, toInt64(countIf(is_order)) AS frequency, sum(amount) AS monetary
FROM (
SELECT customer_key, ${isOrder(scope.vocabulary)} AS is_order, if(is_order, ${orderKey}, 0) AS order_hash,
  toUnixTimestamp64Milli(min(time)) AS at, sum(${revenue}) AS amount
FROM ${eventsTable(scope)} WHERE ${and(conditions)}
GROUP BY customer_key, is_order, order_hash
) GROUP BY customer_key`;
}

/** Negated, the element of rank floor(n * k / 5) from above is the one of rank ceil(n * (5 - k) / 5) from below. */
function boundsOf(query: RfmQuery, scope: CompileScope): Sql {
  const everybody = figures(query, compileAudience(query.audience, scope), scope);
  const fifths = (value: Sql): Sql => sql`quantilesExact(0.2, 0.4, 0.6, 0.8)(-${value})`;
  return sql`SELECT (${fifths(sql`last_order`)}, ${fifths(sql`frequency`)}, ${fifths(sql`monetary`)})
FROM (
${everybody}
) WHERE frequency > 0`;
}

/** `customer_key, last_order, frequency, monetary, r, f, m`; scores of 0 for customers without an order. */
function scored(query: RfmQuery, customers: Sql, scope: CompileScope): Sql {
  const score = (value: Sql, place: number): Sql =>
    sql`toUInt8(if(frequency = 0, 0, 1 + arrayCount(bound -> -${value} < bound, tupleElement(bounds, ${int(place)}))))`;
  return sql`WITH (
${boundsOf(query, scope)}
) AS bounds
SELECT customer_key, last_order, frequency, monetary,
  ${score(sql`last_order`, 1)} AS r, ${score(sql`frequency`, 2)} AS f, ${score(sql`monetary`, 3)} AS m
FROM (
${figures(query, customers, scope)}
)`;
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
    sql: sql`SELECT 0 AS is_known, r, f, m, count() AS customers, toString(CAST(sum(monetary) * 10000, 'Int128')) AS revenue
FROM (
${scored(query, compileAudience(query.audience, scope), scope)}
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
    const buyers = sql`SELECT customer_key FROM (${figures(query, compileAudience(query.audience, scope), scope)}) WHERE frequency > 0`;
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
${scored(query, compileAudience(query.audience, scope), scope)}
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
  toString(CAST(monetary * 10000, 'Int128')) AS revenue, r, f, m
FROM (
${scored(query, sql`customer_key IN ${param.uint64s(keys)}`, scope)}
) WHERE r > 0`,
  };
}
