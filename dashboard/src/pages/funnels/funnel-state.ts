// What the funnel builder holds, as it stands in the address, and as the API takes it. Pure.
import type { FunnelInput, FunnelOrder, RangeInput } from '../../api/generated.ts';
import { readWindow } from '../../selection/iso-duration.ts';
import { checkConditions, checkMatch, checkWord, filterInput, matchInput } from '../../selection/match.ts';
import type { Condition, Match } from '../../selection/match.ts';

export const ORDERS = ['ORDERED', 'STRICT', 'ANY'] as const satisfies readonly FunnelOrder[];
export const WINDOWS = ['PT30M', 'PT1H', 'P1D', 'P7D', 'P14D', 'P30D'] as const;
export const MAX_STEPS = 20;

export interface FunnelState {
  /** Null: the store's usual way to a purchase. */
  steps: Match[] | null;
  order: FunnelOrder;
  /** ISO 8601. */
  window: string;
  where: Condition[];
}

export const DEFAULTS: FunnelState = { steps: null, order: 'ORDERED', window: 'P14D', where: [] };

/** The parts that can be used of what stood in the address. */
export function checkFunnel(raw: Record<string, unknown>): Partial<FunnelState> {
  const order = checkWord(raw['order'], ORDERS);
  const window = raw['window'];
  const steps = Array.isArray(raw['steps'])
    ? raw['steps'].slice(0, MAX_STEPS).flatMap((step) => checkMatch(step) ?? [])
    : null;
  return {
    ...(steps && { steps }),
    ...(order && { order }),
    ...(typeof window === 'string' && readWindow(window) && { window }),
    ...(raw['where'] !== undefined && { where: checkConditions(raw['where']) }),
  };
}

/** The question; `labelOf` names each step, so that the answer brings the names it was asked with. */
export function funnelInput(
  state: Omit<FunnelState, 'steps'>,
  steps: readonly Match[],
  range: RangeInput,
  labelOf: (match: Match) => string | undefined,
): FunnelInput {
  const where = filterInput(state.where);
  return {
    steps: steps.map((step) => ({ match: matchInput(step, labelOf(step)) })),
    range,
    window: state.window,
    order: state.order,
    ...(where && { where }),
  };
}

/** The list with one item moved to another place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length) return [...list];
  const rest = list.filter((_, i) => i !== from);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}
