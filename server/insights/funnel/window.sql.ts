/**
 * The conversion window as conditions on times since the range's start. Elapsed time is a plain difference;
 * calendar months are counted from the instant of the start, in UTC, so that no time zone changes a window.
 */
import { int, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { FunnelQuery } from './funnel.query.ts';

/** The latest time that still counts for an attempt that began at `start` (which must not be zero). */
export function windowEnd(start: Sql, query: FunnelQuery): Sql {
  const { months, ms } = query.window;
  const length = query.range.toMs - query.range.fromMs;
  // A window that outlasts the range never closes in it.
  if (months * 28 * 86_400_000 + ms >= length) return sql`${start} + ${param.uint64(length)}`;
  if (months === 0) return sql`${start} + ${param.uint64(ms)}`;
  const offset = query.range.fromMs - 1;
  const instant = sql`fromUnixTimestamp64Milli(toInt64(${start}) + ${param.int64(offset)}, 'UTC')`;
  const end = sql`toUnixTimestamp64Milli(addMonths(${instant}, ${int(months)}))`;
  return sql`toUInt64(${end} + ${param.int64(ms - offset)})`;
}
