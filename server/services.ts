/**
 * The parts that serve calls, put together once: ingestion, the tail of arrivals, and what resolvers are given
 * with each call. Knows neither process nor HTTP.
 */
import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import { KeyBook } from './access/key-book.ts';
import { may } from './access/rights.ts';
import { OPEN_VIEWER } from './access/role.ts';
import type { Viewer } from './access/role.ts';
import { Answers, DEFAULT_LIMITS } from './answers/answers.ts';
import type { AnswerLimits } from './answers/answers.ts';
import { askerOf, readerOf } from './answers/reader.ts';
import type { Caller } from './answers/turns.ts';
import type { Context } from './api/context.ts';
import { Automation } from './automation/automation.ts';
import type { AutomationDeps } from './automation/automation.ts';
import type { Engine } from './engine/port.ts';
import { ImportDesk } from './ingest/import/import-desk.ts';
import type { ImportDeskDeps } from './ingest/import/import-desk.ts';
import { createIngestion } from './ingest/ingest.service.ts';
import type { Ingestion } from './ingest/ingest.service.ts';
import { Erasing } from './ingest/removal/erasing.ts';
import { aloneIn, TurnWithin } from './ingest/turns/turn-within.ts';
import { createTurns } from './ingest/turns/turns.ts';
import { Journal } from './ingest/journal/journal.ts';
import { Replay } from './ingest/rejected/replay.ts';
import { segmentMessage } from './ingest/tracking/message.ts';
import { salesWords } from './ingest/tracking/sales.ts';
import { openLanding } from './ingest/landing/landing.ts';
import type { Landing } from './ingest/landing/landing.ts';
import type { CustomerEvent } from './insights/customers/customers.service.ts';
import { customersOf, people } from './insights/customers/people.ts';
import type { InsightScope } from './insights/scope.ts';
import type { JourneyMap } from './journey/map.ts';
import { vocabularyOf } from './journey/map.ts';
import { customersInLifecycleStages } from './journey/stage.sql.ts';
import { AudienceLibrary } from './library/audience-library.ts';
import { ReportLibrary } from './library/report-library.ts';
import { openNotes } from './library/notes.ts';
import { JourneyMapLibrary } from './library/journey-map-library.ts';
import { SETTLE_MS, tailArrivals } from './live/arrivals.ts';
import type { Arrivals } from './live/arrivals.ts';
import { FeedHub } from './live/feed.ts';
import { HOLD_MS, SharedInstant } from './live/instant.ts';
import type { Instant } from './live/instant.ts';
import { Keeper, LIVE_BYTES } from './live/kept/keeper.ts';
import type { OnRun } from './live/kept/keeper.ts';
import { keptReader, nothingDue } from './live/kept/reader.ts';
import type { Due } from './live/kept/reader.ts';

export interface Services {
  readonly ingestion: Ingestion;
  readonly imports: ImportDesk;
  readonly arrivals: Arrivals;
  /** Takes what other tools write straight into ClickHouse, once told to watch. */
  readonly landing: Landing;
  /** Moves of customers, and webhooks, which are delivered once it is started. */
  readonly automation: Automation;
  /** The journey map that holds; whoever cannot wait for the store gets the one known. */
  readonly journeyMap: () => Promise<JourneyMap>;
  /** Statements answered, and those on their way. */
  readonly answers: Answers;
  /**
   * What resolvers are given with one call or one live run; the signal ends its statements. Callers take turns
   * where statements wait.
   */
  readonly createContext: (signal?: AbortSignal, caller?: Caller, viewer?: Viewer) => Promise<Context>;
  /** Keys that callers come in with. */
  readonly keys: KeyBook;
  close(): Promise<void>;
}

export interface ServiceDeps {
  readonly engine: Engine;
  /** Holds until one is published. */
  readonly journeyMap: JourneyMap;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly answering?: Answering;
  /** Told of each statement of a live run how it was answered. */
  readonly onRun?: OnRun;
  /** Where calls are kept while the store is away; absent: they are refused then. */
  readonly journal?: { readonly folder: string; readonly maxBytes: number };
  /** Where webhooks may go and how often they are tried; what is absent is as in production. */
  readonly webhooks?: AutomationDeps['webhooks'];
  /** There is an ADMIN key that always works, beside those that were made. */
  readonly hasAdminKey?: boolean;
}

/** How answers are kept and shared; what is absent is as in production. */
export interface Answering extends Partial<AnswerLimits> {
  /** How long an instant may count as now while nothing arrives. */
  readonly holdMs?: number;
  /** How long after a change that another program made it counts as changed once more. */
  readonly settleMs?: number;
  /** Memory for what live answers are kept from; 0: each is run again. */
  readonly liveBytes?: number;
}

/** Where nothing is kept, only those who come together share an instant. */
const TOGETHER_MS = 100;

/** Live queries take turns as one caller. */
const LIVE: Caller = ['live'];
/** So does what follows customers for automation. */
const AUTOMATION: Caller = ['automation'];

function usualHoldMs({ cacheBytes }: Partial<AnswerLimits>): number {
  return cacheBytes === 0 ? TOGETHER_MS : HOLD_MS;
}

