/** What stands in `arrivals`: a row an insert, with when its events happened; all time for any other change. */
import { int, sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';

/** What a row speaks of; anything: what no insert tells of, such as events that were removed. */
export type ArrivalKind =
  'events' | 'traits' | 'identities' | 'audiences' | 'notes' | 'journey_map' | 'anything';

export interface ArrivalRow {
  /** Milliseconds since 1970 by the store's clock. */
  readonly at_ms: number;
  readonly first_ms: number;
  readonly last_ms: number;
  readonly inserts: number;
  readonly kind: ArrivalKind;
  /** Names the insert's rows in `arrived`; 0: none are there. */
  readonly batch: string;
  /** Events. */
  readonly events: number;
}

/** Beyond so many nobody tells them apart any more. */
export const MOST_ARRIVALS = 20_000;

/** What arrived in the last so many seconds. */
export function lookAt(seconds: number): SqlQuery<ArrivalRow> {
  return {
    name: 'live.arrivals',
    sql: sql`SELECT toUnixTimestamp64Milli(at) AS at_ms, toUnixTimestamp64Milli(first_time) AS first_ms,
  toUnixTimestamp64Milli(last_time) AS last_ms, kind, toString(batch) AS batch, toUInt32(count()) AS inserts,
  sum(rows) AS events
FROM arrivals WHERE at >= now64(3) - toIntervalSecond(${int(seconds)})
GROUP BY at_ms, first_ms, last_ms, kind, arrivals.batch LIMIT ${int(MOST_ARRIVALS)}
SETTINGS output_format_json_quote_64bit_integers = 0`,
  };
}
