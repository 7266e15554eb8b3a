/** The overview in its normal form: every default filled in, the range cut into intervals. Pure. */
import { normaliseAudience } from '../../query/audience.ts';
import type { Audience, AudienceRequest } from '../../query/audience.ts';
import type { CompileScope } from '../../query/events.ts';
import { normaliseFilter } from '../../query/filter.ts';
import type { Filter, FilterRequest } from '../../query/filter.ts';
import { cutIntoIntervals } from '../../query/period.ts';
import type { Interval, Intervals } from '../../query/period.ts';
import { previousRange, resolveRange } from '../../query/time-range.ts';
import type { RangeRequest, TimeRange } from '../../query/time-range.ts';

export interface OverviewRequest {
  readonly range: RangeRequest;
  readonly interval?: Interval | null;
  readonly where?: FilterRequest | null;
  readonly audience?: AudienceRequest | null;
}

export interface OverviewQuery {
  readonly range: TimeRange;
  /** Of equal length, just before. */
  readonly previous: TimeRange;
  readonly intervals: Intervals;
  readonly where: Filter;
  readonly audience: Audience | null;
}

/** A stretch of time in which customers may be lost; milliseconds. */
export interface ChurnSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

export function normaliseOverview(
  request: OverviewRequest,
  scope: Pick<CompileScope, 'nowMs' | 'vocabulary'>,
  lifecycleStages: readonly string[],
): OverviewQuery {
  const range = resolveRange(request.range, scope.nowMs);
  return {
    range,
    previous: previousRange(range),
    intervals: cutIntoIntervals(range, request.interval ?? 'DAY'),
    where: normaliseFilter(request.where, 'where'),
    audience: normaliseAudience(request.audience, scope.vocabulary, lifecycleStages, 'audience'),
  };
}
