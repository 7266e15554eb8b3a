/**
 * Lifecycle rules, evaluated slowly and obviously over plain arrays: what the engine's stages are compared
 * with. Stands on the rule's words alone, not on the program's own form of them.
 */
import { DateTime } from 'luxon';
import { parseDuration } from '../../server/query/duration.ts';
import type { JourneyMap } from '../../server/journey/map.ts';
import type { Bounds, LifecycleRule } from '../../server/journey/rule.ts';
import type { StoredEvent } from '../support/events.ts';

/** One customer's events, of any order. */
export type History = readonly StoredEvent[];

export interface Person {
  readonly events: History;
  readonly traits: Readonly<Record<string, string>>;
}

/** The number of the stage at `t` (1 for the first of the map); 0 when not yet seen. */
export function stageAt(map: JourneyMap, person: Person, t: number): number {
  const known = person.events.filter((event) => event.timeMs <= t);
  if (known.length === 0) return 0;
  return map.lifecycle.findIndex(({ rule }) => holds(rule, { ...person, events: known }, t, map)) + 1;
}

function holds(rule: LifecycleRule, person: Person, t: number, map: JourneyMap): boolean {
  const orders = orderTimes(person.events, map);
  const alive = (at: number, within?: string) => within === undefined || leaves(at, within) > t;
  const isWithin = (count: number, { atLeast, atMost }: Bounds) =>
    count >= (atLeast ?? -Infinity) && count <= (atMost ?? Infinity);
  if ('all' in rule) return rule.all.every((part) => holds(part, person, t, map));
  if ('any' in rule) return rule.any.some((part) => holds(part, person, t, map));
  if ('not' in rule) return !holds(rule.not, person, t, map);
  if ('neverOrdered' in rule) return orders.length === 0;
  if ('noOrderFor' in rule) return orders.length > 0 && !orders.some((at) => alive(at, rule.noOrderFor));
  if ('orders' in rule) {
    return isWithin(orders.filter((at) => alive(at, rule.orders.within)).length, rule.orders);
  }
  if ('revenue' in rule) {
    const paid = person.events.filter((event) => alive(event.timeMs, rule.revenue.within));
    const cents = paid.reduce((sum, event) => sum + Math.round((event.revenue ?? 0) * 100), 0);
    return isWithin(cents / 100, rule.revenue);
  }
  if ('firstOrderWithin' in rule) {
    const [first] = orders;
    return first !== undefined && alive(first, rule.firstOrderWithin);
  }
  if ('cameBack' in rule) {
    const { within, after } = rule.cameBack;
    return orders.some((at, i) => i > 0 && alive(at, within) && at >= leaves(orders[i - 1] as number, after));
  }
  if ('did' in rule) {
    const names = rule.did.match?.events;
    const count = person.events.filter(
      (event) => (!names || names.includes(event.event)) && alive(event.timeMs, rule.did.within),
    ).length;
    const bare = rule.did.atLeast === undefined && rule.did.atMost === undefined;
    return isWithin(count, bare ? { atLeast: 1 } : rule.did);
  }
  if ('notSeenFor' in rule) {
    const names = rule.notSeenFor.match?.events;
    const seen = person.events.filter((event) => !names || names.includes(event.event));
    return seen.length > 0 && !seen.some((event) => alive(event.timeMs, rule.notSeenFor.for));
  }
  if ('trait' in rule) {
    const value = person.traits[rule.trait.property ?? ''];
    return value !== undefined && (rule.trait.values ?? []).includes(value);
  }
  return true;
}

/** The instant at which an event is as old as the window. */
function leaves(at: number, within: string): number {
  const { months, ms } = parseDuration(within, 'within');
  return DateTime.fromMillis(at, { zone: 'UTC' }).plus({ months }).toMillis() + ms;
}

/** Each order at its first event; an event with an order id and no negative revenue is (part of) an order. */
export function orderTimes(events: History, map: JourneyMap): readonly number[] {
  const first = new Map<string, number>();
  for (const event of events) {
    const isNamed = map.orderEvents.includes(event.event);
    const isPaid = event.orderId !== '' && event.revenue !== null && event.revenue >= 0;
    if (!isNamed && !(isPaid && !map.returnEvents.includes(event.event))) continue;
    const key = event.orderId === '' ? `event ${event.id}` : `order ${event.orderId}`;
    first.set(key, Math.min(first.get(key) ?? Infinity, event.timeMs));
  }
  return [...first.values()].sort((a, b) => a - b);
}

export interface GrowthCounts {
  readonly new: number;
  readonly returning: number;
  readonly resurrecting: number;
  readonly dormant: number;
}

/** `starts`: where the intervals begin, with one before the first and one after the last. */
export function growth(
  people: readonly Person[],
  starts: readonly number[],
  isActivity: (event: StoredEvent) => boolean,
): readonly GrowthCounts[] {
  return starts.slice(1, -1).map((_, i) => {
    const within = (ms: number, k: number) => ms >= (starts[k] as number) && ms < (starts[k + 1] as number);
    const counts = { new: 0, returning: 0, resurrecting: 0, dormant: 0 };
    for (const { events, traits } of people) {
      const active = (k: number) => events.some((event) => isActivity(event) && within(event.timeMs, k));
      const created = traits['created_at'];
      const first = created ? Date.parse(created) : Math.min(...events.map(({ timeMs }) => timeMs));
      if (active(i + 1)) {
        counts[within(first, i + 1) ? 'new' : active(i) ? 'returning' : 'resurrecting'] += 1;
      } else if (active(i)) counts.dormant += 1;
    }
    return counts;
  });
}
