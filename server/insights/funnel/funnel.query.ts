/**
 * The funnel question, normalised: no optionals left, defaults and limits in one place. Pure; knows neither
 * GraphQL nor SQL.
 */
import { normaliseAudience } from '../../query/audience.ts';
import type { Audience, AudienceRequest } from '../../query/audience.ts';
import { normaliseBreakdown } from '../../query/breakdown.ts';
import type { Breakdown, BreakdownAttribution, BreakdownRequest } from '../../query/breakdown.ts';
import { parseDuration } from '../../query/duration.ts';
import type { Span } from '../../query/duration.ts';
import { normaliseMatch } from '../../query/event-match.ts';
import type { EventMatch, EventMatchRequest } from '../../query/event-match.ts';
import type { EventVocabulary } from '../../query/events.ts';
import { normaliseFilter } from '../../query/filter.ts';
import type { Filter, FilterRequest } from '../../query/filter.ts';
import { resolveRange } from '../../query/time-range.ts';
import type { RangeRequest, TimeRange } from '../../query/time-range.ts';

export const FUNNEL_ORDERS = ['ORDERED', 'STRICT', 'ANY'] as const;
export type FunnelOrder = (typeof FUNNEL_ORDERS)[number];

export const DEFAULT_WINDOW = 'P14D';
export const MAX_STEPS = 20;
export const MAX_OPTIONAL = 4;
export const MAX_EXCLUSIONS = 20;
export const MAX_HELD = 5;

export const STEP_OCCURRENCES = ['ANY', 'FIRST_EVER', 'FIRST_MATCHING'] as const;
export type StepOccurrence = (typeof STEP_OCCURRENCES)[number];

export interface FunnelStepRequest {
  readonly match: EventMatchRequest;
  readonly occurrence?: StepOccurrence | null;
  readonly optional?: boolean | null;
}

export interface FunnelExclusionRequest {
  readonly match: EventMatchRequest;
  readonly fromStep: number;
  readonly toStep: number;
}

/** What a caller sends. */
export interface FunnelRequest {
  readonly steps: readonly FunnelStepRequest[];
  readonly range: RangeRequest;
  readonly window?: string | null;
  readonly order?: FunnelOrder | null;
  readonly exclude?: readonly FunnelExclusionRequest[] | null;
  readonly holdConstant?: readonly string[] | null;
  readonly where?: FilterRequest | null;
  readonly audience?: AudienceRequest | null;
  readonly breakdown?: BreakdownRequest | null;
}

export interface FunnelStep {
  readonly match: EventMatch;
  readonly occurrence: StepOccurrence;
  readonly isOptional: boolean;
}

/** Whoever does `match` between `fromStep` and `toStep` (0-based) leaves the funnel. */
export interface FunnelExclusion {
  readonly match: EventMatch;
  readonly fromStep: number;
  readonly toStep: number;
}

export interface FunnelQuery {
  readonly steps: readonly FunnelStep[];
  readonly range: TimeRange;
  /** Time allowed from the first step to the last, counted per attempt. */
  readonly window: Span;
  readonly order: FunnelOrder;
  /** Without effect in strict order, where any event between is an interruption already. */
  readonly exclusions: readonly FunnelExclusion[];
  /** Event properties that must keep one value through all steps of an attempt. */
  readonly holdConstant: readonly string[];
  readonly where: Filter;
  /** Null: every customer. */
  readonly audience: Audience | null;
  readonly breakdown: FunnelBreakdown | null;
}

export interface FunnelBreakdown extends Breakdown {
  readonly attribution: BreakdownAttribution;
  /** For STEP: which step's event gives the value (0-based). */
  readonly step: number | null;
}

/** The words and the clock that a request is read with. */
export interface FunnelFrame {
  readonly vocabulary: EventVocabulary;
  readonly lifecycleStages: readonly string[];
  readonly nowMs: number;
}

/** Throws InputError where a part cannot be read; rules over the whole stand in funnel.validate.ts. */
export function normaliseFunnel(request: FunnelRequest, frame: FunnelFrame): FunnelQuery {
  return {
    steps: request.steps.map((step, i) => normaliseStep(step, frame, `steps[${i}]`)),
    range: resolveRange(request.range, frame.nowMs),
    window: parseDuration(request.window ?? DEFAULT_WINDOW, 'window'),
    order: request.order ?? 'ORDERED',
    exclusions: (request.exclude ?? []).map((exclusion, i) => ({
      match: normaliseMatch(exclusion.match, frame.vocabulary, `exclude[${i}].match`),
      fromStep: exclusion.fromStep,
      toStep: exclusion.toStep,
    })),
    holdConstant: [...new Set(request.holdConstant ?? [])],
    where: normaliseFilter(request.where, 'where'),
    audience: normaliseAudience(request.audience, frame.vocabulary, frame.lifecycleStages, 'audience'),
    breakdown: normaliseFunnelBreakdown(request.breakdown),
  };
}

function normaliseFunnelBreakdown(request: BreakdownRequest | null | undefined): FunnelBreakdown | null {
  const breakdown = normaliseBreakdown(request, 'breakdown');
  const { attribution, step } = request ?? {};
  return breakdown && { ...breakdown, attribution: attribution ?? 'FIRST_TOUCH', step: step ?? null };
}

function normaliseStep(step: FunnelStepRequest, frame: FunnelFrame, field: string): FunnelStep {
  return {
    match: normaliseMatch(step.match, frame.vocabulary, `${field}.match`),
    occurrence: step.occurrence ?? 'ANY',
    isOptional: step.optional ?? false,
  };
}
