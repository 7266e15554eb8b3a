/** Which customers events arrived of, in SQL. Pure. */
import { eventsTable } from '../query/events.ts';
import type { CompileScope } from '../query/events.ts';
import { int, param, sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/sql.ts';

export interface InsertRow {
  readonly at_ms: number;
  readonly rows: number;
  readonly first_ms: number;
  readonly last_ms: number;
}

/** What was stored in the last so many seconds, by its instant. */
export function insertsOf(seconds: number): SqlQuery<InsertRow> {
  const ms = (column: 'at' | 'first' | 'last') =>
    ({
      at: sql`toFloat64(toUnixTimestamp64Milli(at))`,
      first: sql`toFloat64(toUnixTimestamp64Milli(min(first_time)))`,
      last: sql`toFloat64(toUnixTimestamp64Milli(max(last_time)))`,
    })[column];
  return {
    name: 'automation.inserts',
    isLight: true,
    isVolatile: true,
    sql: sql`SELECT ${ms('at')} AS at_ms, toFloat64(count()) AS rows, ${ms('first')} AS first_ms, ${ms('last')} AS last_ms
FROM arrivals WHERE at >= now64(3) - toIntervalSecond(${int(seconds)}) GROUP BY at`,
  };
}

/** Customers with events that were stored since and happened in a stretch of time. */
export function customersOf(
  since: { readonly storedMs: number; readonly firstMs: number; readonly lastMs: number },
  most: number,
  scope: CompileScope,
): SqlQuery<{ key: string }> {
  return {
    name: 'automation.touched',
    isLight: true,
    isVolatile: true,
    sql: sql`SELECT DISTINCT toString(customer_key) AS key FROM ${eventsTable(scope)}
WHERE received_at >= ${param.time(since.storedMs)} AND time >= ${param.time(since.firstMs)} AND time <= ${param.time(since.lastMs)}
LIMIT ${int(most)}`,
  };
}
