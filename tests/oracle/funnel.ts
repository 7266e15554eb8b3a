/**
 * Funnels evaluated slowly and obviously, one customer at a time over plain arrays, by the rules of
 * docs/semantics.md. Knows nothing of how the product matches.
 */
import { DateTime } from 'luxon';
import type { EventMatch } from '../../server/query/event-match.ts';
import type { Filter } from '../../server/query/filter.ts';
import type { FunnelQuery } from '../../server/insights/funnel/funnel.query.ts';

export interface OracleEvent {
  readonly id: string;
  readonly customer: string;
  readonly event: string;
  readonly timeMs: number;
  readonly channel: string;
  readonly properties: Readonly<Record<string, string>>;
  /** Set for an event that stands between others only: it does not carry what is held constant. */
  readonly takesNoStep?: boolean;
}

/** When each step was taken; null where it was not. */
export type StepTimes = readonly (number | null)[];

/** The best attempt's times by customer; customers who took no step are absent. */
export function evaluateFunnel(
  query: FunnelQuery,
  events: readonly OracleEvent[],
): ReadonlyMap<string, StepTimes> {
  const result = new Map<string, StepTimes>();
  for (const [customer, seen] of seenByCustomer(query, events)) {
    const attempts = perHeldValue(query, seen).flatMap((own) => attemptsOf(query, own));
    const best = bestTimes(query, attempts);
    if (best) result.set(customer, best);
  }
  return result;
}

/** Each customer's events in the range that pass the query's filter. */
export function seenByCustomer(
  query: FunnelQuery,
  events: readonly OracleEvent[],
): ReadonlyMap<string, readonly OracleEvent[]> {
  const { fromMs, toMs } = query.range;
  return byCustomer(events.filter((e) => e.timeMs >= fromMs && e.timeMs < toMs && passes(query.where, e)));
}

/** A customer's events as each value of what is held constant sees them. */
function perHeldValue(
  query: FunnelQuery,
  events: readonly OracleEvent[],
): readonly (readonly OracleEvent[])[] {
  if (query.holdConstant.length === 0) return [events];
  const valueOf = (event: OracleEvent): string | null => {
    const values = query.holdConstant.map((property) => event.properties[property]);
    return values.includes(undefined) ? null : JSON.stringify(values);
  };
  const values = [...new Set(events.map(valueOf))].filter((value) => value !== null);
  return values.map((value) =>
    events
      .filter((e) => query.order === 'STRICT' || valueOf(e) === value || valueOf(e) === null)
      .map((e) => (valueOf(e) === value ? e : { ...e, takesNoStep: true })),
  );
}

/** The times of the best of these attempts; null when there is none, or an exclusion hit all that got so far. */
export function bestTimes(query: FunnelQuery, attempts: readonly Attempt[]): StepTimes | null {
  const top = Math.max(...attempts.map((attempt) => attempt.reach));
  const clean = attempts.filter((attempt) => attempt.reach === top && attempt.isClean);
  const inOrder = query.order === 'ANY' ? firstStart : soonestThenLongest;
  const [best] = [...clean].sort(inOrder);
  return best ? query.steps.map((_, k) => best.times[k] ?? null) : null;
}

/** Whether an event may be taken for a step (0-based) besides matching it; in any order, for the first taken. */
export type MayTake = (event: OracleEvent, step: number) => boolean;

/** Every attempt of one customer. */
export function attemptsOf(
  query: FunnelQuery,
  events: readonly OracleEvent[],
  may: MayTake = () => true,
): readonly Attempt[] {
  if (query.order === 'ANY') return anyOrderAttempts(query, events, may);
  const takes: MayTake = (event, k) => matchesStep(query, k, event) && may(event, k);
  return query.order === 'STRICT'
    ? strictAttempts(query, events, takes)
    : orderedAttempts(query, events, takes);
}

/** When each step was taken (null: skipped or not reached), and how far it counts. */
export interface Attempt {
  readonly times: StepTimes;
  readonly reach: number;
  /** False when an exclusion hit it. */
  readonly isClean: boolean;
  /** True when it was hit and did go on. */
  readonly wentOn?: boolean;
}

/** The first start; of those the earliest times after it. */
const firstStart = (a: Attempt, b: Attempt): number =>
  a.times.map((t, k) => (t ?? 0) - (b.times[k] ?? 0)).find((d) => d !== 0) ?? 0;

