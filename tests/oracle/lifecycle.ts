/**
 * Lifecycle rules, evaluated slowly and obviously over plain arrays: what the engine's stages are compared
 * with. Stands on the rule's words alone, not on the program's own form of them.
 */
import { DateTime } from 'luxon';
import { parseDuration } from '../../server/query/duration.ts';
import type { EventMatchRequest } from '../../server/query/event-match.ts';
import type { FilterRequest } from '../../server/query/filter.ts';
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
  if (simpleRules(map).length < allRules(map).length) return movedTo(map, person, t).stage;
  return map.lifecycle.findIndex(({ rule }) => holds(rule, { ...person, events: known }, t, map)) + 1;
}

/** Rules that ask for the stage before: the last move up to `t`, with the stage before it. */
export function movedTo(map: JourneyMap, person: Person, t: number): Omit<Move, 'at'> {
  const moves = moved.get(person)?.get(map) ?? movesOf(map, person);
  moved.set(person, (moved.get(person) ?? new WeakMap<JourneyMap, readonly Move[]>()).set(map, moves));
  return moves.filter(({ at }) => at <= t).at(-1) ?? { stage: 0, before: 0 };
}

const moved = new WeakMap<Person, WeakMap<JourneyMap, readonly Move[]>>();

interface Move {
  readonly at: number;
  readonly stage: number;
  readonly before: number;
}

/** One look, from the events up to it, at every instant at which a simple rule turns. */
function movesOf(map: JourneyMap, person: Person): readonly Move[] {
  const windows = [...new Set(JSON.stringify(map.lifecycle).match(/"P[0-9TDHMW]+"/g))].map((text) =>
    text.slice(1, -1),
  );
  const times = person.events.map(({ timeMs }) => timeMs);
  const instants = [...times, ...times.flatMap((at) => windows.map((within) => leaves(at, within)))];
  const moves: Move[] = [];
  let [stage, before, seen] = [0, 0, ''];
  for (const at of [...new Set(instants)].sort((a, b) => a - b)) {
    const told = { ...person, events: person.events.filter(({ timeMs }) => timeMs <= at) };
    const truths = simpleRules(map).map((rule) => holds(rule, told, at, map));
    if (truths.join() === seen) continue;
    seen = truths.join();
    const entered =
      1 +
      map.lifecycle.findIndex(({ rule }, i) => holds(rule, told, at, map, i + 1 === stage ? before : stage));
    if (entered === stage) continue;
    [stage, before] = [entered, stage];
    moves.push({ at, stage, before });
  }
  return moves;
}

/** All that rules are made of, but what joins them. */
function allRules(map: JourneyMap): readonly LifecycleRule[] {
  const parts = (rule: LifecycleRule): readonly LifecycleRule[] =>
    'all' in rule
      ? rule.all.flatMap(parts)
      : 'any' in rule
        ? rule.any.flatMap(parts)
        : 'not' in rule
          ? parts(rule.not)
          : [rule];
  return map.lifecycle.flatMap(({ rule }) => parts(rule));
}

function simpleRules(map: JourneyMap): readonly LifecycleRule[] {
  return allRules(map).filter((rule) => !('stageBefore' in rule));
}

/** `before`: the number of the stage before, as it is for the stage whose rule this is. */
function holds(rule: LifecycleRule, person: Person, t: number, map: JourneyMap, before = 0): boolean {
  const orders = orderTimes(person.events, map);
  const alive = (at: number, within?: string) => within === undefined || leaves(at, within) > t;
  const isWithin = (count: number, { atLeast, atMost }: Bounds) =>
    count >= (atLeast ?? -Infinity) && count <= (atMost ?? Infinity);
  if ('all' in rule) return rule.all.every((part) => holds(part, person, t, map, before));
  if ('any' in rule) return rule.any.some((part) => holds(part, person, t, map, before));
  if ('not' in rule) return !holds(rule.not, person, t, map, before);
  if ('neverOrdered' in rule) return orders.length === 0;
  if ('noOrderFor' in rule) return orders.length > 0 && !orders.some((at) => alive(at, rule.noOrderFor));
  if ('stageBefore' in rule) {
    return rule.stageBefore.includes(map.lifecycle[before - 1]?.key ?? '');
  }
  if ('orders' in rule) {
    const own = orderTimes(person.events, map, rule.orders.where);
    return isWithin(own.filter((at) => alive(at, rule.orders.within)).length, rule.orders);
  }
  if ('revenue' in rule) {
    const { within, where } = rule.revenue;
    const paid = person.events.filter((event) => alive(event.timeMs, within) && passes(event, where));
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
    const { match, within } = rule.did;
    const count = person.events.filter((event) => isOne(event, match) && alive(event.timeMs, within)).length;
    const bare = rule.did.atLeast === undefined && rule.did.atMost === undefined;
    return isWithin(count, bare ? { atLeast: 1 } : rule.did);
  }
  if ('notSeenFor' in rule) {
    const seen = person.events.filter((event) => isOne(event, rule.notSeenFor.match));
    return seen.length > 0 && !seen.some((event) => alive(event.timeMs, rule.notSeenFor.for));
  }
  if ('trait' in rule) {
    const value = person.traits[rule.trait.property ?? ''];
    return value !== undefined && (rule.trait.values ?? []).includes(value);
  }
  return true;
}

