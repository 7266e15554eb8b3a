/**
 * The generated retailer's present: visits that begin, take their steps some seconds apart, and end. Asked for
 * what happened since the last time it was asked; owns no timer and no clock.
 */
import { liveVisit } from './live-session.ts';
import type { LiveStep, Shopper } from './live-session.ts';
import type { LiveEvent, LiveSource } from './live-event.ts';
import { PLACES } from './people.ts';
import { pick, poisson } from './random.ts';
import type { Random } from './random.ts';
import { ONLINE_HOURS } from './rhythm.ts';

/** Steps of a visit on average: visits begin at the rate of events divided by this. */
const STEPS_PER_VISIT = 3.3;
const MEAN_HOUR = ONLINE_HOURS.reduce((sum, weight) => sum + weight, 0) / 24;
const MAX_OPEN_VISITS = 500;

export interface LiveVisitsOptions {
  /** Customers who may come; with none, all visitors are new. */
  readonly shoppers: readonly Shopper[];
  readonly random: Random;
  /** In front of the ids of this run's visits. */
  readonly idPrefix: string;
  /** On average over a day. */
  readonly eventsPerSecond: number;
}

interface OpenVisit {
  readonly name: string;
  readonly shopper: Shopper;
  readonly steps: readonly LiveStep[];
  next: number;
  dueMs: number;
}

/** Visits of shoppers and new visitors; a burst now and then, fewer at night. */
export function liveVisits(options: LiveVisitsOptions): LiveSource {
  const { random, idPrefix } = options;
  const open: OpenVisit[] = [];
  let begun = 0;

  const begin = (nowMs: number): OpenVisit => {
    begun += 1;
    const shopper = nextShopper(options, begun, nowMs);
    return {
      name: `${idPrefix}-${begun}`,
      shopper,
      steps: liveVisit(random, shopper),
      next: 0,
      dueMs: nowMs,
    };
  };

  return (nowMs, elapsedMs) => {
    const expected = ((options.eventsPerSecond / STEPS_PER_VISIT) * elapsedMs * activity(nowMs)) / 1000;
    for (let due = poisson(random, expected); due > 0 && open.length < MAX_OPEN_VISITS; due -= 1)
      open.push(begin(nowMs));
    const events: LiveEvent[] = [];
    for (const visit of open) {
      if (visit.dueMs > nowMs) continue;
      events.push(eventOf(visit, nowMs));
      visit.next += 1;
      visit.dueMs = nowMs + 1500 + random() * 9000;
    }
    for (let at = open.length - 1; at >= 0; at -= 1) {
      if (open[at]!.next >= open[at]!.steps.length) open.splice(at, 1);
    }
    return Promise.resolve(events);
  };
}

/** Two visits in three are by customers; the others by people not seen before, some of whom sign up. */
function nextShopper(
  { shoppers, random, idPrefix }: LiveVisitsOptions,
  number: number,
  nowMs: number,
): Shopper {
  if (shoppers.length > 0 && random() < 0.66) {
    const awake = Array.from({ length: 3 }, () => pick(random, shoppers));
    return awake.reduce((best, next) => (hourWeight(next, nowMs) > hourWeight(best, nowMs) ? next : best));
  }
  const { country, city } = pick(random, PLACES);
  const isKnown = random() < 0.3;
  return { customerId: `${isKnown ? 'C' : 'V'}${idPrefix}${number.toString(36)}`, country, city, isKnown };
}

function hourWeight({ city }: Shopper, nowMs: number): number {
  const utcHours = PLACES.find((place) => place.city === city)?.utcHours ?? 0;
  return ONLINE_HOURS[(new Date(nowMs).getUTCHours() + utcHours + 24) % 24]!;
}

/** How busy this minute is against the mean: the hour where most customers live, and a wave of some minutes. */
function activity(nowMs: number): number {
  const hour =
    PLACES.reduce((sum, place) => sum + hourWeight({ ...place, customerId: '', isKnown: false }, nowMs), 0) /
    PLACES.length;
  const wave = 1 + 0.35 * Math.sin(nowMs / 23_000) + 0.25 * Math.sin(nowMs / 7_100);
  return Math.max(0.25, (0.4 + (0.6 * hour) / MEAN_HOUR) * wave);
}

function eventOf({ name, shopper, steps, next }: OpenVisit, nowMs: number): LiveEvent {
  const step = steps[next]!;
  return {
    id: `E${name}-${next}`,
    event: step.event,
    customerId: shopper.customerId,
    time: new Date(nowMs),
    channel: step.channel,
    sessionId: `S${name}`,
    properties: step.properties,
    ...(step.revenue !== null && { orderId: `O${name}`, revenue: step.revenue }),
  };
}