/** There first; of those with most steps; of those the latest start; of those the earliest times between. */
function soonestThenLongest(a: Attempt, b: Attempt): number {
  const taken = (x: Attempt): number[] => x.times.filter((t) => t !== null);
  const between = taken(a)
    .map((t, k) => t - (taken(b)[k] ?? 0))
    .find((d) => d !== 0);
  return (
    Math.max(...taken(a)) - Math.max(...taken(b)) ||
    taken(b).length - taken(a).length ||
    (b.times[0] ?? 0) - (a.times[0] ?? 0) ||
    (between ?? 0)
  );
}

type Link = readonly [step: number, event: OracleEvent];

/**
 * Every way to take the steps from each start (those of one instant are one start); of these those that go
 * furthest, take most, end first, and take the earlier steps.
 */
function orderedAttempts(query: FunnelQuery, events: readonly OracleEvent[], takes: MayTake): Attempt[] {
  const starts = events.filter((e) => takes(e, 0));
  return [...new Set(starts.map((e) => e.timeMs))].flatMap((startMs) => {
    const end = windowEnd(startMs, query);
    const chains: (readonly Link[])[] = [];
    const walk = (chain: readonly Link[]): void => {
      chains.push(chain);
      const [step, last] = chain.at(-1) as Link;
      for (let k = step + 1; k < query.steps.length; k += 1) {
        const open = events.filter(
          (e) =>
            e.timeMs >= last.timeMs &&
            e.timeMs <= end &&
            !chain.some(([, used]) => used === e) &&
            takes(e, k),
        );
        const soonest = Math.min(...open.map((e) => e.timeMs));
        for (const e of open) if (e.timeMs === soonest) walk([...chain, [k, e]]);
        if (!query.steps[k]?.isOptional) break;
      }
    };
    for (const start of starts) if (start.timeMs === startMs) walk([[0, start]]);
    const key = (chain: readonly Link[]): readonly number[] => {
      const [step, last] = chain.at(-1) as Link;
      return [-step, -chain.length, last.timeMs, ...chain.map(([taken]) => taken)];
    };
    const [first] = [...chains].sort((a, b) => compare(key(a), key(b)));
    const best = chains.filter((chain) => first && compare(key(chain), key(first)) === 0);
    return best.map((chain) => judged(query, chain, events, end));
  });
}

function compare(a: readonly number[], b: readonly number[]): number {
  return a.map((x, i) => x - (b[i] ?? 0)).find((d) => d !== 0) ?? 0;
}

/** The first gap with an excluded event strictly inside it decides how far a hit attempt counts. */
function judged(
  query: FunnelQuery,
  chain: readonly Link[],
  events: readonly OracleEvent[],
  end: number,
): Attempt {
  const times = query.steps.map((_, k) => chain.find(([step]) => step === k)?.[1].timeMs ?? null);
  for (const [i, [step, event]] of chain.entries()) {
    const next = chain[i + 1];
    const hits = events.some(
      (e) =>
        e.timeMs > event.timeMs &&
        e.timeMs <= end &&
        (!next || e.timeMs < next[1].timeMs) &&
        query.exclusions.some((x) => x.fromStep <= step && step < x.toStep && matches(x.match, e)),
    );
    if (hits) return { times, reach: next ? next[0] : step, isClean: false, wentOn: next !== undefined };
  }
  return { times, reach: chain.at(-1)?.[0] ?? 0, isClean: true };
}

/** Each event of the first step, and the events that follow it at once. */
function strictAttempts(query: FunnelQuery, events: readonly OracleEvent[], takes: MayTake): Attempt[] {
  return legalOrders(query, events).flatMap((order) =>
    order.flatMap((start, i) => {
      const chain: number[] = [];
      const end = windowEnd(start.timeMs, query);
      for (const k of query.steps.keys()) {
        const e = order[i + k];
        if (!e || e.timeMs > end || !takes(e, k)) break;
        chain.push(e.timeMs);
      }
      return chain.length > 0 ? [{ times: chain, reach: chain.length - 1, isClean: true }] : [];
    }),
  );
}

/**
 * An attempt may start anywhere; each event then takes the lowest step that is still free. Of events at equal
 * times those that may start an attempt come first; excluded events take no step.
 */
