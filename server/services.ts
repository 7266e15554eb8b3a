/**
 * The parts that serve calls, put together once: ingestion, the tail of arrivals, and what resolvers are given
 * with each call. Knows neither process nor HTTP.
 */
import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import { Answers, DEFAULT_LIMITS } from './answers/answers.ts';
import type { AnswerLimits } from './answers/answers.ts';
import { askerOf, readerOf } from './answers/reader.ts';
import type { Caller } from './answers/turns.ts';
import type { Context } from './api/context.ts';
import type { Engine } from './engine/port.ts';
import { createIngestion } from './ingest/ingest.service.ts';
import type { Ingestion } from './ingest/ingest.service.ts';
import { Journal } from './ingest/journal/journal.ts';
import { Replay } from './ingest/rejected/replay.ts';
import { segmentMessage } from './ingest/tracking/message.ts';
import { salesWords } from './ingest/tracking/sales.ts';
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
import { HOLD_MS, SharedInstant } from './live/instant.ts';
import type { Instant } from './live/instant.ts';

export interface Services {
  readonly ingestion: Ingestion;
  readonly arrivals: Arrivals;
  /** Statements answered, and those on their way. */
  readonly answers: Answers;
  /**
   * What resolvers are given with one call or one live run; the signal ends its statements. Callers take turns
   * where statements wait.
   */
  readonly createContext: (signal?: AbortSignal, caller?: Caller) => Promise<Context>;
  close(): Promise<void>;
}

export interface ServiceDeps {
  readonly engine: Engine;
  readonly journeyMap: JourneyMap;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly answering?: Answering;
  /** Where calls are kept while the store is away; absent: they are refused then. */
  readonly journal?: { readonly folder: string; readonly maxBytes: number };
}

/** How answers are kept and shared; what is absent is as in production. */
export interface Answering extends Partial<AnswerLimits> {
  /** How long an instant may count as now while nothing arrives. */
  readonly holdMs?: number;
  /** How long after a change that another program made it counts as changed once more. */
  readonly settleMs?: number;
}

/** Where nothing is kept, only those who come together share an instant. */
const TOGETHER_MS = 100;

/** Live queries take turns as one caller. */
const LIVE: Caller = ['live'];

function usualHoldMs({ cacheBytes }: Partial<AnswerLimits>): number {
  return cacheBytes === 0 ? TOGETHER_MS : HOLD_MS;
}

export async function createServices({
  engine,
  journeyMap,
  log,
  now = Date.now,
  answering: { holdMs, settleMs, ...limits } = {},
  journal: kept,
}: ServiceDeps): Promise<Services> {
  const journal = kept ? await Journal.open({ ...kept, log, now }) : null;
  const ingestion = await createIngestion({ engine, log, now, journal });
  const sales = salesWords(journeyMap);
  const replay = new Replay({
    engine,
    ingestion,
    now,
    readers: { segment: (payload, at) => segmentMessage(payload, at, sales) },
  });
  const answers = new Answers(engine, { ...DEFAULT_LIMITS, ...limits });
  const arrivals = tailArrivals({ engine, log, settleMs });
  const instant = new SharedInstant(arrivals, now, holdMs ?? usualHoldMs(limits));
  const audiences = new AudienceLibrary({ engine, now, log });
  wire({ arrivals, answers, audiences, ingestion });
  const mapVocabulary = vocabularyOf(journeyMap);

  const onMissedLook = (err: unknown): void => log.warn({ err }, 'the event feed missed a look');
  const feeds = new FeedHub<CustomerEvent>(arrivals, onMissedLook);

  const scopeAt = ({ nowMs, isConfirmed }: Instant, caller: Caller, signal?: AbortSignal): InsightScope => {
    // Each statement of a call listens to it; a call may have many.
    if (signal) setMaxListeners(0, signal);
    const vocabulary = { ...mapVocabulary, audiences: audiences.book };
    const stageScope = { nowMs, vocabulary, hasMergedIdentities: ingestion.hasMergedIdentities };
    const compile = {
      ...stageScope,
      customersInLifecycleStages: customersInLifecycleStages(journeyMap, stageScope),
    };
    const asker = askerOf(caller, isConfirmed, () => arrivals.fresh());
    return {
      engine: readerOf(engine, answers, asker),
      journeyMap,
      compile,
      people,
      signal,
      canSeeSql: true,
    };
  };

  return {
    ingestion,
    arrivals,
    answers,
    createContext: async (signal, caller = LIVE) => {
      const taken = await instant.take();
      await Promise.all([audiences.fresh(), ingestion.refreshIdentities()]);
      return {
        viewer: { name: 'admin', role: 'ADMIN' },
        ingestion,
        replay,
        audiences,
        feeds,
        scopeFor: (later) => scopeAt({ nowMs: now(), isConfirmed: false }, caller, later),
        scope: scopeAt(taken, caller, signal),
      };
    },
    async close() {
      feeds.close();
      arrivals.close();
      await ingestion.close();
    },
  };
}

interface Wiring {
  readonly arrivals: Arrivals;
  readonly answers: Answers;
  readonly audiences: AudienceLibrary;
  readonly ingestion: Ingestion;
}

/** Whatever changes is heard of before the call that changed it is answered. */
function wire({ arrivals, answers, audiences, ingestion }: Wiring): void {
  arrivals.onChange((change) => {
    answers.expire(change);
    if (change !== null) return;
    audiences.expire();
    ingestion.expireIdentities();
  });
  ingestion.onStored(({ firstTimeMs, lastTimeMs }) =>
    arrivals.nudge([{ fromMs: firstTimeMs, toMs: lastTimeMs + 1 }]),
  );
  ingestion.onIdentified(() => arrivals.nudge(null));
  audiences.onChanged(() => arrivals.nudge(null));
}
