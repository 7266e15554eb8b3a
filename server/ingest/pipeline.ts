/**
 * From calls to the store: what comes while inserts run goes into the next one together, so that one event a call
 * does not cost one part a call. A few inserts are under way at once; which ids they bring is known, so that a
 * second copy of an id waits for the first. Knows nothing of GraphQL or HTTP, nor of what happens to calls that
 * the store does not take.
 */
import { randomUUID } from 'node:crypto';
import type { Log } from '../engine/log.ts';
import { EngineError } from '../engine/port.ts';
import { IngestBusyError } from './busy.ts';
import type { IngestEvent } from './event.ts';
import type { KnownIds } from './known-ids.ts';
import { firstOfEachId, outcomeOf, planOf, sizeOf, storedBatch } from './plan.ts';
import type { CheckedCall, Outcome, Plan, StoredBatch } from './plan.ts';
import { storeAll } from './plan-store.ts';
import type { Turns } from './turns/turns.ts';

/** Most events in one insert, unless one call brings more. */
export const MAX_BATCH = 10_000;
const MAX_BATCH_BYTES = 16 * 1024 * 1024;
/** Most that waits; beyond it calls are refused. */
const MAX_WAITING = 100_000;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** Inserts under way at once. More would each be smaller, and take as much of the processor. */
const MAX_FLIGHTS = 2;
/** While an insert is under way, so few events wait this long for others to go with. */
const FEW = 500;
const LINGER_MS = 8;

interface Waiting {
  readonly call: CheckedCall;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
}

/** Calls whose events are stored together. */
interface Flight {
  readonly calls: readonly Waiting[];
  readonly first: ReadonlyMap<string, IngestEvent>;
  /** Flights that bring some of the same ids and began before. */
  readonly before: ReadonlySet<Flight>;
  plan: Plan | undefined;
  done: Promise<void>;
}

/** What becomes of calls that were not stored; resolves to outcomes where they are safe all the same. */
export type Rescue = (
  calls: readonly CheckedCall[],
  /** What was tried to be written, where it came to that: some of it may be stored. */
  plan: Plan | undefined,
  error: unknown,
) => Promise<readonly Outcome[]>;

