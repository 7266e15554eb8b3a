/**
 * Lifecycle rules as data, the form that stands in the journey map's file. A rule speaks of one customer
 * alone and of an instant: it uses what was known of the customer's events up to then. A rule is an object
 * with exactly one key; `{}` holds for everybody. Durations are ISO 8601. Windows reach back from the
 * instant: what is exactly as old as the window lies outside it, so that `orders within P60D` and
 * `noOrderFor P60D` never hold together.
 */
import type { EventMatchRequest } from '../query/event-match.ts';
import type { FilterRequest } from '../query/filter.ts';

export interface Bounds {
  readonly atLeast?: number;
  readonly atMost?: number;
  /** How far to look back; all time when absent. */
  readonly within?: string;
}

export interface Narrowed {
  /** Which events count, by their properties. */
  readonly where?: FilterRequest;
}

export type LifecycleRule =
  /** Holds for everybody: the catch-all. */
  | Readonly<Record<string, never>>
  | { readonly always: true }
  | { readonly neverOrdered: true }
  /** The customer has ordered, and not for this long. */
  | { readonly noOrderFor: string }
  /** How many orders there were; with `where`, of only the order events that pass it. */
  | { readonly orders: Bounds & Narrowed }
  /** The sum of revenue, returns deducted, in the deployment's currency; with `where`, of only the events that pass it. */
  | { readonly revenue: Bounds & Narrowed }
  /** The customer's first order is no older than this. */
  | { readonly firstOrderWithin: string }
  /** An order within `within` that came after a gap of `after` or longer without one: won back. */
  | { readonly cameBack: { readonly within: string; readonly after: string } }
  /** How often a matching event happened; `atLeast` is 1 when neither bound is given. */
  | { readonly did: Bounds & { readonly match?: EventMatchRequest } }
  /** A matching event has happened, and not for this long. Without `match`: any event. */
  | { readonly notSeenFor: { readonly for: string; readonly match?: EventMatchRequest } }
  /** A condition on the customer's traits as they are now. */
  | { readonly trait: FilterRequest }
  /** The stage that the customer was in before this one is among these (keys); see StagePlan.looksBack. */
  | { readonly stageBefore: readonly string[] }
  | { readonly all: readonly LifecycleRule[] }
  | { readonly any: readonly LifecycleRule[] }
  | { readonly not: LifecycleRule };

/** True for a rule that holds for everybody, as written. */
export function isCatchAll(rule: LifecycleRule): boolean {
  return Object.keys(rule).length === 0 || 'always' in rule;
}
