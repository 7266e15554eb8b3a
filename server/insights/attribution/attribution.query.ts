/** The question "what earns the credit for conversions", normalised: no optionals left. */
import { DateTime } from 'luxon';
import { normaliseAudience } from '../../query/audience.ts';
import type { Audience, AudienceRequest } from '../../query/audience.ts';
import { parseDuration } from '../../query/duration.ts';
import type { Span } from '../../query/duration.ts';
import { normaliseMatch } from '../../query/event-match.ts';
import type { EventMatch, EventMatchRequest } from '../../query/event-match.ts';
import type { CompileScope } from '../../query/events.ts';
import { normaliseFilter } from '../../query/filter.ts';
import type { Filter, FilterRequest } from '../../query/filter.ts';
import { resolveRange } from '../../query/time-range.ts';
import type { RangeRequest, TimeRange } from '../../query/time-range.ts';

export const ATTRIBUTION_MODELS = [
  'FIRST_TOUCH',
  'LAST_TOUCH',
  'LINEAR',
  'POSITION_BASED',
  'TIME_DECAY',
  'MARKOV',
] as const;
export type AttributionModel = (typeof ATTRIBUTION_MODELS)[number];

export interface AttributionRequest {
  readonly conversion: EventMatchRequest;
  readonly touchpoints?: EventMatchRequest | null;
  readonly by?: string | null;
  readonly models?: readonly AttributionModel[] | null;
  readonly lookback?: string | null;
  readonly range: RangeRequest;
  readonly where?: FilterRequest | null;
  readonly audience?: AudienceRequest | null;
}

export interface AttributionQuery {
  readonly conversion: EventMatch;
  readonly touchpoints: EventMatch;
  /** Event property or built-in that names what earns credit. */
  readonly by: string;
  /** In the order asked for. */
  readonly models: readonly AttributionModel[];
  readonly lookback: Span;
  /** When conversions happen. */
  readonly range: TimeRange;
  /** The earliest instant that a touchpoint can have. */
  readonly earliestMs: number;
  readonly where: Filter;
  readonly audience: Audience | null;
}

/** Values of `by` that stand apart, at most; the rest is one row. */
export const MAX_VALUES = 100;

/** What stands for a conversion without touchpoints, for touchpoints without a value, for the rest. */
export const NONE = '(none)';
export const NOT_SET = '(not set)';
export const OTHER = '(other)';

export function normaliseAttribution(
  request: AttributionRequest,
  { nowMs, vocabulary }: Pick<CompileScope, 'nowMs' | 'vocabulary'>,
  lifecycleStages: readonly string[],
): AttributionQuery {
  const range = resolveRange(request.range, nowMs);
  const lookback = parseDuration(request.lookback ?? 'P30D', 'lookback');
  const from = DateTime.fromMillis(range.fromMs, { zone: 'UTC' });
  return {
    conversion: normaliseMatch(request.conversion, vocabulary, 'conversion'),
    touchpoints: normaliseMatch(request.touchpoints, vocabulary, 'touchpoints'),
    by: request.by ?? 'channel',
    models: request.models ?? ['LAST_TOUCH'],
    lookback,
    range,
    earliestMs: Math.max(0, from.minus({ months: lookback.months }).toMillis() - lookback.ms),
    where: normaliseFilter(request.where, 'where'),
    audience: normaliseAudience(request.audience, vocabulary, lifecycleStages, 'audience'),
  };
}