export async function createServices({
  engine,
  journeyMap,
  log,
  now = Date.now,
  answering: { holdMs, settleMs, liveBytes = LIVE_BYTES, ...limits } = {},
  journal: kept,
  webhooks,
  hasAdminKey = false,
  onRun = () => {},
}: ServiceDeps): Promise<Services> {
  const keys = await KeyBook.open({ engine, now, log, hasAdminKey });
  const journeyMaps = new JourneyMapLibrary({ engine, start: journeyMap, now, log });
  await journeyMaps.fresh();
  const wayIn = await openWayIn({ engine, journeyMaps, log, now, journal: kept });
  const { ingestion, landing } = wayIn;
  const answers = new Answers(engine, { ...DEFAULT_LIMITS, ...limits });
  const arrivals = tailArrivals({ engine, log, settleMs });
  const instant = new SharedInstant(arrivals, now, holdMs ?? usualHoldMs(limits));
  const audiences = new AudienceLibrary({ engine, now, log });
  const reports = new ReportLibrary({ engine, now });
  wire({ arrivals, answers, audiences, ingestion, journeyMaps });
  const removal = openRemoval({ engine, now, log, turn: wayIn.turn }, wayIn, arrivals);
  const common = { engine, arrivals, log, now };
  const given = { ...removal.given, ...openNotes(common), audiences };
  const keeper = new Keeper({ ...common, onRun, settleMs: settleMs ?? SETTLE_MS, maxBytes: liveBytes });
  const scopeAt = scopes({ engine, journeyMaps, answers, arrivals, audiences, ingestion, keeper });
  const feeds = openFeeds(arrivals, log);
  const known = (): Promise<unknown> =>
    Promise.all([audiences.fresh(), journeyMaps.fresh(), ingestion.refreshIdentities()]);
  const scopeNow = (): InsightScope => scopeAt({ nowMs: now(), isConfirmed: false }, AUTOMATION);
  const scope = (): Promise<InsightScope> => known().then(scopeNow);
  const automation = new Automation({ ...common, scope, customers: customersOf, webhooks });

  return {
    ingestion,
    imports: given.imports,
    arrivals,
    landing,
    automation,
    journeyMap: () => journeyMaps.soon(),
    answers,
    keys,
    createContext: async (signal, caller = LIVE, viewer = OPEN_VIEWER) => {
      // A live run answers what it was woken for; what others store meanwhile wakes it again.
      const since = caller === LIVE ? arrivals.changedAt : performance.now();
      const taken = await instant.take(since);
      await known();
      const due = nothingDue();
      return {
        due,
        viewer,
        keys,
        ingestion,
        replay: wayIn.replay,
        ...given,
        reports,
        journeyMaps,
        feeds,
        automation,
        scopeFor: (later) => scopeOf(viewer, scopeAt({ nowMs: now(), isConfirmed: false }, caller, later)),
        scope: scopeOf(viewer, scopeAt(taken, caller, signal, { due, since })),
      };
    },
    close: async () => {
      feeds.close();
      await automation.close();
      keeper.close();
      arrivals.close();
      for (const part of [landing, removal, ingestion, keys]) await part.close();
    },
  };
}

interface ScopeDeps extends Wiring {
  readonly engine: Engine;
  readonly keeper: Keeper;
}

/** What a live run learns of its answers, and since when (performance.now) it runs. */
interface LiveRun {
  readonly due: Due;
  readonly since: number;
}

/** What questions are answered from, at an instant and for a caller. */
function scopes({ engine, journeyMaps, answers, arrivals, audiences, ingestion, keeper }: ScopeDeps) {
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
function scopeOf({ role }: Viewer, scope: InsightScope): InsightScope {
  return { ...scope, canSeeSql: may(role, 'people') };
}

/** Events in, by any way, and the order among those who write. */
async function openWayIn({
  engine,
  journeyMaps,
  log,
  now,
  journal: kept,
}: Omit<ServiceDeps, 'journeyMap'> & {
  readonly journeyMaps: JourneyMapLibrary;
  readonly now: () => number;
}) {
  const journal = kept ? await Journal.open({ ...kept, log, now }) : null;
  const turn = new TurnWithin(createTurns({ engine, log }));
  const ingestion = await createIngestion({ engine, log, now, journal, turns: turn });
  const replay = new Replay({
    engine,
    ingestion,
    now,
    readers: { segment: (payload, at) => segmentMessage(payload, at, salesWords(journeyMaps.held.map)) },
  });
  const landing = openLanding({
    engine,
    log,
    turns: aloneIn(turn),
  });
  return { ingestion, replay, landing, turn };
}

function withStages(journeyMap: JourneyMap, scope: Parameters<typeof customersInLifecycleStages>[1]) {
  return { ...scope, customersInLifecycleStages: customersInLifecycleStages(journeyMap, scope) };
}

function openFeeds(arrivals: Arrivals, log: Logger): FeedHub<CustomerEvent> {
  return new FeedHub(arrivals, (error) => log.warn({ err: error }, 'the event feed missed a look'));
}

/** Imports, and what takes data out again; goes on with what a process that is gone left half done. */
function openRemoval(
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

interface Wiring {
  readonly arrivals: Arrivals;
  readonly answers: Answers;
  readonly audiences: AudienceLibrary;
  readonly ingestion: Ingestion;
  readonly journeyMaps: JourneyMapLibrary;
}

/** Whatever changes is heard of before the call that changed it is answered. */
function wire({ arrivals, answers, audiences, ingestion, journeyMaps }: Wiring): void {
  arrivals.onChange((change) => {
    answers.expire(change);
    if (change !== null) return;
    audiences.expire();
    journeyMaps.expire();
    ingestion.expireIdentities();
  });
  ingestion.onStored(({ firstTimeMs, lastTimeMs }) =>
    arrivals.stored({ fromMs: firstTimeMs, toMs: lastTimeMs + 1 }),
  );
  ingestion.onIdentified(() => arrivals.nudge(null));
  audiences.onChanged(() => arrivals.nudge(null));
  journeyMaps.onChanged(() => arrivals.nudge(null));
}
