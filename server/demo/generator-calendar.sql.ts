/**
 * The generated retailer's calendar: which share of a year's business falls on which day. Visits are drawn in
 * "shop time", in which every day is alike; the calendar stretches busy days. Knows nothing of customers.
 */
import { int, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';

export const DAY_MS = 86_400_000;

/** Days of history: a year and a half. The last is the day of the end instant. */
export const HISTORY_DAYS = 549;

/** Each day of shop time is cut into this many equal shares. */
export const SHARES_PER_DAY = 8;

/** First day of history as a Date, from the end instant. */
export function firstDay(end: Sql): Sql {
  return sql`(toDate(${end}) - ${int(HISTORY_DAYS - 1)})`;
}

/** How busy a date is against an ordinary day: weekdays, the year's course, 6.18, 11.11, Black Friday, December. */
function weightOfDay(date: Sql): Sql {
  const monthDay = sql`(toMonth(${date}) * 100 + toDayOfMonth(${date}))`;
  return sql`(
    [0.9, 0.88, 0.92, 0.97, 1.08, 1.24, 1.16][toDayOfWeek(${date})]
    * [0.9, 0.84, 0.96, 0.97, 1.0, 1.02, 0.93, 0.92, 1.0, 1.04, 1.14, 1.36][toMonth(${date})]
    * multiIf(${monthDay} = 1111, 2.3, ${monthDay} IN (1110, 1112), 1.4, ${monthDay} = 618, 1.9,
      ${monthDay} IN (616, 617), 1.35, ${monthDay} BETWEEN 1124 AND 1130, 1.3, ${monthDay} IN (1225, 101), 0.55, 1))`;
}

/**
 * A scalar: the calendar day (0-based offset from the first) of every share of shop time, so that the k-th share
 * falls on the k-th element.
 */
export function calendarShares(end: Sql): Sql {
  const days = int(HISTORY_DAYS);
  return sql`(
  SELECT arrayFlatten(arrayMap((day, until, since) -> arrayWithConstant(until - since, toUInt16(day)),
    range(${days}), ends, arrayPushFront(arrayPopBack(ends), 0)))
  FROM (
    SELECT
      arrayMap(day -> ${weightOfDay(sql`(${firstDay(end)} + day)`)}, range(${days})) AS weights,
      arrayMap(sum -> toUInt32(round(sum / arraySum(weights) * ${int(HISTORY_DAYS * SHARES_PER_DAY)})),
        arrayCumSum(weights)) AS ends
  ))`;
}
