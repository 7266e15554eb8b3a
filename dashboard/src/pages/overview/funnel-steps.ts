// Which events make the main funnel and what counts as a purchase, on any store's catalogue. Pure.
import type { CatalogQuery, EventMatchInput } from '../../api/generated.ts';

type CatalogEvent = CatalogQuery['catalog']['events'][number];

/** The usual way to an order; used where the store has at least three of these. */
const USUAL = ['product_viewed', 'product_added', 'checkout_started', 'order_completed'];
const STAGE_ORDER = ['awareness', 'consideration', 'decision', 'purchase'];

export interface MainStep {
  event: string;
  /** 1 for the first time in the funnel; 2, 3 when the same event stands again (a second, third order). */
  repeat: number;
}

/**
 * The steps of the main funnel: the usual events where they exist, else the most frequent event of each
 * stage on the way to a purchase, else one event three times over; empty for an empty store.
 */
export function mainSteps(events: readonly CatalogEvent[]): MainStep[] {
  const usual = USUAL.filter((name) => events.some((event) => event.name === name));
  const chosen = usual.length >= 3 ? usual : byStage(events);
  if (chosen.length >= 2) return chosen.map((event) => ({ event, repeat: 1 }));
  const only = purchaseEvent(events);
  return only === null ? [] : [1, 2, 3].map((repeat) => ({ event: only, repeat }));
}

function byStage(events: readonly CatalogEvent[]): string[] {
  return STAGE_ORDER.flatMap((stage) => {
    const best = mostFrequent(events.filter((event) => event.stage === stage));
    return best ? [best.name] : [];
  });
}

function mostFrequent(events: readonly CatalogEvent[]): CatalogEvent | undefined {
  return events.reduce<CatalogEvent | undefined>(
    (best, event) => (best && best.count >= event.count ? best : event),
    undefined,
  );
}

/** The event that is a purchase: `order_completed`, else the purchase stage's most frequent, else any. */
export function purchaseEvent(events: readonly CatalogEvent[]): string | null {
  if (events.some((event) => event.name === 'order_completed')) return 'order_completed';
  const staged = events.filter((event) => event.stage === 'purchase');
  return (mostFrequent(staged) ?? mostFrequent(events))?.name ?? null;
}

/** The match of one step. */
export function matchOf(step: MainStep): EventMatchInput {
  return { events: [step.event] };
}
