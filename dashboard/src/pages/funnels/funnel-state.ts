// What the funnel builder holds, as it stands in the address, and as the API takes it. Pure.
import type {
  FunnelExclusionInput,
  FunnelInput,
  FunnelOrder,
  FunnelStepInput,
  PropertyScope,
  RangeInput,
  StepOccurrence,
} from '../../api/generated.ts';
import { breakdownInput, checkBreakdown } from '../../selection/breakdown.ts';
import type { Breakdown } from '../../selection/breakdown.ts';
import { readWindow } from '../../selection/iso-duration.ts';
import { checkMatch, checkWord, isRecord, isText, matchInput } from '../../selection/match.ts';
import type { Match } from '../../selection/match.ts';

export const ORDERS = ['ORDERED', 'STRICT', 'ANY'] as const satisfies readonly FunnelOrder[];
export const WINDOWS = ['PT30M', 'PT1H', 'P1D', 'P7D', 'P14D', 'P30D'] as const;
export const OCCURRENCES = ['FIRST_EVER', 'FIRST_MATCHING'] as const satisfies readonly StepOccurrence[];
export const SERIES_VIEWS = ['bars', 'table'] as const;
export const MAX_STEPS = 20;
export const MAX_EXCLUSIONS = 20;
export const MAX_HELD = 5;
export const MAX_OPTIONAL = 4;

export interface Step extends Match {
  /** May be skipped; heeded in the order ORDERED only, and never for the first. */
  optional?: boolean;
  occurrence?: (typeof OCCURRENCES)[number];
}

/** Whoever does it after one step and before another leaves the funnel. */
export interface Exclusion {
  match: Match;
  fromStep: number;
  toStep: number;
}

/** From one step to another; null: the last, however many there are. */
export interface StepSpan {
  from: number;
  to: number | null;
}
export const WHOLE: StepSpan = { from: 0, to: null };

export interface FunnelState {
  /** Null: the store's usual way to a purchase. */
  steps: Step[] | null;
  order: FunnelOrder;
  /** ISO 8601. */
  window: string;
  exclude: Exclusion[];
  /** Event properties that keep one value through all steps. */
  hold: string[];
  breakdown: Breakdown | null;
  series: (typeof SERIES_VIEWS)[number];
  trend: StepSpan;
  times: StepSpan;
  /** Whose properties are held against converting. */
  correlate: PropertyScope;
}

export const DEFAULTS: FunnelState = {
  steps: null,
  order: 'ORDERED',
  window: 'P14D',
  exclude: [],
  hold: [],
  breakdown: null,
  series: 'bars',
  trend: WHOLE,
  times: WHOLE,
  correlate: 'EVENT',
};

/** The parts that can be used of what stood in the address. */
export function checkFunnel(raw: Record<string, unknown>): Partial<FunnelState> {
  const order = checkWord(raw['order'], ORDERS);
  const window = raw['window'];
  const series = checkWord(raw['series'], SERIES_VIEWS);
  const list = <T>(name: string, most: number, check: (entry: unknown) => T | null): T[] | null =>
    Array.isArray(raw[name])
      ? raw[name].slice(0, most).flatMap((entry: unknown) => check(entry) ?? [])
      : null;
  const steps = list('steps', MAX_STEPS, checkStep);
  const exclude = list('exclude', MAX_EXCLUSIONS, checkExclusion);
  const hold = list('hold', MAX_HELD, (entry) => (isText(entry) && entry ? entry : null));
  const trend = checkSpan(raw['trend']);
  const times = checkSpan(raw['times']);
  const breakdown = checkBreakdown(raw['breakdown']);
  return {
    ...(steps && { steps }),
    ...(order && { order }),
    ...(typeof window === 'string' && readWindow(window) && { window }),
    ...(exclude && { exclude }),
    ...(hold && { hold }),
    ...(breakdown && { breakdown }),
    ...(series && { series }),
    ...(trend && { trend }),
    ...(times && { times }),
    ...(raw['correlate'] === 'CUSTOMER' && { correlate: 'CUSTOMER' as const }),
  };
}

