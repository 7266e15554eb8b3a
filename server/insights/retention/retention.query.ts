/**
 * The retention question in its normal form: every default filled in, the range cut into intervals. Pure;
 * knows neither how it is compiled nor what the clock says.
 */
import { normaliseAudience } from '../../query/audience.ts';
import type { Audience, AudienceRequest } from '../../query/audience.ts';
import { normaliseBreakdown } from '../../query/breakdown.ts';
import type { Breakdown, BreakdownRequest } from '../../query/breakdown.ts';
import { normaliseMatch } from '../../query/event-match.ts';
import type { EventMatch, EventMatchRequest } from '../../query/event-match.ts';
import type { CompileScope } from '../../query/events.ts';
import { normaliseFilter } from '../../query/filter.ts';
import type { Filter, FilterRequest } from '../../query/filter.ts';
import { addIntervals, intervalStarts } from '../../query/period.ts';
import type { Interval } from '../../query/period.ts';
import { inputError } from '../../query/problem.ts';
import { resolveRange } from '../../query/time-range.ts';
import type { RangeRequest, TimeRange } from '../../query/time-range.ts';

export const RETENTION_ENTRIES = ['FIRST_TIME', 'FIRST_EVER', 'FIRST_IN_RANGE', 'RECURRING'] as const;
export type RetentionEntry = (typeof RETENTION_ENTRIES)[number];

export const RETENTION_MODES = ['ON', 'ON_OR_AFTER', 'EVERY'] as const;
export type RetentionMode = (typeof RETENTION_MODES)[number];

export const RETENTION_ALIGNMENTS = ['CALENDAR', 'ROLLING'] as const;
export type RetentionAlignment = (typeof RETENTION_ALIGNMENTS)[number];

export const RETENTION_MEASURES = ['CUSTOMERS', 'EVENTS', 'REVENUE'] as const;
export type RetentionMeasure = (typeof RETENTION_MEASURES)[number];

export interface RetentionRequest {
  readonly start: EventMatchRequest;
  readonly return?: EventMatchRequest | null;
  readonly range: RangeRequest;
  readonly interval?: Interval | null;
  readonly periods?: number | null;
  readonly brackets?: readonly number[] | null;
  readonly alignment?: RetentionAlignment | null;
  readonly minimumOccurrences?: number | null;
  readonly entry?: RetentionEntry | null;
  readonly mode?: RetentionMode | null;
  readonly measure?: RetentionMeasure | null;
  readonly where?: FilterRequest | null;
  readonly audience?: AudienceRequest | null;
  readonly breakdown?: BreakdownRequest | null;
}

export interface RetentionQuery {
  readonly start: EventMatch;
  readonly return: EventMatch;
  /** As asked for; `toMs` ends what is counted. */
  readonly range: TimeRange;
  readonly interval: Interval;
  /** Where each row's interval begins, milliseconds; the first holds the range's start. */
  readonly rows: readonly number[];
  /** Where the last row's interval ends. */
  readonly rowsEndMs: number;
  /** Intervals in each column after the first, in order: all 1 without brackets. */
  readonly columns: readonly number[];
  readonly alignment: RetentionAlignment;
  readonly minimumOccurrences: number;
  readonly entry: RetentionEntry;
  readonly mode: RetentionMode;
  readonly measure: RetentionMeasure;
  readonly where: Filter;
  readonly audience: Audience | null;
  readonly breakdown: Breakdown | null;
}

/** Fills in defaults; throws InputError for what cannot be read. Limits are checked in retention.validate.ts. */
export function normaliseRetention(
  request: RetentionRequest,
  scope: Pick<CompileScope, 'nowMs' | 'vocabulary'>,
  lifecycleStages: readonly string[],
): RetentionQuery {
  const range = resolveRange(request.range, scope.nowMs, 'range');
  const interval = request.interval ?? 'WEEK';
  const rows = intervalStarts(range, interval, 'interval');
  const start = normaliseMatch(request.start, scope.vocabulary, 'start');
  return {
    start,
    return: request.return ? normaliseMatch(request.return, scope.vocabulary, 'return') : start,
    range,
    interval,
    rows,
    rowsEndMs: addIntervals(rows.at(-1) ?? range.fromMs, interval, 1, range),
    columns: request.brackets?.length
      ? request.brackets
      : singleIntervals(request.periods ?? DEFAULT_PERIODS),
    alignment: request.alignment ?? 'CALENDAR',
    minimumOccurrences: request.minimumOccurrences ?? 1,
    entry: request.entry ?? 'FIRST_TIME',
    mode: request.mode ?? 'ON',
    measure: request.measure ?? 'CUSTOMERS',
    where: normaliseFilter(request.where, 'where'),
    audience: normaliseAudience(request.audience, scope.vocabulary, lifecycleStages, 'audience'),
    breakdown: breakdownOf(request.breakdown),
  };
}

/** Start and return carry the same value, so there is one matrix per value, and no event to take it from. */
function breakdownOf(request: BreakdownRequest | null | undefined): Breakdown | null {
  const attribution = request?.attribution ?? 'FIRST_TOUCH';
  if (request?.of !== 'CUSTOMER' && (attribution === 'LAST_TOUCH' || attribution === 'STEP')) {
    const message = `In retention start and return carry the same value: leave ${attribution} out.`;
    throw inputError('breakdown.attribution', 'BAD_BREAKDOWN', message);
  }
  return normaliseBreakdown(request, 'breakdown');
}

const DEFAULT_PERIODS = 11;
/** Intervals that the columns after the first may reach over. */
export const MAX_PERIODS = 1000;
/** Cells of one matrix, at most. */
export const MAX_CELLS = 100_000;

/** Elapsed time of a rolling period; calendar units longer than a week have no fixed length. */
export const ROLLING_MS: Partial<Record<Interval, number>> = {
  HOUR: 3_600_000,
  DAY: 86_400_000,
  WEEK: 7 * 86_400_000,
};

/** Where the first row begins: the start of the interval that holds the range's. */
export function firstRowMs(query: Pick<RetentionQuery, 'rows' | 'range'>): number {
  return query.rows[0] ?? query.range.fromMs;
}

function singleIntervals(periods: number): readonly number[] {
  if (periods >= 0 && periods <= MAX_PERIODS) return new Array<number>(periods).fill(1);
  throw inputError('periods', 'BAD_PERIODS', `\`periods\` is 0 to ${MAX_PERIODS}, not ${periods}.`);
}

/** Whole intervals that the columns after the first reach over. */
export function reachOf(query: Pick<RetentionQuery, 'columns'>): number {
  return query.columns.reduce((sum, size) => sum + size, 0);
}

/** Of each column (0: the row's own interval) its last interval, counted from the row's own. */
export function lastIntervals({ columns }: Pick<RetentionQuery, 'columns'>): readonly number[] {
  const lasts = [0];
  let last = 0;
  for (const size of columns) lasts.push((last += size));
  return lasts;
}
