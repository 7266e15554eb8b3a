/** What has come in, in totals and by second. Pure. */
import { int, sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';

export interface TotalsRow {
  readonly stored: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly identified: number;
  readonly removed: number;
  /** By the store's clock. */
  readonly now_ms: number;
  /** 0: there are no events. */
  readonly last_ms: number;
}

/** The last insert within the hour or so that `arrived` is kept; nanoseconds since 1970. */
const lately = sql`(SELECT max(batch) FROM arrived)`;

/** Where that was long ago: told by the part that was stored last, and read in no other case. Milliseconds. */
const longAgo = sql`(SELECT max(toUnixTimestamp64Milli(received_at)) FROM events WHERE ${lately} = 0 AND _part = (
    SELECT argMax(name, max_block_number) FROM system.parts WHERE active AND database = currentDatabase() AND table = 'events'))`;

/** Counts that the store keeps: no event is read while any arrives. */
export const totals: SqlQuery<TotalsRow> = {
  name: 'ingest.totals',
  isVolatile: true,
  isLight: true,
  sql: sql`SELECT
  (SELECT count() FROM events) AS stored,
  if(${lately} > 0, intDiv(${lately}, 1000000), ${longAgo}) AS last_ms,
  toUnixTimestamp64Milli(now64(3)) AS now_ms,
  sum(ingest_counts.duplicates) AS duplicates, sum(ingest_counts.rejected) AS rejected,
  sum(ingest_counts.identified) AS identified, sum(ingest_counts.removed) AS removed
FROM ingest_counts
SETTINGS output_format_json_quote_64bit_integers = 0`,
};

export interface SecondRow {
  /** Whole seconds before now; 0: the last thousand milliseconds. */
  readonly ago: number;
  readonly events: number;
}

/** Events that arrived in each of the last so many seconds, counted back from now; those without are absent. */
export function compileSeconds(seconds: number): SqlQuery<SecondRow> {
  return {
    name: 'ingest.per_second',
    isVolatile: true,
    isLight: true,
    sql: sql`SELECT intDiv(greatest(toUnixTimestamp64Nano(now64(9)) - toInt64(batch), 0), 1000000000) AS ago, count() AS events
FROM arrived WHERE batch > toUInt64(toUnixTimestamp64Nano(now64(9) - toIntervalSecond(${int(seconds)})))
GROUP BY ago HAVING ago < ${int(seconds)} ORDER BY ago
SETTINGS output_format_json_quote_64bit_integers = 0`,
  };
}
