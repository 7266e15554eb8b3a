/**
 * What questions are answered from: the store as a caller may see it at an instant, from what is kept where a live run
 * asks. Knows neither calls nor where their instants come from.
 */
import { setMaxListeners } from 'node:events';
import { may } from './access/rights.ts';
import type { Viewer } from './access/role.ts';
import type { Answers } from './answers/answers.ts';
import { askerOf, readerOf } from './answers/reader.ts';
import type { Caller } from './answers/turns.ts';
import type { Engine } from './engine/port.ts';
import type { Ingestion } from './ingest/ingest.service.ts';
import { people } from './insights/customers/people.ts';
import type { InsightScope } from './insights/scope.ts';
import type { JourneyMap } from './journey/map.ts';
import { vocabularyOf } from './journey/map.ts';
import { customersInLifecycleStages } from './journey/stage.sql.ts';
import type { AudienceLibrary } from './library/audience-library.ts';
import type { JourneyMapLibrary } from './library/journey-map-library.ts';
import type { Arrivals } from './live/arrivals.ts';
import type { Instant } from './live/instant.ts';
import type { Keeper } from './live/kept/keeper.ts';
import { keptReader } from './live/kept/reader.ts';
import type { Due } from './live/kept/reader.ts';

/** Live queries take turns as one caller. */
export const LIVE: Caller = ['live'];

export interface ScopeDeps {
  readonly engine: Engine;
  readonly keeper: Keeper;
  readonly arrivals: Pick<Arrivals, 'fresh'>;
  readonly answers: Answers;
  readonly audiences: Pick<AudienceLibrary, 'book'>;
  readonly ingestion: Pick<Ingestion, 'hasMergedIdentities'>;
  readonly journeyMaps: Pick<JourneyMapLibrary, 'held'>;
}

/** What a live run learns of its answers, and since when (performance.now) it runs. */
export interface LiveRun {
  readonly due: Due;
  readonly since: number;
}

/** What questions are answered from, at an instant and for a caller. */
export function scopes({ engine, journeyMaps, answers, arrivals, audiences, ingestion, keeper }: ScopeDeps) {
  return (
    { nowMs, isConfirmed }: Instant,
    caller: Caller,
    signal?: AbortSignal,
    run?: LiveRun,
  ): InsightScope => {
    // Each statement of a call listens to it; a call may have many.
    if (signal) setMaxListeners(0, signal);
    const journeyMap = journeyMaps.held.map;
    const vocabulary = { ...vocabularyOf(journeyMap), audiences: audiences.book };
    const stageScope = { nowMs, vocabulary, hasMergedIdentities: ingestion.hasMergedIdentities };
    const compile = withStages(journeyMap, stageScope);
    const asker = askerOf(caller, isConfirmed, () => arrivals.fresh());
    const reader = readerOf(engine, answers, asker);
    return {
      engine: run && caller === LIVE ? keptReader(reader, keeper, compile, run.due, run.since) : reader,
      journeyMap,
      compile,
      people,
      signal,
      canSeeSql: true,
    };
  };
}

/** As far as the viewer may see: statements tell which properties others asked for, and of whom. */
export function scopeOf({ role }: Viewer, scope: InsightScope): InsightScope {
  return { ...scope, canSeeSql: may(role, 'people') };
}

function withStages(journeyMap: JourneyMap, scope: Parameters<typeof customersInLifecycleStages>[1]) {
  return { ...scope, customersInLifecycleStages: customersInLifecycleStages(journeyMap, scope) };
}
