/**
 * Intervals of a range: where hours, days, weeks, months, quarters and years begin in its time zone, as a
 * SQL expression and as a list, so that both sides name an interval by the same number: its start in
 * seconds since 1970.
 */
import { DateTime, IANAZone } from 'luxon';
import { inputError } from './problem.ts';
import { int, param, sql } from './sql.ts';
import type { Sql } from './sql.ts';
import type { TimeRange, WeekStart } from './time-range.ts';

export const INTERVALS = ['HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const;
export type Interval = (typeof INTERVALS)[number];

type Frame = Pick<TimeRange, 'timeZone' | 'weekStart'>;

/** ISO weekday on which a week begins. */
const FIRST_WEEKDAY: Record<WeekStart, number> = { MONDAY: 1, SATURDAY: 6, SUNDAY: 7 };

/** More intervals than this in one answer are refused. */
export const MAX_INTERVALS = 5_000;

/** Start of the interval that holds `time`, as UInt32 seconds since 1970. */
export function intervalStart(time: Sql, interval: Interval, frame: Frame): Sql {
  const zone = param.string(frame.timeZone);
  switch (interval) {
    case 'HOUR':
      // toStartOfHour errs after a shift of half an hour (Lord Howe), so the offset is taken by hand.
      return sql`toUInt32(toUnixTimestamp(${time}) - positiveModulo(toUnixTimestamp(${time}) + timeZoneOffset(toTimeZone(${time}, ${zone})), 3600))`;
    case 'DAY':
      return sql`toUnixTimestamp(toStartOfDay(${time}, ${zone}))`;
    case 'WEEK': {
      const first = int(FIRST_WEEKDAY[frame.weekStart]);
      const day = sql`toDate(${time}, ${zone})`;
      return sql`toUnixTimestamp(toDateTime(${day} - (toDayOfWeek(${day}) + 7 - ${first}) % 7, ${zone}))`;
    }
    case 'MONTH':
      return sql`toUnixTimestamp(toDateTime(toStartOfMonth(${time}, ${zone}), ${zone}))`;
    case 'QUARTER':
      return sql`toUnixTimestamp(toDateTime(toStartOfQuarter(${time}, ${zone}), ${zone}))`;
    case 'YEAR':
      return sql`toUnixTimestamp(toDateTime(toStartOfYear(${time}, ${zone}), ${zone}))`;
  }
}

/**
 * Position of the interval that holds `time`, counted from the one that begins at `firstMs`, as Int32:
 * 0 is that one, -1 the one before. The same numbers as positions in `intervalStarts`.
 */
export function intervalIndex(time: Sql, interval: Interval, frame: Frame, firstMs: number): Sql {
  const zone = param.string(frame.timeZone);
  const first = sql`${param.time(firstMs)}`;
  switch (interval) {
    case 'HOUR':
      return sql`toInt32(ceil((${intervalStart(time, interval, frame)} - toUnixTimestamp(${first})) / 3600))`;
    case 'DAY':
      return sql`toInt32(toInt32(toDate(${time}, ${zone})) - toInt32(toDate(${first}, ${zone})))`;
    case 'WEEK':
      return sql`toInt32(floor((toInt32(toDate(${time}, ${zone})) - toInt32(toDate(${first}, ${zone}))) / 7))`;
    case 'MONTH':
      return sql`toInt32(toRelativeMonthNum(${time}, ${zone}) - toRelativeMonthNum(${first}, ${zone}))`;
    case 'QUARTER':
      return sql`toInt32(toRelativeQuarterNum(${time}, ${zone}) - toRelativeQuarterNum(${first}, ${zone}))`;
    case 'YEAR':
      return sql`toInt32(toYear(${time}, ${zone}) - toYear(${first}, ${zone}))`;
  }
}

/** Start of the interval that holds `ms`, in milliseconds. */
export function startOfInterval(ms: number, interval: Interval, frame: Frame): number {
  if (interval === 'HOUR') return startOfHour(ms, frame);
  const at = DateTime.fromMillis(ms, { zone: frame.timeZone });
  if (interval === 'WEEK') {
    const back = (at.weekday + 7 - FIRST_WEEKDAY[frame.weekStart]) % 7;
    // In this order: where clocks change at midnight, a day begins at one, and no day before it does.
    return at.minus({ days: back }).startOf('day').toMillis();
  }
  return at.startOf(UNIT[interval]).toMillis();
}

/** Hours are many: their starts come from the zone's offset alone. */
function startOfHour(ms: number, { timeZone }: Frame): number {
  const offset = IANAZone.create(timeZone).offset(ms) * 60_000;
  return Math.floor((ms + offset) / HOUR_MS) * HOUR_MS - offset;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The start `count` intervals after an interval's start (negative: before). */
export function addIntervals(startMs: number, interval: Interval, count: number, frame: Frame): number {
  if (interval === 'HOUR') return startOfHour(startMs + count * HOUR_MS, frame);
  // No clock changes: arithmetic instead of a calendar, which would take longer than all else for a matrix.
  if (frame.timeZone === 'UTC' && (interval === 'DAY' || interval === 'WEEK')) {
    const days = Math.floor(startMs / DAY_MS) + count * (interval === 'DAY' ? 1 : 7);
    return days * DAY_MS;
  }
  const at = DateTime.fromMillis(startMs, { zone: frame.timeZone });
  // A day can begin at one o'clock where clocks change at midnight; the day after begins at midnight again.
  return at
    .plus({ [`${UNIT[interval]}s`]: count })
    .startOf('day')
    .toMillis();
}

/** Starts, in milliseconds, of all intervals that touch `[from, to)`, in order. Refuses more than MAX_INTERVALS. */
export function intervalStarts(range: TimeRange, interval: Interval, field = 'interval'): readonly number[] {
  const starts: number[] = [];
  const first = startOfInterval(range.fromMs, interval, range);
  for (let i = 0; ; i += 1) {
    const start = addIntervals(first, interval, i, range);
    if (start >= range.toMs) return starts;
    if (starts.length === MAX_INTERVALS) {
      throw inputError(
        field,
        'TOO_MANY_INTERVALS',
        `The range holds more than ${MAX_INTERVALS} intervals; take a longer interval.`,
      );
    }
    starts.push(start);
  }
}

/** The intervals that touch a range. */
export interface Intervals {
  readonly interval: Interval;
  /** Where each begins, milliseconds; the first may begin before the range. */
  readonly starts: readonly number[];
  /** Where the last one ends. */
  readonly endMs: number;
  /** Where the range ends. */
  readonly toMs: number;
}

export function cutIntoIntervals(range: TimeRange, interval: Interval, field?: string): Intervals {
  const starts = intervalStarts(range, interval, field);
  const endMs = addIntervals(starts.at(-1) ?? range.fromMs, interval, 1, range);
  return { interval, starts, endMs, toMs: range.toMs };
}

const UNIT = {
  HOUR: 'hour',
  DAY: 'day',
  WEEK: 'week',
  MONTH: 'month',
  QUARTER: 'quarter',
  YEAR: 'year',
} as const satisfies Record<Interval, string>;
