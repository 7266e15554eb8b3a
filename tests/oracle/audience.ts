/** Audiences the slow way: customer by customer, over plain arrays of events. */
import { passes } from './filter.ts';
import type { FilteredEvent, FilterNode, Json } from './filter.ts';

export interface AudienceCustomer {
  /** The id under which the merged customer is known. */
  readonly id: string;
  readonly events: readonly FilteredEvent[];
  readonly traits: Readonly<Record<string, Json>>;
  readonly lifecycleStage: string;
}

export interface MatchNode {
  readonly events?: readonly string[];
  readonly channels?: readonly string[];
  readonly where?: FilterNode;
}

export interface BehaviorNode {
  readonly match: MatchNode;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly within?: string;
}

export interface AudienceNode {
  readonly id?: string;
  readonly where?: FilterNode;
  readonly lifecycleStages?: readonly string[];
  readonly did?: readonly BehaviorNode[];
  readonly didNot?: readonly BehaviorNode[];
  readonly anyOf?: readonly AudienceNode[];
  readonly except?: AudienceNode;
}

export interface AudienceWorld {
  readonly nowMs: number;
  /** By id: a rule, or the ids of the members. */
  readonly saved: Readonly<Record<string, AudienceNode | readonly string[]>>;
}

export function isIn(customer: AudienceCustomer, node: AudienceNode, world: AudienceWorld): boolean {
  const { id, where, lifecycleStages = [], did = [], didNot = [], anyOf = [], except } = node;
  if (id !== undefined && !isInSaved(customer, id, world)) return false;
  if (where && !meets(customer, where)) return false;
  if (lifecycleStages.length > 0 && !lifecycleStages.includes(customer.lifecycleStage)) return false;
  if (!did.every((behavior) => hasDone(customer, behavior, world))) return false;
  if (didNot.some((behavior) => hasDone(customer, behavior, world))) return false;
  if (anyOf.length > 0 && !anyOf.some((part) => isIn(customer, part, world))) return false;
  return !(except && isIn(customer, except, world));
}

function isInSaved(customer: AudienceCustomer, id: string, world: AudienceWorld): boolean {
  const saved = world.saved[id];
  if (Array.isArray(saved)) return (saved as readonly string[]).includes(customer.id);
  return isIn(customer, saved as AudienceNode, world);
}

/** Some event of the customer passes; a filter on traits alone asks of the customer. */
function meets(customer: AudienceCustomer, where: FilterNode): boolean {
  return customer.events.some((event) => passes({ ...event, traits: customer.traits }, where));
}

function hasDone(customer: AudienceCustomer, behavior: BehaviorNode, { nowMs }: AudienceWorld): boolean {
  const { match, atLeast = 1, atMost = Infinity, within } = behavior;
  const count = customer.events.filter(
    (event) =>
      (within === undefined || (event.timeMs >= startOf(within, nowMs) && event.timeMs <= nowMs)) &&
      (match.events === undefined || match.events.includes(event.event)) &&
      (match.channels === undefined || match.channels.includes(event.channel)) &&
      (match.where === undefined || passes({ ...event, traits: customer.traits }, match.where)),
  ).length;
  return count >= atLeast && count <= atMost;
}

/** `P1M` back from March 31 is the last day of February; days have 24 hours. */
function startOf(within: string, nowMs: number): number {
  const [, count, unit] = /^PT?(\d+)([MDHS])$/.exec(within) ?? [];
  const n = Number(count);
  if (unit === 'D') return nowMs - n * 86_400_000;
  if (unit === 'H') return nowMs - n * 3_600_000;
  if (unit === 'S') return nowMs - n * 1000;
  const now = new Date(nowMs);
  const last = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - n + 1, 0));
  last.setUTCDate(Math.min(now.getUTCDate(), last.getUTCDate()));
  return last.getTime() + (nowMs % 86_400_000);
}
