/**
 * The one way from calls to the store: what came while an insert ran goes into the next one together, so
 * that one event a call does not cost one part a call, and the same id at the same time counts once. Knows
 * nothing of GraphQL or HTTP.
 */
import type { Engine } from '../engine/port.ts';
import { EngineError } from '../engine/port.ts';
import type { Log } from '../engine/log.ts';
import type { IngestEvent } from './event.ts';
import { storeEvents } from './event-store.ts';
import { KnownIds, repairLastIds } from './known-ids.ts';
import { keepRejected } from './rejected.ts';
import type { RejectedEvent } from './rejected.ts';
import type { Turns } from './turns/turns.ts';

/** Most events in one insert, unless one call brings more. */
export const MAX_BATCH = 10_000;
/** Most events that wait; beyond it calls are refused. */
const MAX_WAITING = 100_000;

/** More waits than can be taken in: the same call may be made again in a moment. */
class IngestBusyError extends EngineError {
  /** Seconds after which to try again. */
  readonly retryAfterSeconds = 1;

  constructor() {
    super('UNAVAILABLE', 'Too many events wait to be stored; try again in a moment.');
    this.name = 'IngestBusyError';
  }
}

export interface CheckedEntry {
  /** Place in the call. */
  readonly index: number;
  readonly event: IngestEvent;
}

export interface Outcome {
  readonly accepted: number;
  readonly duplicates: number;
  /** Those that only the engine refused. */
  readonly refused: readonly number[];
}

/** A batch as it was stored. */
export interface StoredBatch {
  readonly count: number;
  readonly firstTimeMs: number;
  readonly lastTimeMs: number;
  readonly events: readonly IngestEvent[];
}

interface Call {
  readonly entries: readonly CheckedEntry[];
  readonly rejected: readonly RejectedEvent[];
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
}

export interface PipelineDeps {
  readonly turns: Turns;
  readonly log: Log;
  readonly onStored: (batch: StoredBatch) => void;
}

export class Pipeline {
  private readonly deps: PipelineDeps;
  private readonly engine: Engine;
  private readonly known: KnownIds;
  private queue: Call[] = [];
  private waiting = 0;
  private running: Promise<void> | undefined;
  /** Events of failed batches: some may have been stored after all. */
  private doubtful: IngestEvent[] = [];

  constructor(deps: PipelineDeps) {
    this.deps = deps;
    this.engine = deps.turns.engine;
    this.known = new KnownIds(this.engine);
    deps.turns.onTaken(() => repairLastIds(this.engine));
  }

  /** Resolves once everything is stored. An aborted call is withdrawn while it waits, no longer after. */
  submit(
    entries: readonly CheckedEntry[],
    rejected: readonly RejectedEvent[],
    signal?: AbortSignal,
  ): Promise<Outcome> {
    const size = entries.length + rejected.length;
    if (this.waiting > 0 && this.waiting + size > MAX_WAITING) return Promise.reject(new IngestBusyError());
    return new Promise((resolve, reject) => {
      const withdraw = (): void => {
        if (!this.queue.includes(call)) return;
        this.queue = this.queue.filter((other) => other !== call);
        this.waiting -= size;
        call.reject(new EngineError('CANCELLED', 'The caller no longer wants the answer.'));
      };
      const done = (): void => signal?.removeEventListener('abort', withdraw);
      const call: Call = {
        entries,
        rejected,
        resolve: (outcome) => (done(), resolve(outcome)),
        reject: (error) => (done(), reject(error)),
      };
      this.queue.push(call);
      this.waiting += size;
      signal?.addEventListener('abort', withdraw, { once: true });
      if (signal?.aborted) withdraw();
      this.running ??= this.drain();
    });
  }

  /** Resolves once nothing waits any more. */
  async idle(): Promise<void> {
    await this.running;
  }

  private async drain(): Promise<void> {
    // Calls of the same moment go together.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.queue.length > 0) {
      const calls = this.nextCalls();
      try {
        await this.deps.turns.during(() => this.flush(calls));
      } catch (error) {
        this.doubt(calls);
        const code = error instanceof EngineError ? error.code : undefined;
        this.deps.log.warn({ code, calls: calls.length }, 'a batch of events could not be stored');
        for (const call of calls) call.reject(error as Error);
      }
    }
    this.running = undefined;
  }

  private doubt(calls: readonly Call[]): void {
    const events = calls.flatMap((call) => call.entries.map(({ event }) => event));
    this.doubtful = [...this.doubtful, ...events].slice(-MAX_WAITING);
  }

  /** Before anything is taken: what was stored before must be known, also where its end was not heard of. */
  private async repair(): Promise<void> {
    if (this.doubtful.length > 0) await this.known.restore(this.doubtful);
    this.doubtful = [];
  }

  private nextCalls(): readonly Call[] {
    const calls: Call[] = [];
    let size = 0;
    for (const call of this.queue) {
      const more = call.entries.length + call.rejected.length;
      if (calls.length > 0 && size + more > MAX_BATCH) break;
      calls.push(call);
      size += more;
    }
    this.queue = this.queue.slice(calls.length);
    this.waiting -= size;
    return calls;
  }

  private async flush(calls: readonly Call[]): Promise<void> {
    const { engine } = this;
    const { log, onStored } = this.deps;
    await this.repair();
    const first = firstOfEachId(calls);
    const known = await this.known.among([...first.values()]);
    const fresh = [...first.values()].filter((event) => !known.has(event.eventId));
    const refused = fresh.length === 0 ? [] : await storeEvents(engine, fresh);
    for (const { detail } of refused) log.warn({ detail }, 'the engine refused an event');
    const refusedIds = new Set(refused.map(({ event }) => event.eventId));
    await keepRejected(engine, [
      ...calls.flatMap((call) => call.rejected),
      ...refused.map(({ event, detail }) => ({ reason: detail, payload: event, source: '' })),
    ]);
    const stored = fresh.filter((event) => !refusedIds.has(event.eventId));
    this.known.remember(stored.map((event) => event.eventId));
    if (stored.length > 0) onStored(storedBatch(stored));
    const storedNow = new Set(stored);
    for (const call of calls) call.resolve(outcomeOf(call, storedNow, refusedIds));
  }
}

function firstOfEachId(calls: readonly Call[]): ReadonlyMap<string, IngestEvent> {
  const first = new Map<string, IngestEvent>();
  for (const { event } of calls.flatMap((call) => call.entries)) {
    if (!first.has(event.eventId)) first.set(event.eventId, event);
  }
  return first;
}

function outcomeOf(call: Call, stored: ReadonlySet<IngestEvent>, refusedIds: ReadonlySet<string>): Outcome {
  const refused = call.entries.filter(({ event }) => refusedIds.has(event.eventId)).map(({ index }) => index);
  const accepted = call.entries.filter(({ event }) => stored.has(event)).length;
  return { accepted, refused, duplicates: call.entries.length - accepted - refused.length };
}

function storedBatch(events: readonly IngestEvent[]): StoredBatch {
  const times = events.map((event) => event.timeMs);
  return {
    count: events.length,
    firstTimeMs: times.reduce((a, b) => Math.min(a, b)),
    lastTimeMs: times.reduce((a, b) => Math.max(a, b)),
    events,
  };
}
