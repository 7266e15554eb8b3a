/**
 * Runs the keeping of the log, and whatever goes with it, at the one server that has the lease, as long as anybody
 * needs it. Knows what must be done when, not how.
 */
import type { Log } from '../engine/log.ts';
import { EngineError } from '../engine/port.ts';
import type { Engine } from '../engine/port.ts';
import type { Arrivals } from '../live/arrivals.ts';
import type { Keeper } from './keeper.ts';
import type { Lease } from './lease.ts';
import type { LogTail } from './log-tail.ts';
import type { Subject } from './movement.ts';
import { NotTheWriterError } from './movement-log.ts';
import { followedSubjects } from './movements.sql.ts';
import type { Needs } from './needs.ts';

/** What else the holder of the lease does: it asks for subjects, and is told when it may work. */
export interface Companion {
  /** What it needs followed; nothing: it needs no lease. Looks at most every few seconds unless told to. */
  subjects(): Promise<readonly Subject[]>;
  /** The lease is held, and these are followed. */
  work(): Promise<void>;
  /** The lease is no longer held: nothing more is begun. */
  rest(): Promise<void>;
}

export interface HostDeps {
  readonly engine: Engine;
  readonly log: Log;
  readonly arrivals: Arrivals;
  readonly lease: Lease;
  readonly keeper: Keeper;
  readonly needs: Needs;
  readonly tail: LogTail;
  readonly companion: Companion;
}

/** While something arrives it is looked at so often at most, */
const REST_MS = 100;
/** and for moments that have come, new needs, and settling so often at least. */
const TICK_MS = 250;
const IDLE_MS = 10_000;
const READY_WITHIN_MS = 60_000;

export class Host {
  #term: number | null = null;
  #isClosed = false;
  #wake = new AbortController();
  #unwatch: (() => void) | null = null;
  #running: Promise<void> | null = null;

  constructor(private readonly deps: HostDeps) {}

  start(): void {
    this.#running ??= this.#run();
  }

  /** There is something new to do. */
  nudge(): void {
    this.#wake.abort();
  }

  /** Resolves once all that is new of a subject that is needed goes into the log, at whichever server. Throws EngineError. */
  async ready(subject: Subject, signal?: AbortSignal): Promise<void> {
    this.nudge();
    const deadline = performance.now() + READY_WITHIN_MS;
    while (!(await this.#isFollowed(subject))) {
      if (signal?.aborted) throw new EngineError('CANCELLED', 'The caller no longer wants the answer.');
      if (performance.now() > deadline || this.#isClosed) {
        throw new EngineError('UNAVAILABLE', 'Nobody began to follow the subject in time.');
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.nudge();
    await this.#running;
  }

  async #isFollowed(subject: Subject): Promise<boolean> {
    const { engine, lease, keeper } = this.deps;
    if (this.#term !== null) return keeper.follows(subject);
    const [term, { rows }] = await Promise.all([
      lease.current(),
      engine.query(followedSubjects, { maxSeconds: 20 }),
    ]);
    return term !== null && rows.some((row) => row.subject === subject && row.term === term);
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const seen = this.deps.arrivals.version;
      this.#wake = new AbortController();
      const { signal } = this.#wake;
      const begun = performance.now();
      let waitMs = 0;
      try {
        waitMs = await this.#turn(seen);
      } catch (error) {
        waitMs = await this.#failed(error);
      }
      if (this.#isClosed) break;
      await pause(Math.max(REST_MS, performance.now() - begun), signal);
      await this.deps.arrivals.changed(seen, waitMs, signal);
    }
    await this.#rest().catch(() => {});
  }

  /** Resolves to how long to wait where nothing happens. */
  async #turn(seen: number): Promise<number> {
    const { needs, companion, lease, keeper, tail } = this.deps;
    const asked = await companion.subjects();
    if (asked.length === 0 && needs.own().length === 0) {
      await this.#rest();
      return IDLE_MS;
    }
    this.#unwatch ??= await this.deps.arrivals.watch();
    const wanted = await needs.all();
    const term = await lease.hold();
    if (term === null) {
      if (this.#term !== null) await companion.rest();
      this.#term = null;
      return TICK_MS;
    }
    if (term !== this.#term) {
      this.#term = null;
      await keeper.begin(term);
      this.#term = term;
    }
    await keeper.look([...new Set([...wanted, ...asked])], seen);
    await tail.look();
    await companion.work();
    return TICK_MS;
  }

  async #failed(error: unknown): Promise<number> {
    const { lease, keeper, companion, log } = this.deps;
    if (this.#isClosed) return 0;
    if (error instanceof NotTheWriterError) {
      log.info({}, 'another server keeps the log of moves now');
      lease.lose();
      this.#term = null;
      await companion.rest();
      return TICK_MS;
    }
    log.warn({ err: error }, 'the log of moves could not be kept up to date; trying again');
    keeper.doubt();
    return 1_000;
  }

  async #rest(): Promise<void> {
    this.#unwatch?.();
    this.#unwatch = null;
    this.#term = null;
    await this.deps.companion.rest();
    await this.deps.lease.leave();
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