function checkStep(raw: unknown): Step | null {
  const match = checkMatch(raw);
  if (!match || !isRecord(raw)) return null;
  const occurrence = checkWord(raw['occurrence'], OCCURRENCES);
  return { ...match, ...(raw['optional'] === true && { optional: true }), ...(occurrence && { occurrence }) };
}

const isPlace = (raw: unknown): raw is number => Number.isInteger(raw) && Number(raw) >= 0;

function checkExclusion(raw: unknown): Exclusion | null {
  if (!isRecord(raw)) return null;
  const { fromStep, toStep } = raw;
  const match = checkMatch(raw['match']);
  return match && isPlace(fromStep) && isPlace(toStep) && fromStep < toStep
    ? { match, fromStep, toStep }
    : null;
}

function checkSpan(raw: unknown): StepSpan | null {
  if (!isRecord(raw)) return null;
  const { from, to } = raw;
  return isPlace(from) && (to === null || (isPlace(to) && to > from)) ? { from, to } : null;
}

/** The span within a funnel of so many steps; the whole where it does not fit. */
export function spanWithin({ from, to }: StepSpan, steps: number): { fromStep: number; toStep: number } {
  const last = Math.max(0, steps - 1);
  const toStep = to === null ? last : Math.min(to, last);
  return from < toStep ? { fromStep: from, toStep } : { fromStep: 0, toStep: last };
}

/** A span that is not the whole, in words that go before others: "“Viewed” to “Bought”: "; else empty. */
export function spanWords(
  { fromStep, toStep }: { fromStep: number; toStep: number },
  names: readonly string[],
  words: { spanText: (from: string, to: string) => string },
): string {
  if (fromStep === 0 && toStep === names.length - 1) return '';
  return words.spanText(names[fromStep] ?? '', names[toStep] ?? '');
}

/** True where the step may be skipped: the server takes it in the order ORDERED, never for the first. */
export const isSkippable = (step: Step, index: number, order: FunnelOrder): boolean =>
  step.optional === true && order === 'ORDERED' && index > 0;

/** The exclusions that fit a funnel of so many steps; an end beyond the last is the last. */
export function exclusionsWithin(exclude: readonly Exclusion[], steps: number): Exclusion[] {
  return exclude
    .map((one) => ({ ...one, toStep: Math.min(one.toStep, steps - 1) }))
    .filter((one) => one.fromStep < one.toStep);
}

/** The question; `labelOf` names each step, so that the answer brings the names it was asked with. */
export function funnelInput(
  state: Omit<FunnelState, 'steps'>,
  steps: readonly Step[],
  selected: Pick<FunnelInput, 'where' | 'audience'> & { range: RangeInput },
  labelOf: (match: Match) => string | undefined,
): FunnelInput {
  const exclude = exclusionsWithin(state.exclude, steps.length).map(
    ({ match, ...span }): FunnelExclusionInput => ({ match: matchInput(match), ...span }),
  );
  return {
    steps: steps.map((step, i): FunnelStepInput => ({
      match: matchInput(step, labelOf(step)),
      ...(isSkippable(step, i, state.order) && { optional: true }),
      ...(step.occurrence && { occurrence: step.occurrence }),
    })),
    ...selected,
    window: state.window,
    order: state.order,
    ...(exclude.length && { exclude }),
    ...(state.hold.length && { holdConstant: state.hold }),
  };
}

/** The same question, one answer a value. */
export function brokenDown(input: FunnelInput, breakdown: Breakdown): FunnelInput {
  const steps = input.order === 'ANY' ? 1 : input.steps.length;
  return { ...input, breakdown: breakdownInput(breakdown, { steps }) };
}

/** The list with one item moved to another place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length) return [...list];
  const rest = list.filter((_, i) => i !== from);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}
