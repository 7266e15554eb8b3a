/**
 * The range a query looks at: half open instants, with the time zone and week start that set where
 * intervals begin. The clock comes in as a parameter.
 */
import { DateTime, IANAZone } from 'luxon';
import { parseDuration } from './duration.ts';
import { inputError } from './problem.ts';
import { param, sql } from './sql.ts';
import type { Sql } from './sql.ts';

export const WEEK_STARTS = ['MONDAY', 'SUNDAY', 'SATURDAY'] as const;
export type WeekStart = (typeof WEEK_STARTS)[number];

export interface RangeRequest {
  readonly from?: Date | null;
  readonly to?: Date | null;
  readonly last?: string | null;
  readonly timeZone?: string | null;
  readonly weekStart?: WeekStart | null;
  /** Moves the range back, as much of it as has passed. */
  readonly offset?: string | null;
}

export interface TimeRange {
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  readonly timeZone: string;
  readonly weekStart: WeekStart;
  /** True when the range moves with the clock (`last`, or no `to`). */
  readonly isRolling: boolean;
  /** True when it moves only at its end, so that the range before it begins ever earlier. */
  readonly isGrowing?: true;
  /** True when its end moves with the clock without being now. */
  readonly isMoved?: true;
}

/** Earliest and latest instants that events can have: 1970 to 2106 holds in every ClickHouse time function. */
export const EARLIEST_MS = 0;
export const LATEST_MS = Date.UTC(2106, 0, 1);

export function resolveRange(request: RangeRequest, nowMs: number, field = 'range'): TimeRange {
  if (request.offset != null) return movedBack(request, request.offset, nowMs, field);
  const timeZone = request.timeZone ?? 'UTC';
  if (!isTimeZone(timeZone)) {
    throw inputError(
      `${field}.timeZone`,
      'BAD_TIME_ZONE',
      `"${timeZone.slice(0, 60)}" is not an IANA time zone such as Europe/Berlin.`,
    );
  }
  const frame = { timeZone, weekStart: request.weekStart ?? ('MONDAY' as const) };
  if (request.last != null) {
    if (request.from || request.to) {
      throw inputError(field, 'BAD_RANGE', 'Give either `last`, or `from` with an optional `to`, not both.');
    }
    const span = parseDuration(request.last, `${field}.last`);
    const fromMs =
      DateTime.fromMillis(nowMs, { zone: timeZone }).minus({ months: span.months }).toMillis() - span.ms;
    return checked({ ...frame, fromMs: Math.max(fromMs, EARLIEST_MS), toMs: nowMs, isRolling: true }, field);
  }
  if (!request.from) throw inputError(field, 'BAD_RANGE', 'Give `last` (for example P30D) or `from`.');
  const toMs = request.to ? request.to.getTime() : nowMs;
  const range = { ...frame, fromMs: request.from.getTime(), toMs, isRolling: !request.to };
  return checked(range.isRolling ? { ...range, isGrowing: true } : range, field);
}

/**
 * The range as it was so much earlier: of a range that goes on, the part that had passed then, so that like is compared
 * with like. Its end moves on minute by minute, so that its answers hold for a while.
 */
function movedBack(request: RangeRequest, offset: string, nowMs: number, field: string): TimeRange {
  const range = resolveRange({ ...request, offset: null }, nowMs, field);
  const span = parseDuration(offset, `${field}.offset`);
  const back = (ms: number): number =>
    DateTime.fromMillis(ms, { zone: range.timeZone }).minus({ months: span.months }).toMillis() - span.ms;
  const minuteMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  const goesOn = range.toMs > minuteMs;
  const { isGrowing: _, ...rest } = range;
  const fromMs = range.isRolling && !range.isGrowing ? range.fromMs - (nowMs - minuteMs) : range.fromMs;
  const toMs = goesOn ? minuteMs : range.toMs;
  return checked(
    { ...rest, fromMs: back(fromMs), toMs: back(toMs), isRolling: false, ...(goesOn && { isMoved: true }) },
    `${field}.offset`,
  );
}

const MINUTE_MS = 60_000;

/** Asking takes as long as most of a question's preparation; names that are zones stay so. */
const knownZones = new Set<string>();

function isTimeZone(name: string): boolean {
  if (knownZones.has(name)) return true;
  const isValid = IANAZone.isValidZone(name);
  if (isValid && knownZones.size < MAX_KNOWN_ZONES) knownZones.add(name);
  return isValid;
}

const MAX_KNOWN_ZONES = 1_000;

function checked(range: TimeRange, field: string): TimeRange {
  if (!(range.fromMs < range.toMs)) throw inputError(field, 'BAD_RANGE', '`from` must be before `to`.');
  if (range.fromMs < EARLIEST_MS || range.toMs > LATEST_MS) {
    throw inputError(field, 'BAD_RANGE', 'A range must lie between 1970 and 2106.');
  }
  return range;
}

/** The range of equal length that ends where this one begins. */
export function previousRange(range: TimeRange): TimeRange {
  const length = range.toMs - range.fromMs;
  return { ...range, fromMs: Math.max(range.fromMs - length, EARLIEST_MS), toMs: range.fromMs };
}

/** `time >= from AND time < to`, on the column `time`. */
export function inRange(range: Pick<TimeRange, 'fromMs' | 'toMs'>): Sql {
  return sql`time >= ${param.time(range.fromMs)} AND time < ${param.time(range.toMs)}`;
}
