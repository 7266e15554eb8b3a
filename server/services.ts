/**
 * The parts that serve calls, put together once: ingestion, the tail of arrivals, and what resolvers are given
 * with each call. Knows neither process nor HTTP.
 */
import type { Logger } from 'pino';
import { KeyBook } from './access/key-book.ts';
import { OPEN_VIEWER } from './access/role.ts';
import type { Viewer } from './access/role.ts';
import { Answers, DEFAULT_LIMITS } from './answers/answers.ts';
import type { AnswerLimits } from './answers/answers.ts';
import type { Caller } from './answers/turns.ts';
import type { Context } from './api/context.ts';
import { Automation } from './automation/automation.ts';
import type { AutomationDeps } from './automation/automation.ts';
import type { Engine } from './engine/port.ts';
import type { ImportDesk } from './ingest/import/import-desk.ts';
import type { Ingestion } from './ingest/ingest.service.ts';
import type { Landing } from './ingest/landing/landing.ts';
import type { CustomerEvent } from './insights/customers/customers.service.ts';
import { customersOf } from './insights/customers/people.ts';
import type { JourneyMap } from './journey/map.ts';
import { AudienceLibrary } from './library/audience-library.ts';
import { ReportLibrary } from './library/report-library.ts';
import { openNotes } from './library/notes.ts';
import { JourneyMapLibrary } from './library/journey-map-library.ts';
import { SETTLE_MS, tailArrivals } from './live/arrivals.ts';
import type { Arrivals } from './live/arrivals.ts';
import { FeedHub } from './live/feed.ts';
import { HOLD_MS, SharedInstant } from './live/instant.ts';
import { Keeper, LIVE_BYTES } from './live/kept/keeper.ts';
import type { OnRun } from './live/kept/keeper.ts';
import { nothingDue } from './live/kept/reader.ts';
import { LIVE, scopeOf, scopes } from './scopes.ts';
import { openRemoval, openWayIn } from './way-in.ts';

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

/** What follows customers for automation takes turns as one caller. */
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
  const arrivals = tailArrivals({ engine, log, settleMs });
  const common = { engine, arrivals, log, now };
  const keys = await KeyBook.open({ ...common, hasAdminKey });
  const library = await openLibrary(common, journeyMap);
  const wayIn = await openWayIn({ ...common, ...library, journal: kept });
  const { ingestion, landing, replay } = wayIn;
  const answers = new Answers(engine, { ...DEFAULT_LIMITS, ...limits });
  const instant = new SharedInstant(arrivals, now, holdMs ?? usualHoldMs(limits));
  const wired = { arrivals, answers, ingestion, ...library };
  wire(wired);
  const removal = openRemoval({ engine, now, log, turn: wayIn.turn }, wayIn, arrivals);
  const keeper = new Keeper({ ...common, onRun, settleMs: settleMs ?? SETTLE_MS, maxBytes: liveBytes });
  const scopeAt = scopes({ engine, keeper, ...wired });
  const feeds = openFeeds(arrivals, log);
  const known = (): Promise<unknown> => Promise.all([library.fresh(), ingestion.refreshIdentities()]);
  const scope = () => known().then(() => scopeAt({ nowMs: now(), isConfirmed: false }, AUTOMATION));
  const automation = new Automation({ ...common, scope, customers: customersOf, webhooks });
  const given = { keys, ingestion, replay, ...removal.given, ...library, feeds, automation };

  return {
    ingestion,
    imports: removal.given.imports,
    arrivals,
    landing,
    automation,
    journeyMap: () => library.journeyMaps.soon(),
    answers,
    keys,
    createContext: async (signal, caller = LIVE, viewer = OPEN_VIEWER) => {
      // A live run answers what it was woken for; what others store meanwhile wakes it again.
      const since = caller === LIVE ? arrivals.changedAt : performance.now();
      const taken = await instant.take(since);
      await known();
      const due = nothingDue();
      return {
        ...given,
        due,
        viewer,
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

/** What people save. */
async function openLibrary(
  deps: Parameters<typeof openNotes>[0] & { readonly now: () => number; readonly arrivals: Arrivals },
  start: JourneyMap,
) {
  const { engine, now } = deps;
  const journeyMaps = new JourneyMapLibrary({ ...deps, start });
  await journeyMaps.fresh();
  const audiences = new AudienceLibrary(deps);
  return {
    journeyMaps,
    audiences,
    reports: new ReportLibrary({ engine, now }),
    ...openNotes(deps),
    /** Resolves once what questions refer to is known as it is. */
    fresh: (): Promise<unknown> => Promise.all([audiences.fresh(), journeyMaps.fresh()]),
  };
}

function openFeeds(arrivals: Arrivals, log: Logger): FeedHub<CustomerEvent> {
  return new FeedHub(arrivals, (error) => log.warn({ err: error }, 'the event feed missed a look'));
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
