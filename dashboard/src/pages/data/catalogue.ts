// The catalogue's events by stage of the journey, as the page lists them. Pure.
import type { CatalogQuery, JourneyMapQuery } from '../../api/generated.ts';

type CatalogEvent = CatalogQuery['catalog']['events'][number];
type Stage = JourneyMapQuery['journeyMap']['stages'][number];

export interface StageEvents {
  /** Null: in no stage. */
  stage: Stage | null;
  events: CatalogEvent[];
  count: number;
}

/**
 * Events that fit the search (by the name sent or the name shown), in the order of the journey's stages, those of
 * none last; a stage without any is left out.
 */
export function byStage(
  events: readonly CatalogEvent[],
  stages: readonly Stage[],
  search: string,
  shown: (name: string) => string,
): StageEvents[] {
  const wanted = search.trim().toLowerCase();
  const found = events.filter(
    ({ name }) => name.toLowerCase().includes(wanted) || shown(name).toLowerCase().includes(wanted),
  );
  const known = new Set(stages.map(({ key }) => key));
  const groups = [...stages, null].map((stage) => {
    const own = found.filter((event) =>
      stage ? event.stage === stage.key : event.stage === null || !known.has(event.stage),
    );
    return { stage, events: own, count: own.reduce((sum, { count }) => sum + count, 0) };
  });
  return groups.filter((group) => group.events.length > 0);
}
