/** The question of the lifecycle, normalised: no optionals left. */
import { normaliseAudience } from '../../query/audience.ts';
import type { Audience, AudienceRequest } from '../../query/audience.ts';
import { normaliseBreakdown } from '../../query/breakdown.ts';
import type { Breakdown, BreakdownAttribution, BreakdownRequest } from '../../query/breakdown.ts';
import { normaliseMatch } from '../../query/event-match.ts';
import type { EventMatch, EventMatchRequest } from '../../query/event-match.ts';
import type { CompileScope } from '../../query/events.ts';
import { normaliseFilter } from '../../query/filter.ts';
import type { Filter, FilterRequest } from '../../query/filter.ts';
import { intervalStarts } from '../../query/period.ts';
import type { Interval } from '../../query/period.ts';
import { inputError } from '../../query/problem.ts';
import { resolveRange } from '../../query/time-range.ts';
import type { RangeRequest, TimeRange } from '../../query/time-range.ts';

export const GROWTH_STATUSES = ['NEW', 'RETURNING', 'RESURRECTING', 'DORMANT'] as const;
export type GrowthStatus = (typeof GROWTH_STATUSES)[number];

export interface LifecycleRequest {
  readonly at?: Date | null;
  readonly range?: RangeRequest | null;
  readonly interval?: Interval | null;
  readonly activity?: EventMatchRequest | null;
  readonly where?: FilterRequest | null;
  readonly audience?: AudienceRequest | null;
  readonly breakdown?: BreakdownRequest | null;
}

export interface LifecycleQuery {
  /** Stages are told at this instant, from what was known by then. */
  readonly atMs: number;
  /** Of history, transitions and growth. */
  readonly range: TimeRange;
  readonly interval: Interval;
  /** Starts of the intervals that touch the range, in milliseconds. */
  readonly intervals: readonly number[];
  readonly activity: EventMatch;
  /** Which events the rules and growth may see. */
  readonly where: Filter;
  readonly audience: Audience | null;
  readonly breakdown: LifecycleBreakdown | null;
}

/** Which event of a customer up to `at` gives the value of an event property: the first or the last that has one. */
export interface LifecycleBreakdown extends Breakdown {
  readonly attribution: 'FIRST_TOUCH' | 'LAST_TOUCH';
}

const DEFAULT_LENGTH = 'P90D';

export function normaliseLifecycle(
  request: LifecycleRequest,
  { nowMs, vocabulary }: Pick<CompileScope, 'nowMs' | 'vocabulary'>,
  lifecycleStages: readonly string[],
): LifecycleQuery {
  const atMs = request.at?.getTime() ?? nowMs;
  const range = request.range
    ? resolveRange(request.range, nowMs, 'input.range')
    : resolveRange({ last: DEFAULT_LENGTH }, atMs, 'input.at');
  const interval = request.interval ?? 'DAY';
  return {
    atMs,
    range,
    interval,
    intervals: intervalStarts(range, interval, 'input.interval'),
    activity: normaliseMatch(request.activity, vocabulary, 'input.activity'),
    where: normaliseFilter(request.where, 'input.where'),
    audience: normaliseAudience(request.audience, vocabulary, lifecycleStages, 'input.audience'),
    breakdown: breakdownOf(request.breakdown),
  };
}

function breakdownOf(request: BreakdownRequest | null | undefined): LifecycleBreakdown | null {
  const breakdown = normaliseBreakdown(request, 'input.breakdown');
  const attribution: BreakdownAttribution = request?.attribution ?? 'FIRST_TOUCH';
  if (!breakdown) return null;
  if (attribution === 'FIRST_TOUCH' || attribution === 'LAST_TOUCH') return { ...breakdown, attribution };
  throw inputError(
    'input.breakdown.attribution',
    'BAD_BREAKDOWN',
    `A lifecycle has no steps that ${attribution} could speak of: take FIRST_TOUCH or LAST_TOUCH.`,
  );
}

/** The instants at which history tells the stages: both ends of the range, and where intervals begin between. */
export function historyPoints({ range, intervals }: LifecycleQuery): readonly number[] {
  return [range.fromMs, ...intervals.filter((start) => start > range.fromMs), range.toMs];
}
