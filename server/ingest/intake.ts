/**
 * Where checked calls go: to the store, and to the journal while the store is away or the journal is not empty.
 * Knows nothing of how calls are checked.
 */
import type { Log } from '../engine/log.ts';
import type { Engine } from '../engine/port.ts';
import { isAway } from './busy.ts';
import type { Journal } from './journal/journal.ts';
import { keptOutcomes, recordOf, triedRecord } from './journal/keep.ts';
import type { KeptIdentity } from './journal/record.ts';
import { Replay } from './journal/replay.ts';
import { KnownIds } from './known-ids.ts';
import { Lag } from './lag.ts';
import { Pipeline } from './pipeline.ts';
import type { Rescue } from './pipeline.ts';
import type { CheckedCall, Outcome, StoredBatch } from './plan.ts';
import { repairLast } from './repair.ts';
import type { Turns } from './turns/turns.ts';

export interface IngestStatus {
  /** Acknowledged, and in the journal until the store is back. */
  readonly waiting: number;
  /** Age of the oldest of these. */
  readonly oldestWaitingMs: number | null;
  /** From call to stored: the median of the last minute, or the age of the oldest that waits. */
  readonly lagMs: number;
}

export interface IntakeDeps {
  readonly engine: Engine;
  readonly turns: Turns;
  /** Null: what cannot be stored is refused. */
  readonly journal: Journal | null;
  readonly log: Log;
  readonly join: (identity: KeptIdentity) => Promise<unknown>;
  readonly onStored: (batch: StoredBatch) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Where calls can be kept, they need not wait long for a store that does not answer. */
const PATIENCE_MS = 5_000;
const PATIENCE_WITHOUT_JOURNAL_MS = 60_000;

export class Intake {
  private readonly deps: IntakeDeps;
  private readonly known: KnownIds;
  private readonly lag = new Lag();
  private readonly pipeline: Pipeline;
  private readonly replay: Replay | null;

  constructor(deps: IntakeDeps) {
    const { engine, turns, journal, log, onStored, now } = deps;
    const onLag = (ms: number): void => this.lag.add(ms);
    this.deps = deps;
    this.known = new KnownIds(engine, log);
    const { known, rescue, patienceMs } = this;
    this.pipeline = new Pipeline({ turns, known, log, rescue, patienceMs, onStored, onLag, now });
    this.replay = journal && new Replay({ ...deps, journal, known: this.known, onLag });
    turns.onTaken(() => repairLast(turns.engine));
    // Others may have stored ids, or removed events, which may come again.
    turns.onReturned(() => this.known.forget());
    if (journal && !journal.isEmpty) this.startReplay();
  }

  /** How long a call waits for the store. */
  get patienceMs(): number {
    return this.deps.journal ? PATIENCE_MS : PATIENCE_WITHOUT_JOURNAL_MS;
  }

  /** True while calls go to the journal, in their order. */
  get isKeeping(): boolean {
    return this.deps.journal?.isEmpty === false;
  }

  /** Resolves once all of it is stored, or safe in the journal. */
  submit(call: CheckedCall, signal?: AbortSignal): Promise<Outcome> {
    return this.isKeeping ? this.keep(call) : this.pipeline.submit(call, signal);
  }

  /** To the journal, with identities that are still to be joined; throws `error` where there is none. */
  async keep(call: CheckedCall, identities: readonly KeptIdentity[] = [], error?: unknown): Promise<Outcome> {
    const { journal } = this.deps;
    if (!journal) throw error as Error;
    await this.appended(journal.append(recordOf([call], identities)));
    return keptOutcomes([call], undefined)[0] as Outcome;
  }

  /** What was removed from the store may be sent again. */
  forgetIds(): void {
    this.known.forgetCounted();
  }

  status(): IngestStatus {
    const { journal, now } = this.deps;
    const oldestMs = journal?.oldestMs ?? null;
    const oldestWaitingMs = oldestMs === null ? null : Math.max(0, now() - oldestMs);
    return { waiting: journal?.waiting ?? 0, oldestWaitingMs, lagMs: oldestWaitingMs ?? this.lag.median() };
  }

  /** Resolves once all that was acknowledged is stored. */
  async idle(): Promise<void> {
    await this.pipeline.idle();
    await this.replay?.idle();
  }

  /** What is in the journal stays there. */
  async close(): Promise<void> {
    await this.pipeline.idle();
    await this.replay?.close();
    await this.deps.journal?.close();
  }

  private readonly rescue: Rescue = async (calls, plan, error) => {
    const { journal } = this.deps;
    if (!journal || !isAway(error)) throw error;
    await this.appended(journal.append(plan ? triedRecord(calls, plan) : recordOf(calls)));
    return keptOutcomes(calls, plan);
  };

  /** As soon as something is in the journal, what waits follows it there, and what it holds is stored. */
  private appended(append: Promise<void>): Promise<void> {
    if (this.isKeeping) {
      for (const { call, resolve, reject } of this.pipeline.takeBack()) {
        this.keep(call).then(resolve, reject);
      }
      this.startReplay();
    }
    return append;
  }

  private startReplay(): void {
    this.replay?.start(() => this.pipeline.idle());
  }
}
