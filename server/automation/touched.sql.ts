/** Which customers something arrived of, in SQL. Pure. */
import { arrivedIn, batchMs, isOther } from '../live/arrivals.sql.ts';
import { int, param, sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';
import { resolved } from './movements.sql.ts';

export interface InsertRow {
  /** The insert's instant by the store's clock, nanoseconds as text; `0`: none of its rows are there. */
  readonly batch: string;
  readonly at_ms: number;
  readonly kind: 'events' | 'traits' | 'identities' | 'audiences' | 'notes' | 'journey_map' | 'anything';
  /** How often it is spoken of. */
  readonly times: number;
}

/** What was stored or changed in the last so many seconds. */
export function insertsOf(seconds: number): SqlQuery<InsertRow> {
  return {
    name: 'automation.inserts',
    isLight: true,
    isVolatile: true,
    sql: sql`SELECT toString(batch) AS batch, toFloat64(toUnixTimestamp64Milli(at)) AS at_ms, kind, toFloat64(count()) AS times
FROM arrivals WHERE ${isOther(seconds)} GROUP BY arrivals.batch, at, kind
UNION ALL
SELECT toString(arrived.batch), toFloat64(${batchMs}), 'events', toFloat64(count())
FROM arrived WHERE ${arrivedIn(seconds)} GROUP BY arrived.batch`,
  };
}

/** Customers with events that came with these inserts, and those that ids were joined to. */
export function touchedBy(batches: readonly string[], most: number): SqlQuery<{ key: string }> {
  const named = param.uint64s(batches);
  return {
    name: 'automation.touched',
    isLight: true,
    isVolatile: true,
    sql: sql`SELECT DISTINCT toString(${resolved(sql`touched.customer_key`)}) AS key FROM (
SELECT arrived.customer_key AS customer_key FROM arrived WHERE arrived.batch IN ${named}
UNION ALL
SELECT arrived_joins.customer_key AS customer_key FROM arrived_joins WHERE arrived_joins.batch IN ${named}
) AS touched LIMIT ${int(most)}`,
  };
}

/** Whose traits were set since, by the clock of the server that did. */
export function traitsSince(sinceMs: number): SqlQuery<{ key: string; at_ms: number }> {
  return {
    name: 'automation.traits',
    isLight: true,
    isVolatile: true,
    sql: sql`SELECT DISTINCT toString(${resolved(sql`customer_traits.customer_key`)}) AS key,
  toFloat64(toUnixTimestamp64Milli(updated_at)) AS at_ms
FROM customer_traits WHERE updated_at >= ${param.time(sinceMs)}`,
  };
}
