// One figure of credit out of the answer. Pure.
import type { AttributionModel, AttributionSubscription } from '../../api/generated.ts';
import type { CREDIT_MEASURES } from './journey-state.ts';

export type CreditMeasure = (typeof CREDIT_MEASURES)[number];
export type CreditRow = AttributionSubscription['attribution']['rows'][number];

/** What the row earned by the model; null where the model was not asked for. */
export function creditOf(row: CreditRow, model: AttributionModel, measure: CreditMeasure): number | null {
  return row.credit.find((credit) => credit.model === model)?.[measure] ?? null;
}

/** Names that the server gives to rows of no value of their own. */
export const NONE = '(none)';
export const NOT_SET = '(not set)';
export const REST = '(other)';
export const isSpecial = (name: string): boolean => name === NONE || name === NOT_SET || name === REST;

/** A step of the ramp, 0..7, for a figure against the largest. */
export function shade(value: number, most: number): number {
  return most > 0 && value > 0 ? Math.max(1, Math.min(7, Math.round((value / most) * 7))) : 0;
}
