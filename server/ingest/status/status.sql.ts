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
  /** 0: nothing in the days that arrivals are kept. */
  readonly last_ms: number;
}

/** Counts that the store keeps: no event is read. */
export const totals: SqlQuery<TotalsRow> = {
  name: 'ingest.totals',
  isVolatile: true,
  isLight: true,
  sql: sql`SELECT
  (SELECT count() FROM events) AS stored,
  (SELECT max(toUnixTimestamp64Milli(at)) FROM arrivals WHERE rows > 0) AS last_ms,
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
    sql: sql`SELECT intDiv(greatest(toUnixTimestamp64Milli(now64(3)) - toUnixTimestamp64Milli(at), 0), 1000) AS ago,
  sum(rows) AS events
FROM arrivals WHERE at > now64(3) - toIntervalSecond(${int(seconds)}) AND rows > 0
GROUP BY ago HAVING ago < ${int(seconds)} ORDER BY ago
SETTINGS output_format_json_quote_64bit_integers = 0`,
  };
}
