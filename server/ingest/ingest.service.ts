/**
 * Ingestion as the rest of the program sees it: events in, identities joined, listeners told what was
 * stored. Nothing is acknowledged before it is stored, or safe in the journal while the store is away.
 */
import type { Log } from '../engine/log.ts';
import { EngineError } from '../engine/port.ts';
import type { Engine } from '../engine/port.ts';
import { InputError, inputError } from '../query/problem.ts';
import { checkEvent } from './event.ts';
import type { EventRequest } from './event.ts';
import { Identities } from './identity.ts';
import type { IdentifiedCustomer } from './identity.ts';
import type { IdentifyOptions, Traits } from './identity-request.ts';
import { isAway } from './busy.ts';
import { Intake } from './intake.ts';
import type { IngestStatus } from './intake.ts';
import type { Journal } from './journal/journal.ts';
import type { KeptIdentity } from './journal/record.ts';
import { MAX_BATCH } from './pipeline.ts';
import type { CheckedCall, CheckedEntry, StoredBatch } from './plan.ts';
import { ENGINE_REFUSED } from './rejected.ts';
import type { RejectedEvent } from './rejected.ts';
import { createTurns } from './turns/turns.ts';
import type { Turns } from './turns/turns.ts';

export interface Receipt {
  readonly accepted: number;
  /** Known ids: counted before, or earlier in the same call. */
  readonly duplicates: number;
  readonly rejected: readonly { readonly index: number; readonly reason: string }[];
}

/** What came in by any way, one of those sent together, in their order. */
export type Message =
  | { readonly kind: 'event'; readonly request: EventRequest; readonly payload: unknown }
  | {
      readonly kind: 'identity';
      readonly customerId: unknown;
      readonly anonymousId: unknown;
      readonly traits: unknown;
      readonly payload: unknown;
    }
  /** Not even readable. */
  | { readonly kind: 'problem'; readonly reason: string; readonly payload: unknown };

export interface Ingestion {
  /**
   * Stores events, each once per id; a bad one never fails its neighbours. Throws InputError for more than
   * 10,000, IngestBusyError when too much waits, EngineError where the store could not take them: then the
   * same call may be made again.
   */
  accept(events: readonly EventRequest[], signal?: AbortSignal): Promise<Receipt>;
  /**
   * Takes messages of any kind; identities that cannot be joined are kept aside like bad events. `source` says
   * in the list of rejected events which way they came. Otherwise as `accept`.
   */
  take(messages: readonly Message[], source: string, signal?: AbortSignal): Promise<Receipt>;
  /**
   * Joins an anonymous visitor, with all of its past, to a customer; sets traits. Without a customer's id they are
   * those of the visitor. Throws InputError.
   */
  identify(
    customerId: string | null,
    anonymousId?: string | null,
    traits?: Traits | null,
    options?: IdentifyOptions,
  ): Promise<IdentifiedCustomer>;
  /** Makes one of two customers; the answer is who both now are. Throws InputError. */
  merge(id: string, into: string): Promise<IdentifiedCustomer>;
  /** True once ids were joined: events are then read through the identities. */
  readonly hasMergedIdentities: boolean;
  /** Another program may have joined ids, or removed events. */
  expireIdentities(): void;
  /** Resolves once `hasMergedIdentities` is true of all that was joined before the last expiry. */
  refreshIdentities(): Promise<void>;
  /** Called after each batch was stored; returns how to stop. */
  onStored(listener: (batch: StoredBatch) => void): () => void;
  /** Called after ids were joined or traits set; returns how to stop. */
  onIdentified(listener: () => void): () => void;
  /** Calls are told of what they brought; this tells how far the store is behind them. */
  status(): IngestStatus;
  /** Resolves once everything that was acknowledged is stored. */
  idle(): Promise<void>;
  /** Stores what was called for; what is in the journal stays there for the next start. */
  close(): Promise<void>;
}

export interface IngestionDeps {
  readonly engine: Engine;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Where calls go while the store is away; null or absent: they are refused then. */
  readonly journal?: Journal | null;
  /** Default: its own. */
  readonly turns?: Turns;
}

/** Reads what is known of identities before it resolves. */
export async function createIngestion(deps: IngestionDeps): Promise<Ingestion> {
  const { engine, log, now, journal = null, turns = createTurns({ engine, log }) } = deps;
  const stored = new Set<(batch: StoredBatch) => void>();
  const identified = new Set<() => void>();
  const identities = await Identities.open(engine, turns, now, () =>
    tell(identified, log, (listener) => listener()),
  );
  const join: Join = (customerId, anonymousId, traits, options) =>
    identities.identify(customerId, anonymousId ?? null, traits ?? null, options);
  const onStored = (batch: StoredBatch): void => tell(stored, log, (listener) => listener(batch));
  const intake = new Intake({ engine, turns, journal, log, join: joinKept(join), onStored, now });
  const take = takeThrough(intake, join, now);
  return {
    take,
    accept: (events, signal) =>
      take(
        events.map((request) => ({ kind: 'event', request, payload: request })),
        'ingest',
        signal,
      ),
    async identify(...args) {
      const customer = await join(...args);
      const isCounted = args[3]?.isCounted ?? true;
      if (isCounted)
        await intake.submit({ entries: [], rejected: [], identified: 1, receivedMs: now(), bytes: 0 });
      return customer;
    },
    merge: (id, into) => identities.merge(id, into),
    get hasMergedIdentities() {
      return identities.hasMerged;
    },
    expireIdentities: () => {
      identities.expire();
      intake.forgetIds();
    },
    refreshIdentities: () => identities.refresh(),
    onStored: (listener) => subscribe(stored, listener),
    onIdentified: (listener) => subscribe(identified, listener),
    status: () => intake.status(),
    idle: () => intake.idle(),
    async close() {
      await intake.close();
      await turns.close();
    },
  };
}