function anyOrderAttempts(query: FunnelQuery, events: readonly OracleEvent[], may: MayTake): Attempt[] {
  const inOrder = inStepOrder(query, events);
  const order = inOrder
    .filter((e) => !isExcluded(query, e))
    .sort((a, b) => a.timeMs - b.timeMs || Number(may(b, 0)) - Number(may(a, 0)));
  return order.flatMap((start, i) => {
    if (maskOf(query, start) === 0 || !may(start, 0)) return [];
    const end = windowEnd(start.timeMs, query);
    const free = new Set(query.steps.keys());
    const chain: number[] = [];
    for (const e of order.slice(i)) {
      if (e.timeMs > end || free.size === 0) break;
      const step = [...free].find((k) => matchesStep(query, k, e));
      if (step === undefined) continue;
      free.delete(step);
      chain.push(e.timeMs);
    }
    // What happens at the instant of the last step is not before it.
    const until = free.size === 0 ? (chain.at(-1) ?? 0) - 1 : end;
    const isVoid = events.some((e) => e.timeMs > start.timeMs && e.timeMs <= until && isExcluded(query, e));
    if (isVoid) return [];
    return [{ times: chain, reach: chain.length - 1, isClean: true }];
  });
}

export const isExcluded = (query: FunnelQuery, event: OracleEvent): boolean =>
  query.exclusions.some((exclusion) => matches(exclusion.match, event));

const maskOf = (query: FunnelQuery, event: OracleEvent): number =>
  query.steps.reduce((mask, _, k) => mask + (matchesStep(query, k, event) ? 2 ** k : 0), 0);

export function matchesStep(query: FunnelQuery, k: number, event: OracleEvent): boolean {
  const step = query.steps[k];
  return step !== undefined && !event.takesNoStep && matches(step.match, event);
}

/** By time; within an instant step by step, events of no step first. */
function inStepOrder(query: FunnelQuery, events: readonly OracleEvent[]): readonly OracleEvent[] {
  return [...events].sort((a, b) => a.timeMs - b.timeMs || maskOf(query, a) - maskOf(query, b));
}

/** All orders of the events at equal times. */
function legalOrders(
  query: FunnelQuery,
  events: readonly OracleEvent[],
): readonly (readonly OracleEvent[])[] {
  const order = inStepOrder(query, events);
  const instants = [...new Set(order.map((e) => e.timeMs))].map((t) => order.filter((e) => e.timeMs === t));
  return instants.reduce<readonly (readonly OracleEvent[])[]>(
    (all, instant) => {
      const ways = permutations(instant);
      return all.flatMap((before) => ways.map((way) => [...before, ...way]));
    },
    [[]],
  );
}

function permutations<T>(list: readonly T[]): readonly (readonly T[])[] {
  if (list.length < 2) return [list];
  return list.flatMap((x, i) => permutations(list.toSpliced(i, 1)).map((rest) => [x, ...rest]));
}

function windowEnd(startMs: number, query: FunnelQuery): number {
  const months = DateTime.fromMillis(startMs, { zone: 'UTC' }).plus({ months: query.window.months });
  return months.toMillis() + query.window.ms;
}

function matches(match: EventMatch, event: OracleEvent): boolean {
  return (
    (match.anyOf.length === 0 || match.anyOf.some((part) => matches(part, event))) &&
    (match.events.length === 0 || match.events.includes(event.event)) &&
    (match.channels.length === 0 || match.channels.includes(event.channel)) &&
    passes(match.where, event)
  );
}

/** The operator IS on event properties, combined by all, any and not. */
function passes(filter: Filter, event: OracleEvent): boolean {
  switch (filter.kind) {
    case 'all':
      return filter.parts.every((part) => passes(part, event));
    case 'any':
      return filter.parts.some((part) => passes(part, event));
    case 'not':
      return !passes(filter.part, event);
    case 'condition':
      return filter.values.includes(event.properties[filter.property] ?? '');
  }
}

function byCustomer(events: readonly OracleEvent[]): ReadonlyMap<string, readonly OracleEvent[]> {
  const result = new Map<string, OracleEvent[]>();
  for (const event of events) {
    const own = result.get(event.customer);
    if (own) own.push(event);
    else result.set(event.customer, [event]);
  }
  return result;
}