export interface PipelineDeps {
  readonly turns: Turns;
  readonly known: KnownIds;
  readonly log: Log;
  readonly rescue: Rescue;
  /** What takes longer is taken for something that the store does not answer. */
  readonly patienceMs: number;
  readonly onStored: (batch: StoredBatch) => void;
  /** Each call that was stored, with how long it took. */
  readonly onLag: (ms: number) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export class Pipeline {
  private readonly deps: PipelineDeps;
  private queue: Waiting[] = [];
  private waiting = 0;
  private waitingBytes = 0;
  private readonly flights = new Set<Flight>();
  /** Which flight brings an id. */
  private readonly inFlight = new Map<string, Flight>();
  private isScheduled = false;
  private readonly idlers: (() => void)[] = [];

  constructor(deps: PipelineDeps) {
    this.deps = deps;
  }

  /** Resolves once everything is stored. An aborted call is withdrawn while it waits, no longer after. */
  submit(call: CheckedCall, signal?: AbortSignal): Promise<Outcome> {
    const isMuch =
      this.waiting + sizeOf(call) > MAX_WAITING || this.waitingBytes + call.bytes > MAX_WAITING_BYTES;
    if (this.waiting > 0 && isMuch) {
      return Promise.reject(
        new IngestBusyError('Too many events wait to be stored; try again in a moment.', 1),
      );
    }
    return new Promise((resolve, reject) => {
      const withdraw = (): void => {
        if (!this.queue.includes(one)) return;
        this.queue = this.queue.filter((other) => other !== one);
        this.count(call, -1);
        one.reject(new EngineError('CANCELLED', 'The caller no longer wants the answer.'));
        this.tellIdlers();
      };
      const done = (): void => signal?.removeEventListener('abort', withdraw);
      const one: Waiting = {
        call,
        resolve: (outcome) => (done(), resolve(outcome)),
        reject: (error) => (done(), reject(error)),
      };
      this.queue.push(one);
      this.count(call, 1);
      signal?.addEventListener('abort', withdraw, { once: true });
      if (signal?.aborted) withdraw();
      this.schedule();
    });
  }

  /** Resolves once nothing waits and nothing is under way. */
  idle(): Promise<void> {
    if (this.queue.length === 0 && this.flights.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.idlers.push(resolve));
  }

  /** Takes back what waits for its turn: it is to go another way. */
  takeBack(): readonly Waiting[] {
    const taken = this.queue.splice(0);
    for (const { call } of taken) this.count(call, -1);
    this.tellIdlers();
    return taken;
  }

  private count(call: CheckedCall, sign: 1 | -1): void {
    this.waiting += sign * sizeOf(call);
    this.waitingBytes += sign * call.bytes;
  }

  private tellIdlers(): void {
    if (this.queue.length > 0 || this.flights.size > 0) return;
    for (const resolve of this.idlers.splice(0)) resolve();
  }

  /** Calls of the same moment go together. */
  private schedule(): void {
    if (this.isScheduled || this.queue.length === 0 || this.flights.size >= MAX_FLIGHTS) return;
    this.isScheduled = true;
    const launchAll = (): void => {
      this.isScheduled = false;
      while (this.queue.length > 0 && this.flights.size < MAX_FLIGHTS) this.launch();
    };
    if (this.flights.size > 0 && this.waiting < FEW) setTimeout(launchAll, LINGER_MS);
    else setImmediate(launchAll);
  }

  private launch(): void {
    const calls = this.nextCalls();
    const first = firstOfEachId(eventsOf(calls));
    const before = new Set<Flight>();
    const flight: Flight = { calls, first, before, plan: undefined, done: Promise.resolve() };
    for (const id of first.keys()) {
      const other = this.inFlight.get(id);
      if (other) before.add(other);
      this.inFlight.set(id, flight);
    }
    this.flights.add(flight);
    flight.done = this.fly(flight).finally(() => {
      for (const id of first.keys()) if (this.inFlight.get(id) === flight) this.inFlight.delete(id);
      this.flights.delete(flight);
      this.schedule();
      this.tellIdlers();
    });
  }

  private nextCalls(): readonly Waiting[] {
    let size = 0;
    let bytes = 0;
    let taken = 0;
    for (const { call } of this.queue) {
      const isMore = size + sizeOf(call) > MAX_BATCH || bytes + call.bytes > MAX_BATCH_BYTES;
      if (taken > 0 && isMore) break;
      taken += 1;
      size += sizeOf(call);
      bytes += call.bytes;
    }
    const calls = this.queue.splice(0, taken);
    for (const { call } of calls) this.count(call, -1);
    return calls;
  }

  /** Never rejects: each call is answered. */
  private async fly(flight: Flight): Promise<void> {
    const { log, now, onLag, rescue } = this.deps;
    try {
      await Promise.all([...flight.before].map((other) => other.done));
      const outcomes = await this.store(flight);
      const nowMs = now();
      flight.calls.forEach(({ call, resolve }, i) => {
        onLag(nowMs - call.receivedMs);
        resolve(outcomes[i] as Outcome);
      });
    } catch (error) {
      const code = error instanceof EngineError ? error.code : undefined;
      log.warn({ code, calls: flight.calls.length }, 'a batch of events could not be stored');
      const calls = flight.calls.map(({ call }) => call);
      await rescue(calls, flight.plan, error).then(
        (outcomes) => flight.calls.forEach(({ resolve }, i) => resolve(outcomes[i] as Outcome)),
        (refusal: unknown) => flight.calls.forEach(({ reject }) => reject(refusal as Error)),
      );
    }
  }

  private async store(flight: Flight): Promise<readonly Outcome[]> {
    const { turns, known, log, patienceMs, onStored } = this.deps;
    const calls = flight.calls.map(({ call }) => call);
    const signal = AbortSignal.timeout(patienceMs);
    const work = async (): Promise<ReadonlySet<IngestEvent>> => {
      const found = await known.among([...flight.first.values()], signal);
      flight.plan = planOf(randomUUID(), calls, flight.first, found);
      return storeAll(turns.engine, flight.plan, log, { signal, maxSeconds: patienceMs / 1000 });
    };
    const refused = await turns.during(work, signal).catch((error: unknown) => {
      throw signal.aborted
        ? new EngineError('TIMEOUT', 'The store does not answer.', { cause: error })
        : error;
    });
    const planned = flight.plan?.events ?? [];
    const stored = refused.size === 0 ? planned : planned.filter((event) => !refused.has(event));
    known.remember(stored.map((event) => event.eventId));
    if (stored.length > 0) onStored(storedBatch(stored));
    const fresh = new Set(stored);
    return calls.map((call) => outcomeOf(call, fresh, refused));
  }
}

function* eventsOf(calls: readonly Waiting[]): Generator<IngestEvent> {
  for (const { call } of calls) for (const { event } of call.entries) yield event;
}
