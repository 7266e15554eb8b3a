/**
 * The question of the journey, normalised: no optionals left. Stages are numbered from 1 in the journey map's
 * order. Pure; knows neither GraphQL nor SQL.
 */
import { normaliseAudience } from '../../query/audience.ts';
import type { Audience, AudienceRequest } from '../../query/audience.ts';
import type { CompileScope } from '../../query/events.ts';
import { normaliseFilter } from '../../query/filter.ts';
import type { Filter, FilterRequest } from '../../query/filter.ts';
import { resolveRange } from '../../query/time-range.ts';
import type { RangeRequest, TimeRange } from '../../query/time-range.ts';

export interface JourneyRequest {
  readonly range: RangeRequest;
  readonly where?: FilterRequest | null;
  readonly audience?: AudienceRequest | null;
}

export interface JourneyQuery {
  readonly range: TimeRange;
  readonly where: Filter;
  /** Null: every customer. */
  readonly audience: Audience | null;
}

export function normaliseJourney(
  request: JourneyRequest,
  { nowMs, vocabulary }: Pick<CompileScope, 'nowMs' | 'vocabulary'>,
  lifecycleStages: readonly string[],
): JourneyQuery {
  return {
    range: resolveRange(request.range, nowMs, 'input.range'),
    where: normaliseFilter(request.where, 'input.where'),
    audience: normaliseAudience(request.audience, vocabulary, lifecycleStages, 'input.audience'),
  };
}
