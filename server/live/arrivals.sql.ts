/** What stands in `arrivals`: a row an insert, with when its events happened; all time for any other change. */
import { int, sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/sql.ts';

export interface ArrivalRow {
  /** Milliseconds since 1970 by the store's clock. */
  readonly at_ms: number;
  readonly first_ms: number;
  readonly last_ms: number;
  readonly inserts: number;
}

/** Beyond so many nobody tells them apart any more. */
export const MOST_ARRIVALS = 20_000;

/** What arrived in the last so many seconds. */
export function lookAt(seconds: number): SqlQuery<ArrivalRow> {
  return {
    name: 'live.arrivals',
    sql: sql`SELECT toUnixTimestamp64Milli(at) AS at_ms, toUnixTimestamp64Milli(first_time) AS first_ms,
  toUnixTimestamp64Milli(last_time) AS last_ms, toUInt32(count()) AS inserts
FROM arrivals WHERE at >= now64(3) - toIntervalSecond(${int(seconds)})
GROUP BY at_ms, first_ms, last_ms LIMIT ${int(MOST_ARRIVALS)}
SETTINGS output_format_json_quote_64bit_integers = 0`,
  };
}
