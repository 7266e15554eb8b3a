/** One number over time in its normal form: every default filled in, the range cut into intervals. Pure. */
import { normaliseAudience } from '../../query/audience.ts';
import type { Audience, AudienceRequest } from '../../query/audience.ts';
import { normaliseBreakdown } from '../../query/breakdown.ts';
import type { Breakdown, BreakdownRequest } from '../../query/breakdown.ts';
import { normaliseMatch } from '../../query/event-match.ts';
import type { EventMatch, EventMatchRequest } from '../../query/event-match.ts';
import type { CompileScope } from '../../query/events.ts';
import { normaliseFilter } from '../../query/filter.ts';
import type { Filter, FilterRequest } from '../../query/filter.ts';
import { cutIntoIntervals } from '../../query/period.ts';
import type { Interval, Intervals } from '../../query/period.ts';
import { previousRange, resolveRange } from '../../query/time-range.ts';
import type { RangeRequest, TimeRange } from '../../query/time-range.ts';

export const MEASURES = [
  'EVENTS',
  'CUSTOMERS',
  'SESSIONS',
  'ORDERS',
  'REVENUE',
  'AVERAGE_ORDER_VALUE',
  'EVENTS_PER_CUSTOMER',
] as const;
export type Measure = (typeof MEASURES)[number];

export interface MetricRequest {
  readonly measure: Measure;
  readonly match?: EventMatchRequest | null;
  readonly range: RangeRequest;
  readonly interval?: Interval | null;
  readonly where?: FilterRequest | null;
  readonly audience?: AudienceRequest | null;
  readonly breakdown?: BreakdownRequest | null;
}

export interface MetricQuery {
  readonly measure: Measure;
  readonly match: EventMatch;
  readonly range: TimeRange;
  /** Of equal length, just before. */
  readonly previous: TimeRange;
  readonly intervals: Intervals;
  readonly where: Filter;
  readonly audience: Audience | null;
  readonly breakdown: Breakdown | null;
}

export function normaliseMetric(
  request: MetricRequest,
  scope: Pick<CompileScope, 'nowMs' | 'vocabulary'>,
  lifecycleStages: readonly string[],
): MetricQuery {
  const range = resolveRange(request.range, scope.nowMs);
  return {
    measure: request.measure,
    match: normaliseMatch(request.match, scope.vocabulary, 'match'),
    range,
    previous: previousRange(range),
    intervals: cutIntoIntervals(range, request.interval ?? 'DAY'),
    where: normaliseFilter(request.where, 'where'),
    audience: normaliseAudience(request.audience, scope.vocabulary, lifecycleStages, 'audience'),
    breakdown: normaliseBreakdown(request.breakdown, 'breakdown'),
  };
}
