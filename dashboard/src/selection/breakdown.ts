// One answer per value of a property, as it stands in the address and as the API takes it. Pure.
import type { BreakdownAttribution, BreakdownInput, PropertyScope } from '../api/generated.ts';
import { checkWord, isRecord, isText } from './match.ts';

export const ATTRIBUTIONS = [
  'FIRST_TOUCH',
  'LAST_TOUCH',
  'ALL_STEPS',
  'STEP',
] as const satisfies readonly BreakdownAttribution[];
/** Whose value a customer has where there are no steps: by their first event that has one, or their last. */
export const TOUCHES = ['FIRST_TOUCH', 'LAST_TOUCH'] as const satisfies readonly BreakdownAttribution[];
export const LIMITS = [3, 5, 10, 20] as const;
export const MAX_PROPERTIES = 3;

export interface Breakdown {
  /** One, or several taken together. */
  properties: string[];
  of: PropertyScope;
  /** So many of the largest values stand apart. */
  limit: number;
  /** For funnels: which event gives the value. */
  attribution: BreakdownAttribution;
  /** For `STEP`: whose event gives it, from 0. */
  step: number;
}

/** The breakdown by one property, with defaults that give a readable picture. */
export const breakdownBy = (property: string, of: PropertyScope): Breakdown => ({
  properties: [property],
  of,
  limit: 5,
  attribution: 'FIRST_TOUCH',
  step: 0,
});

/** The breakdown that stood in the address; null when it cannot be used. */
export function checkBreakdown(raw: unknown): Breakdown | null {
  if (!isRecord(raw) || !Array.isArray(raw['properties'])) return null;
  const properties = raw['properties'].filter(isText).filter(Boolean).slice(0, MAX_PROPERTIES);
  const [first] = properties;
  if (first === undefined) return null;
  const step = Number(raw['step']);
  return {
    ...breakdownBy(first, checkWord(raw['of'], ['EVENT', 'CUSTOMER'] as const) ?? 'EVENT'),
    properties,
    limit: LIMITS.find((limit) => limit === raw['limit']) ?? 5,
    attribution: checkWord(raw['attribution'], ATTRIBUTIONS) ?? 'FIRST_TOUCH',
    step: Number.isInteger(step) && step >= 0 ? step : 0,
  };
}

/**
 * As the API takes it. Which event gives the value is said only where the analysis asks: a funnel of so many
 * steps, or one that knows first and last `touches`.
 */
export function breakdownInput(
  breakdown: Breakdown,
  { steps, touches = false }: { steps?: number; touches?: boolean } = {},
): BreakdownInput {
  const { properties, of, limit, attribution } = breakdown;
  const isOfStep = attribution === 'STEP' && steps !== undefined;
  const isAsked = steps !== undefined || (touches && attribution === 'LAST_TOUCH');
  return {
    properties,
    ...(of === 'CUSTOMER' && { of }),
    limit,
    ...(of === 'EVENT' && isAsked && attribution !== 'FIRST_TOUCH' && { attribution }),
    ...(of === 'EVENT' && isOfStep && { step: Math.min(breakdown.step, steps - 1) }),
  };
}

/** One value of the breakdown, as an answer names it. */
export interface SeriesKey {
  values: readonly string[];
  isOther: boolean;
}

/** An identity of a series for lists and the address: its values; the rest has none. */
export const seriesId = ({ values, isOther }: SeriesKey): string => (isOther ? '[]' : JSON.stringify(values));
