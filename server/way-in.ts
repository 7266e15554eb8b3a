/**
 * How events come in and go out again: ingestion, what was rejected, what other tools land, imports and erasures, and
 * the order among those who write. Knows neither calls nor answers.
 */
import type { Logger } from 'pino';
import type { Engine } from './engine/port.ts';
import { ImportDesk } from './ingest/import/import-desk.ts';
import type { ImportDeskDeps } from './ingest/import/import-desk.ts';
import { createIngestion } from './ingest/ingest.service.ts';
import type { Ingestion } from './ingest/ingest.service.ts';
import { Journal } from './ingest/journal/journal.ts';
import { openLanding } from './ingest/landing/landing.ts';
import type { Landing } from './ingest/landing/landing.ts';
import { Replay } from './ingest/rejected/replay.ts';
import { Erasing } from './ingest/removal/erasing.ts';
import { segmentMessage } from './ingest/tracking/message.ts';
import { salesWords } from './ingest/tracking/sales.ts';
import { aloneIn, TurnWithin } from './ingest/turns/turn-within.ts';
import { createTurns } from './ingest/turns/turns.ts';
import type { JourneyMapLibrary } from './library/journey-map-library.ts';
import type { Arrivals } from './live/arrivals.ts';

export interface WayInDeps {
  readonly engine: Engine;
  readonly arrivals: Arrivals;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly journeyMaps: Pick<JourneyMapLibrary, 'held'>;
  /** Where calls are kept while the store is away; absent: they are refused then. */
  readonly journal?: { readonly folder: string; readonly maxBytes: number } | undefined;
}

/** Events in, by any way, and the order among those who write. */
export async function openWayIn({ engine, arrivals, journeyMaps, log, now, journal: kept }: WayInDeps) {
  const journal = kept ? await Journal.open({ ...kept, log, now }) : null;
  const turn = new TurnWithin(createTurns({ engine, log }));
  const ingestion = await createIngestion({ engine, log, now, journal, turns: turn });
  const replay = new Replay({
    engine,
    ingestion,
    now,
    readers: { segment: (payload, at) => segmentMessage(payload, at, salesWords(journeyMaps.held.map)) },
  });
  const landing = openLanding({ engine, log, arrivals, turns: aloneIn(turn) });
  return { ingestion, replay, landing, turn };
}

/** Imports, and what takes data out again; goes on with what a process that is gone left half done. */
export function openRemoval(
  deps: ImportDeskDeps,
  { ingestion, landing }: { readonly ingestion: Ingestion; readonly landing: Landing },
  arrivals: Arrivals,
) {
  const onRemoved = (): void => arrivals.nudge(null);
  const waiting = (): number => ingestion.status().waiting;
  const arrived = async (): Promise<void> => void (await landing.drain());
  const erasing = new Erasing({ ...deps, onRemoved, waiting, arrived });
  const imports = new ImportDesk({ ...deps, onRemoved });
  const resumed = erasing
    .resume()
    .then(() => imports.resume())
    .catch((error: unknown) =>
      deps.log.warn({ err: error }, 'what was left half done waits for the next import or start'),
    );
  return {
    given: { erasing, imports },
    close: async (): Promise<void> => {
      await imports.close();
      await resumed;
    },
  };
}
