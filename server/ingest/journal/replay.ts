/**
 * From the journal to the store, in order, as often as it takes: what may be stored already is looked for first.
 * Knows nothing of calls.
 */
import type { Log } from '../../engine/log.ts';
import { EngineError } from '../../engine/port.ts';
import type { CallOptions, Engine } from '../../engine/port.ts';
import { InputError } from '../../query/problem.ts';
import type { IngestEvent } from '../event.ts';
import type { KnownIds } from '../known-ids.ts';
import { firstOfEachId, storedBatch } from '../plan.ts';
import type { Plan, StoredBatch } from '../plan.ts';
import { noteDown, storePlanned } from '../plan-store.ts';
import type { RejectedEvent } from '../rejected.ts';
import { settle } from '../repair.ts';
import type { Turns } from '../turns/turns.ts';
import type { Journal, JournalBatch } from './journal.ts';
import type { JournalRecord, KeptIdentity } from './record.ts';

export interface ReplayDeps {
  readonly journal: Journal;
  readonly engine: Engine;
  readonly turns: Turns;
  readonly known: KnownIds;
  readonly log: Log;
  /** Joins an identity; InputError where it cannot be. */
  readonly join: (identity: KeptIdentity) => Promise<unknown>;
  readonly onStored: (batch: StoredBatch) => void;
  readonly onLag: (ms: number) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const SECONDS = 60;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

export class Replay {
  private readonly deps: ReplayDeps;
  private readonly stop = new AbortController();
  private running: Promise<void> | undefined;

  constructor(deps: ReplayDeps) {
    this.deps = deps;
  }

  /** Stores what the journal holds; `before` resolves once what was under way before has ended. */
  start(before: () => Promise<void>): void {
    if (this.stop.signal.aborted) return;
    this.running ??= before()
      .then(() => this.run())
      .finally(() => (this.running = undefined));
  }

  /** Resolves once the journal is empty, or the replay was ended. */
  async idle(): Promise<void> {
    await this.running;
  }

  async close(): Promise<void> {
    this.stop.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { journal, log } = this.deps;
    let pauseMs = FIRST_PAUSE_MS;
    while (!journal.isEmpty && !this.stop.signal.aborted) {
      try {
        const batch = await journal.next();
        // What is being written to the disk at this moment is read at the next look.
        if (batch) await this.store(batch);
        else await this.pause(10);
        pauseMs = FIRST_PAUSE_MS;
      } catch (error) {
        if (this.stop.signal.aborted) return;
        const code = error instanceof EngineError ? error.code : undefined;
        const fields = { code, waiting: journal.waiting, ...(code === undefined && { err: error }) };
        log.warn(fields, 'the journal could not be stored yet');
        await this.pause(pauseMs);
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
      }
    }
    if (journal.isEmpty) log.info({}, 'the journal is stored');
  }

  private async store(batch: JournalBatch): Promise<void> {
    const { journal, engine, onLag, now } = this.deps;
    // Asked aside, so that a store that is away is known at once.
    if (!(await engine.ping())) throw new EngineError('UNAVAILABLE', 'The store does not answer.');
    for (const [i, group] of groupsOf(batch.records).entries()) {
      const [first] = group;
      if (first?.plan) await this.storeTried(first, first.plan);
      else await this.storeGroup(group, `${batch.id}:${i}`, batch.isRepeated);
    }
    await journal.done(batch);
    const nowMs = now();
    for (const { events } of batch.records) if (events[0]?.receivedMs) onLag(nowMs - events[0].receivedMs);
  }

  /** What was tried under a plan of its own is tried again under the same. */
  private async storeTried(
    record: JournalRecord,
    { id, duplicates }: { id: string; duplicates: number },
  ): Promise<void> {
    const { turns, known } = this.deps;
    const { events, rejected, identified } = record;
    await turns.during(async () => {
      const stored = await settle(turns.engine, events);
      known.remember(stored);
      const rest = events.filter((event) => !stored.has(event.eventId));
      await noteDown(turns.engine, { id, events, rejected, duplicates, identified }, this.options());
      await this.storeEvents(id, rest, events.length);
      // What was stored after all has been told to nobody.
      if (stored.size > 0)
        this.deps.onStored(storedBatch(events.filter((event) => stored.has(event.eventId))));
    }, this.stop.signal);
  }

  /** What was never tried; where `isRepeated`, not before this batch was. */
  private async storeGroup(group: readonly JournalRecord[], id: string, isRepeated: boolean): Promise<void> {
    const { turns, known } = this.deps;
    const identities = group.flatMap((record) => record.identities);
    const refusals = await this.joinAll(identities);
    const events = group.flatMap((record) => record.events);
    const first = firstOfEachId(events);
    await turns.during(async () => {
      if (isRepeated) known.remember(await settle(turns.engine, [...first.values()]));
      const found = await known.among([...first.values()], this.stop.signal);
      const fresh = [...first.values()].filter((event) => !found.has(event.eventId));
      const rejected = [...group.flatMap((record) => record.rejected), ...refusals];
      const joined = identities.length - refusals.length;
      const identified = group.reduce((sum, record) => sum + record.identified, joined);
      const plan: Plan = {
        id,
        events: fresh,
        rejected,
        identified,
        duplicates: events.length - fresh.length,
      };
      // First: a repetition finds its own events, and would take them for known before.
      await noteDown(turns.engine, plan, this.options());
      await this.storeEvents(id, fresh, first.size);
    }, this.stop.signal);
  }

  private async storeEvents(id: string, events: readonly IngestEvent[], planned: number): Promise<void> {
    const { turns, known, log, onStored } = this.deps;
    const token = events.length === planned ? id : `${id}:${events.length}`;
    const plan: Plan = { id: token, events, rejected: [], duplicates: 0, identified: 0 };
    const refused = await storePlanned(turns.engine, plan, log, this.options());
    const stored = events.filter((event) => !refused.has(event));
    known.remember(stored.map((event) => event.eventId));
    if (stored.length > 0) onStored(storedBatch(stored));
  }

  /** One after the other, as they came; returns those that cannot be joined. */
  private async joinAll(identities: readonly KeptIdentity[]): Promise<readonly RejectedEvent[]> {
    const refused: RejectedEvent[] = [];
    for (const identity of identities) {
      try {
        await this.deps.join(identity);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        const { payload, source, receivedMs } = identity;
        refused.push({ reason: error.message, payload, source, receivedMs });
      }
    }
    return refused;
  }

  private options(): CallOptions {
    return { signal: this.stop.signal, maxSeconds: SECONDS };
  }

  private pause(ms: number): Promise<void> {
    const { signal } = this.stop;
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }
}

/** Records that were tried stand alone, the others together; in order. */
function groupsOf(records: readonly JournalRecord[]): readonly (readonly JournalRecord[])[] {
  const groups: JournalRecord[][] = [];
  for (const record of records) {
    const last = groups.at(-1);
    if (record.plan || !last || last[0]?.plan) groups.push([record]);
    else last.push(record);
  }
  return groups;
}
