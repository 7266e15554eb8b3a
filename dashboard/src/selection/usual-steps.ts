// Which events stand on the way to a purchase, on any store's catalogue: the defaults of builders. Pure.
import type { Match } from './match.ts';

interface CatalogEvent {
  name: string;
  stage?: string | null;
  count: number;
}

/** The usual way to an order; used where the store has at least three of these. */
const USUAL = ['product_viewed', 'product_added', 'checkout_started', 'order_completed'];
const ORDER_EVENTS = ['order_completed', 'Order Completed', 'purchase'];

const most = (events: readonly CatalogEvent[]): CatalogEvent | undefined =>
  events.reduce<CatalogEvent | undefined>(
    (best, event) => (best && best.count >= event.count ? best : event),
    undefined,
  );

const onEvent = (value: string): Match => ({ on: 'event', value });

/** The event that is a purchase: a known one, else the purchase stage's most frequent, else any. */
export function purchaseEvent(events: readonly CatalogEvent[]): string | null {
  const known = ORDER_EVENTS.find((name) => events.some((event) => event.name === name));
  return known ?? (most(events.filter((event) => event.stage === 'purchase')) ?? most(events))?.name ?? null;
}

/**
 * The steps of a first funnel: the usual events where they exist, else the most frequent event of each journey
 * stage (given in the map's order) up to the purchase, else the purchase twice; empty for an empty store.
 */
export function usualSteps(events: readonly CatalogEvent[], stages: readonly string[]): Match[] {
  const usual = USUAL.filter((name) => events.some((event) => event.name === name));
  if (usual.length >= 3) return usual.map(onEvent);
  const purchase = purchaseEvent(events);
  if (purchase === null) return [];
  const last = stages.indexOf(events.find((event) => event.name === purchase)?.stage ?? '');
  const before = stages.slice(0, Math.max(0, last)).flatMap((stage) => {
    const best = most(events.filter((event) => event.stage === stage));
    return best ? [best.name] : [];
  });
  return [...(before.length ? before : [purchase]), purchase].map(onEvent);
}
