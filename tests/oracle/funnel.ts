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
}

/** When each step was taken; null where it was not. */
export type StepTimes = readonly (number | null)[];

/** The best attempt's times by customer; customers who took no step are absent. */
export function evaluateFunnel(
  query: FunnelQuery,
  events: readonly OracleEvent[],
): ReadonlyMap<string, StepTimes> {
  const result = new Map<string, StepTimes>();
  for (const [customer, own] of byCustomer(events)) {
    const seen = own.filter(
      (e) => e.timeMs >= query.range.fromMs && e.timeMs < query.range.toMs && passes(query.where, e),
    );
    const best = bestOf(query, seen);
    if (best) result.set(customer, best);
  }
  return result;
}

function bestOf(query: FunnelQuery, events: readonly OracleEvent[]): StepTimes | null {
  const attempts =
    query.order === 'ORDERED'
      ? orderedAttempts(query, events)
      : query.order === 'STRICT'
        ? strictAttempts(query, events)
        : anyOrderAttempts(query, events);
  const fewest = query.order === 'ANY' ? firstWithMost : furthestThenSoonest;
  const [best] = [...attempts].sort(fewest);
  return best ? query.steps.map((_, k) => best[k] ?? null) : null;
}

type Attempt = readonly number[];

/** Furthest; of those there first; of those the latest start; of those the earliest times between. */
function furthestThenSoonest(a: Attempt, b: Attempt): number {
  const last = (x: Attempt): number => x.at(-1) ?? 0;
  const between = a.map((t, k) => t - (b[k] ?? 0)).find((d) => d !== 0) ?? 0;
  return b.length - a.length || last(a) - last(b) || (b[0] ?? 0) - (a[0] ?? 0) || between;
}

function firstWithMost(a: Attempt, b: Attempt): number {
  return b.length - a.length;
}

/** Every way to take the steps; at one instant, in whichever order. */
function orderedAttempts(query: FunnelQuery, events: readonly OracleEvent[]): Attempt[] {
  const found: Attempt[] = [];
  const walk = (chain: readonly OracleEvent[], end: number): void => {
    const step = query.steps[chain.length];
    const last = chain.at(-1);
    const open = events.filter(
      (e) =>
        step &&
        last &&
        e.timeMs >= last.timeMs &&
        e.timeMs <= end &&
        !chain.includes(e) &&
        matches(step.match, e),
    );
    if (open.length === 0) found.push(chain.map((e) => e.timeMs));
    const soonest = Math.min(...open.map((e) => e.timeMs));
    for (const e of open) if (e.timeMs === soonest) walk([...chain, e], end);
  };
  for (const start of events) {
    const first = query.steps[0];
    if (first && matches(first.match, start)) walk([start], windowEnd(start.timeMs, query));
  }
  return found;
}

/** Each event of the first step, and the events that follow it at once. */
function strictAttempts(query: FunnelQuery, events: readonly OracleEvent[]): Attempt[] {
  return legalOrders(query, events).flatMap((order) =>
    order.flatMap((start, i) => {
      const chain: number[] = [];
      const end = windowEnd(start.timeMs, query);
      for (const [k, step] of query.steps.entries()) {
        const e = order[i + k];
        if (!e || e.timeMs > end || !matches(step.match, e)) break;
        chain.push(e.timeMs);
      }
      return chain.length > 0 ? [chain] : [];
    }),
  );
}

/** An attempt may start anywhere; each event then takes the lowest step that is still free. */
function anyOrderAttempts(query: FunnelQuery, events: readonly OracleEvent[]): Attempt[] {
  const order = inStepOrder(query, events);
  return order.flatMap((start, i) => {
    if (maskOf(query, start) === 0) return [];
    const end = windowEnd(start.timeMs, query);
    const free = new Set(query.steps.keys());
    const chain: number[] = [];
    for (const e of order.slice(i)) {
      if (e.timeMs > end) break;
      const step = [...free].find((k) => matchesStep(query, k, e));
      if (step === undefined) continue;
      free.delete(step);
      chain.push(e.timeMs);
    }
    return [chain];
  });
}

function maskOf(query: FunnelQuery, event: OracleEvent): number {
  return query.steps.reduce((mask, _, k) => mask + (matchesStep(query, k, event) ? 2 ** k : 0), 0);
}

function matchesStep(query: FunnelQuery, k: number, event: OracleEvent): boolean {
  const step = query.steps[k];
  return step !== undefined && matches(step.match, event);
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
      const masks = new Set(instant.map((e) => maskOf(query, e)));
      const ways = masks.size < 2 ? [instant] : permutations(instant);
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

/** The operator IS on event properties, combined by all, any and not: what the worlds of the tests ask. */
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