function isOne(event: StoredEvent, match: EventMatchRequest | undefined): boolean {
  const isNamed = !match?.events || match.events.includes(event.event);
  const isThere = !match?.channels || match.channels.includes(event.channel);
  return isNamed && isThere && passes(event, match?.where ?? undefined);
}

/** Filters of one property, as the tests' worlds write them. */
function passes(event: StoredEvent, where: FilterRequest | undefined): boolean {
  if (!where) return true;
  const value = event.properties[where.property ?? ''] as string | undefined;
  const isListed = value !== undefined && (where.values ?? []).includes(value);
  if (where.op === 'IS_SET') return value !== undefined;
  return where.op === 'IS_NOT' ? !isListed : isListed;
}

/** The instant at which an event is as old as the window. */
function leaves(at: number, within: string): number {
  const { months, ms } = parseDuration(within, 'within');
  return DateTime.fromMillis(at, { zone: 'UTC' }).plus({ months }).toMillis() + ms;
}

/** Each order at its first event; an event with an order id and no negative revenue is (part of) an order. */
export function orderTimes(events: History, map: JourneyMap, where?: FilterRequest): readonly number[] {
  const first = new Map<string, number>();
  for (const event of events) {
    const isNamed = map.orderEvents.includes(event.event);
    const isPaid = event.orderId !== '' && event.revenue !== null && event.revenue >= 0;
    if (!passes(event, where)) continue;
    if (!isNamed && !(isPaid && !map.returnEvents.includes(event.event))) continue;
    const key = event.orderId === '' ? `event ${event.id}` : `order ${event.orderId}`;
    first.set(key, Math.min(first.get(key) ?? Infinity, event.timeMs));
  }
  return [...first.values()].sort((a, b) => a - b);
}

/**
 * The customer's values for a breakdown: the traits as they are, or those of the first or last event up to `t`
 * that has one; equal times by id.
 */
export function groupOf(
  { events, traits }: Person,
  asked: { readonly properties: readonly string[]; readonly of: string; readonly attribution: string },
  t: number,
): readonly string[] {
  if (asked.of === 'CUSTOMER') return asked.properties.map((property) => traits[property] ?? '');
  const valuesOf = (event: StoredEvent) =>
    asked.properties.map((property) =>
      property === 'channel' ? event.channel : ((event.properties[property] as string | undefined) ?? ''),
    );
  const touches = events
    .filter((event) => event.timeMs <= t && valuesOf(event).some((value) => value !== ''))
    .sort((a, b) => a.timeMs - b.timeMs || (a.id < b.id ? -1 : 1));
  const touch = asked.attribution === 'FIRST_TOUCH' ? touches[0] : touches.at(-1);
  return touch ? valuesOf(touch) : asked.properties.map(() => '');
}

export type GrowthPeople = Readonly<
  Record<'new' | 'returning' | 'resurrecting' | 'dormant', readonly Person[]>
>;

/** `starts`: where the intervals begin, with one before the first and one after the last. */
export function growthOf(
  people: readonly Person[],
  starts: readonly number[],
  isActivity: (event: StoredEvent) => boolean,
): readonly GrowthPeople[] {
  return starts.slice(1, -1).map((_, i) => {
    const within = (ms: number, k: number) => ms >= (starts[k] as number) && ms < (starts[k + 1] as number);
    const found = {
      new: [] as Person[],
      returning: [] as Person[],
      resurrecting: [] as Person[],
      dormant: [] as Person[],
    };
    for (const person of people) {
      const active = (k: number) =>
        person.events.some((event) => isActivity(event) && within(event.timeMs, k));
      const created = person.traits['created_at'];
      const first = created ? Date.parse(created) : Math.min(...person.events.map(({ timeMs }) => timeMs));
      if (active(i + 1)) {
        found[within(first, i + 1) ? 'new' : active(i) ? 'returning' : 'resurrecting'].push(person);
      } else if (active(i)) found.dormant.push(person);
    }
    return found;
  });
}
