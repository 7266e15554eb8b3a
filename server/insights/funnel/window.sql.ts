/**
 * The conversion window as conditions on times since the range's start. Elapsed time is a plain difference;
 * calendar months are counted from the instant of the start, in UTC, so that no time zone changes a window.
 */
import { int, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { FunnelQuery } from './funnel.query.ts';

/** True when `time`, not before `start`, still counts for an attempt that began at `start` (not zero). */
export function isWithin(time: Sql, start: Sql, query: FunnelQuery): Sql {
  const length = elapsedLength(query);
  // The plain difference is a tenth cheaper over a whole funnel than adding the window to every start.
  return length === null
    ? sql`${time} <= ${windowEnd(start, query)}`
    : sql`${time} - ${start} <= ${param.uint64(length)}`;
}

/** The latest time that still counts for an attempt that began at `start` (which must not be zero). */
export function windowEnd(start: Sql, query: FunnelQuery): Sql {
  const length = elapsedLength(query);
  if (length !== null) return sql`${start} + ${param.uint64(length)}`;
  const { months, ms } = query.window;
  const offset = query.range.fromMs - 1;
  const instant = sql`fromUnixTimestamp64Milli(toInt64(${start}) + ${param.int64(offset)}, 'UTC')`;
  const end = sql`toUnixTimestamp64Milli(addMonths(${instant}, ${int(months)}))`;
  return sql`toUInt64(${end} + ${param.int64(ms - offset)})`;
}

/** The window in milliseconds, or null where it has months. One that outlasts the range never closes in it. */
function elapsedLength({ window, range }: FunnelQuery): number | null {
  const { months, ms } = window;
  const length = range.toMs - range.fromMs;
  if (months * 28 * 86_400_000 + ms >= length) return length;
  return months === 0 ? ms : null;
}
