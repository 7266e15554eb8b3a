/** How facts of customers say which signals of a plan an event is one of: a bit each. */
import { KIND_BITS } from '../query/kept.ts';
import type { StagePlan } from './conditions.ts';

/** Numbers a fact: its instant and kinds, its order, its amount in ten-thousandths. */
export const FACT_WIDTH = 3;

/** On a fact that says when the customer was known; the earliest counts. */
export const KNOWN_BIT = 1;

export interface FactKinds {
  /** By sequence of orders. */
  readonly orders: readonly number[];
  /** By signal; 0 for those that are told from orders. */
  readonly signals: readonly number[];
}

/** Null where there are more kinds than bits. */
export function factKinds(plan: StagePlan): FactKinds | null {
  let bit = KNOWN_BIT;
  const next = (): number => (bit *= 2);
  const orders = plan.orders.map(next);
  const signals = plan.signals.map(({ kind }) => (kind === 'match' || kind === 'revenue' ? next() : 0));
  return bit < 2 ** KIND_BITS ? { orders, signals } : null;
}
