/**
 * Ingestion as the rest of the program sees it: events in, identities joined, listeners told what was
 * stored. Nothing is acknowledged before it is stored.
 */
import type { Log } from '../engine/log.ts';
import type { Engine } from '../engine/port.ts';
import { InputError, inputError } from '../query/problem.ts';
import { checkEvent } from './event.ts';
import type { EventRequest } from './event.ts';
import { Identities } from './identity.ts';
import type { IdentifiedCustomer, Traits } from './identity.ts';
import { MAX_BATCH, Pipeline } from './pipeline.ts';
import type { CheckedEntry, StoredBatch } from './pipeline.ts';
import type { RejectedEvent } from './rejected.ts';
import { createTurns } from './turns/turns.ts';

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
  /** Joins an anonymous visitor, with all of its past, to a customer; sets traits. Throws InputError. */
  identify(
    customerId: string,
    anonymousId?: string | null,
    traits?: Traits | null,
  ): Promise<IdentifiedCustomer>;
  /** True once ids were joined: events are then read through the identities. */
  readonly hasMergedIdentities: boolean;
  /** Another program may have joined ids. */
  expireIdentities(): void;
  /** Resolves once `hasMergedIdentities` is true of all that was joined before the last expiry. */
  refreshIdentities(): Promise<void>;
  /** Called after each batch was stored; returns how to stop. */
  onStored(listener: (batch: StoredBatch) => void): () => void;
  /** Called after ids were joined or traits set; returns how to stop. */
  onIdentified(listener: () => void): () => void;
  /** Resolves once everything that waits is stored, and lets others write. */
  close(): Promise<void>;
}

export interface IngestionDeps {
  readonly engine: Engine;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const ENGINE_REFUSED = 'The store cannot take this event as it is.';

/** Reads what is known of identities before it resolves. */
export async function createIngestion({ engine, log, now }: IngestionDeps): Promise<Ingestion> {
  const stored = new Set<(batch: StoredBatch) => void>();
  const identified = new Set<() => void>();
  const turns = createTurns({ engine, log });
  const pipeline = new Pipeline({
    turns,
    log,
    onStored: (batch) => tell(stored, log, (listener) => listener(batch)),
  });
  const identities = await Identities.open(engine, turns, now);
  const identify: Ingestion['identify'] = async (customerId, anonymousId, traits) => {
    const customer = await identities.identify(customerId, anonymousId ?? null, traits ?? null);
    tell(identified, log, (listener) => listener());
    return customer;
  };
  const take: Ingestion['take'] = async (messages, source, signal) => {
    checkCount(messages.length);
    const joined = await joinAll(messages, identify);
    const { entries, rejected, rejections } = checkAll(messages, joined, source, now());
    const outcome = await pipeline.submit(entries, rejected, signal);
    const refused = outcome.refused.map((index) => ({ index, reason: ENGINE_REFUSED }));
    return {
      accepted: outcome.accepted + [...joined.values()].filter((problem) => problem === null).length,
      duplicates: outcome.duplicates,
      rejected: [...rejections, ...refused].sort((a, b) => a.index - b.index),
    };
  };
  return {
    take,
    accept: (events, signal) =>
      take(
        events.map((request) => ({ kind: 'event', request, payload: request })),
        'ingest',
        signal,
      ),
    identify,
    get hasMergedIdentities() {
      return identities.hasMerged;
    },
    expireIdentities: () => identities.expire(),
    refreshIdentities: () => identities.refresh(),
    onStored: (listener) => subscribe(stored, listener),
    onIdentified: (listener) => subscribe(identified, listener),
    close: async () => {
      await pipeline.idle();
      await turns.close();
    },
  };
}

function checkCount(count: number): void {
  if (count <= MAX_BATCH) return;
  throw inputError(
    'events',
    'TOO_MANY_EVENTS',
    `A call takes at most ${MAX_BATCH.toLocaleString('en')} events; these are ${count.toLocaleString('en')}.`,
  );
}

/** Joins what is to be joined, in order; by place, why not, or null. */
async function joinAll(
  messages: readonly Message[],
  identify: Ingestion['identify'],
): Promise<ReadonlyMap<number, string | null>> {
  const joining = messages.flatMap((message, index) => {
    if (message.kind !== 'identity') return [];
    const { customerId, anonymousId, traits } = message;
    const done = identify(customerId as string, anonymousId as string | null, traits as Traits | null);
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
  if (error instanceof InputError) return error.message;
  throw error as Error;
}

function checkAll(
  messages: readonly Message[],
  joined: ReadonlyMap<number, string | null>,
  source: string,
  nowMs: number,
) {
  const entries: CheckedEntry[] = [];
  const rejected: RejectedEvent[] = [];
  const rejections: { index: number; reason: string }[] = [];
  const reject = (index: number, reason: string, payload: unknown): void => {
    rejections.push({ index, reason });
    rejected.push({ reason, payload, source });
  };
  messages.forEach((message, index) => {
    const { kind, payload } = message;
    if (kind === 'problem') return reject(index, message.reason, payload);
    if (kind === 'identity') {
      const problem = joined.get(index) ?? null;
      return problem === null ? undefined : reject(index, problem, payload);
    }
    const checked = checkEvent(message.request, nowMs);
    if (checked.ok) return void entries.push({ index, event: checked.event });
    return reject(index, checked.reason, payload);
  });
  return { entries, rejected, rejections };
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
