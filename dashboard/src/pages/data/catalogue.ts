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

/** A line of the table: the head of a stage, or an event of it. */
interface Line extends Omit<StageEvents, 'events'> {
  event: CatalogEvent | null;
}

/** The groups as the lines of one list. */
export const linesOf = (groups: readonly StageEvents[]): Line[] =>
  groups.flatMap(({ events, ...group }) => [null, ...events].map((event) => ({ ...group, event })));

interface DrawnStage extends Omit<StageEvents, 'events'> {
  lines: Line[];
  /** The place of its first line among all. */
  from: number;
}

/** The lines that are drawn, by stage. */
export function drawnOf(lines: readonly Line[], { from, to }: { from: number; to: number }): DrawnStage[] {
  const stages: DrawnStage[] = [];
  lines.slice(from, to).forEach((line, i) => {
    const last = stages.at(-1);
    if (last?.stage === line.stage) last.lines.push(line);
    else stages.push({ stage: line.stage, count: line.count, lines: [line], from: from + i });
  });
  return stages;
}
