/**
 * The parts that serve calls, put together once: ingestion, the tail of arrivals, and what resolvers are given
 * with each call. Knows neither process nor HTTP.
 */
import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import type { Context } from './api/context.ts';
import type { Engine } from './engine/port.ts';
import { createIngestion } from './ingest/ingest.service.ts';
import type { Ingestion } from './ingest/ingest.service.ts';
import type { CustomerEvent } from './insights/customers/customers.service.ts';
import { people } from './insights/customers/people.ts';
import type { InsightScope } from './insights/scope.ts';
import type { JourneyMap } from './journey/map.ts';
import { vocabularyOf } from './journey/map.ts';
import { customersInLifecycleStages } from './journey/stage.sql.ts';
import { AudienceLibrary } from './library/audience-library.ts';
import { tailArrivals } from './live/arrivals.ts';
import type { Arrivals } from './live/arrivals.ts';
import { FeedHub } from './live/feed.ts';

export interface Services {
  readonly ingestion: Ingestion;
  readonly arrivals: Arrivals;
  /** What resolvers are given with one call or one live run; the signal ends its statements. */
  readonly createContext: (signal?: AbortSignal) => Promise<Context>;
  close(): Promise<void>;
}

export interface ServiceDeps {
  readonly engine: Engine;
  readonly journeyMap: JourneyMap;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export async function createServices({
  engine,
  journeyMap,
  log,
  now = Date.now,
}: ServiceDeps): Promise<Services> {
  const ingestion = await createIngestion({ engine, log, now });
  const arrivals = tailArrivals(engine, log);
  ingestion.onStored(() => arrivals.nudge());
  ingestion.onIdentified(() => arrivals.nudge());
  const audiences = new AudienceLibrary({ engine, now, log });
  audiences.onChanged(() => arrivals.nudge());
  const mapVocabulary = vocabularyOf(journeyMap);

  const feeds = new FeedHub<CustomerEvent>(arrivals, (error) =>
    log.warn({ err: error }, 'the event feed missed a look'),
  );

  const scopeFor = (signal?: AbortSignal): InsightScope => {
    // Each statement of a call listens to it; a call may have many.
    if (signal) setMaxListeners(0, signal);
    const vocabulary = { ...mapVocabulary, audiences: audiences.book };
    const stageScope = { nowMs: now(), vocabulary, hasMergedIdentities: ingestion.hasMergedIdentities };
    const compile = {
      ...stageScope,
      customersInLifecycleStages: customersInLifecycleStages(journeyMap, stageScope),
    };
    return { engine, journeyMap, compile, people, signal, canSeeSql: true };
  };

  return {
    ingestion,
    arrivals,
    createContext: async (signal) => {
      await audiences.fresh();
      return {
        viewer: { name: 'admin', role: 'ADMIN' },
        ingestion,
        audiences,
        feeds,
        scopeFor,
        scope: scopeFor(signal),
      };
    },
    async close() {
      feeds.close();
      arrivals.close();
      await ingestion.idle();
    },
  };
}