type Join = Ingestion['identify'];
/** Whose login says whom a device belongs to is taken even where the device is somebody else's. */
const KEEPS_CUSTOMER: IdentifyOptions = { keepsCustomer: true };

function joinKept(join: Join): (identity: KeptIdentity) => Promise<unknown> {
  return ({ customerId, anonymousId, traits }) =>
    join(customerId as string | null, anonymousId as string | null, traits as Traits | null, KEEPS_CUSTOMER);
}

/** Identities are joined first, then events stored; both go to the journal together where the store is away. */
function takeThrough(intake: Intake, join: Join, now: () => number): Ingestion['take'] {
  return async (messages, source, signal) => {
    checkCount(messages.length);
    const receivedMs = now();
    const hasIdentities = messages.some(({ kind }) => kind === 'identity');
    let joined: Joined = NOTHING_JOINED;
    let error: unknown;
    if (hasIdentities && !intake.isKeeping) {
      try {
        joined = await within(intake.patienceMs, joinAll(messages, join));
      } catch (cause) {
        if (!isAway(cause)) throw cause;
        error = cause;
      }
    }
    const isKept = hasIdentities && (error !== undefined || joined === NOTHING_JOINED);
    const { call, rejections } = checkAll(messages, joined, { source, receivedMs });
    const kept = isKept ? identitiesOf(messages, source, receivedMs) : [];
    const outcome = isKept ? await intake.keep(call, kept, error) : await intake.submit(call, signal);
    const refused = outcome.refused.map((index) => ({ index, reason: ENGINE_REFUSED }));
    return {
      accepted: outcome.accepted + call.identified + kept.length,
      duplicates: outcome.duplicates,
      rejected: [...rejections, ...refused].sort((a, b) => a.index - b.index),
    };
  };
}

/** Where it takes too long, a TIMEOUT; the work itself goes on. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new EngineError('TIMEOUT', 'The store does not answer.');
    timer = setTimeout(() => reject(error), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function identitiesOf(
  messages: readonly Message[],
  source: string,
  receivedMs: number,
): readonly KeptIdentity[] {
  return messages.flatMap((message) => {
    if (message.kind !== 'identity') return [];
    const { customerId, anonymousId, traits, payload } = message;
    return [{ customerId, anonymousId, traits, payload, source, receivedMs }];
  });
}

function checkCount(count: number): void {
  if (count <= MAX_BATCH) return;
  throw inputError(
    'events',
    'TOO_MANY_EVENTS',
    `A call takes at most ${MAX_BATCH.toLocaleString('en')} events; these are ${count.toLocaleString('en')}.`,
  );
}

/** By place, why an identity was not joined, or null. */
type Joined = ReadonlyMap<number, string | null>;
const NOTHING_JOINED: Joined = new Map();

/** Joins what is to be joined, in order. */
async function joinAll(messages: readonly Message[], join: Join): Promise<Joined> {
  const joining = messages.flatMap((message, index) => {
    if (message.kind !== 'identity') return [];
    const { customerId, anonymousId, traits } = message;
    const done = join(
      customerId as string | null,
      anonymousId as string | null,
      traits as Traits | null,
      KEEPS_CUSTOMER,
    );
    return [
      done.then(
        () => [index, null] as const,
        (error: unknown) => [index, problemOf(error)] as const,
      ),
    ];
  });
  return new Map(await Promise.all(joining));
}

function problemOf(error: unknown): string {
  if (error instanceof InputError) return error.problems.map(({ message }) => message).join(' ');
  throw error as Error;
}

function checkAll(
  messages: readonly Message[],
  joined: Joined,
  { source, receivedMs }: { readonly source: string; readonly receivedMs: number },
): { readonly call: CheckedCall; readonly rejections: Receipt['rejected'] } {
  const entries: CheckedEntry[] = [];
  const rejected: RejectedEvent[] = [];
  const rejections: { index: number; reason: string }[] = [];
  let identified = 0;
  let bytes = 0;
  const reject = (index: number, reason: string, payload: unknown): void => {
    rejections.push({ index, reason });
    rejected.push({ reason, payload, source });
  };
  messages.forEach((message, index) => {
    const { kind, payload } = message;
    if (kind === 'problem') return reject(index, message.reason, payload);
    if (kind === 'identity') {
      const problem = joined.get(index);
      if (problem === null) identified += 1;
      return typeof problem === 'string' ? reject(index, problem, payload) : undefined;
    }
    const checked = checkEvent(message.request, receivedMs);
    if (!checked.ok) return reject(index, checked.reason, payload);
    bytes += checked.bytes;
    return void entries.push({ index, event: checked.event });
  });
  return { call: { entries, rejected, identified, receivedMs, bytes }, rejections };
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A listener that fails must not make a stored event look lost. */
function tell<T>(listeners: ReadonlySet<T>, log: Log, call: (listener: T) => void): void {
  for (const listener of listeners) {
    try {
      call(listener);
    } catch (error) {
      log.error({ error: String(error) }, 'a listener of ingestion failed');
    }
  }
}
