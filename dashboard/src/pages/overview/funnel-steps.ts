// The main funnel on any store's catalogue. Pure.
import type { CatalogQuery, EventMatchInput } from '../../api/generated.ts';
import { usualSteps } from '../../selection/usual-steps.ts';

type CatalogEvent = CatalogQuery['catalog']['events'][number];

const STAGES_TO_PURCHASE = ['awareness', 'consideration', 'decision', 'purchase'];

export interface MainStep {
  event: string;
  /** 1 for the first time in the funnel; 2, 3 when the same event stands again (a second, third order). */
  repeat: number;
}

/** The usual steps; one event three times over where a store knows only that; empty for an empty store. */
export function mainSteps(events: readonly CatalogEvent[]): MainStep[] {
  const names = usualSteps(events, STAGES_TO_PURCHASE).map(({ value }) => value);
  const [only] = names;
  if (only !== undefined && new Set(names).size === 1)
    return [1, 2, 3].map((repeat) => ({ event: only, repeat }));
  return names.map((event) => ({ event, repeat: 1 }));
}

/** The match of one step. */
export function matchOf(step: MainStep): EventMatchInput {
  return { events: [step.event] };
}
