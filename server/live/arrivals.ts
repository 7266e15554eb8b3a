/**
 * What has arrived: a version that rises whenever events were stored or audiences saved, by this server or any
 * other writer. Found by tailing the small `arrivals` and `audiences` tables while somebody watches, and at once
 * when this server stored something itself.
 */
import type { Engine } from '../engine/port.ts';
import { sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/sql.ts';

export interface Arrivals {
  /** Rises with every change of the data. */
  readonly version: number;
  /**
   * Begins to look for what others store; resolves to how to end it, once everything stored from now on will
   * raise the version.
   */
  watch(): Promise<() => void>;
  /** Resolves once the version is above `seen`, or `timeoutMs` has passed, or the signal aborts. */
  changed(seen: number, timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** This server stored something: look no further. */
  nudge(): void;
  close(): void;
}

interface ArrivalsLog {
  warn(details: object, message: string): void;
}

const newest: SqlQuery<{ inserts: string; newest: string; saved: string }> = {
  name: 'live.arrivals',
  sql: sql`SELECT count() AS inserts, toString(max(at)) AS newest,
  (SELECT groupBitXor(cityHash64(id, version)) FROM audiences FINAL) AS saved FROM arrivals`,
};

const POLL_MS = 250;

export function tailArrivals(engine: Engine, log: ArrivalsLog): Arrivals {
  return new ArrivalsTail(engine, log);
}

class ArrivalsTail implements Arrivals {
  version = 0;
  #watchers = 0;
  #tail: Promise<void> | null = null;
  #isClosed = false;
  readonly #waiting = new Set<() => void>();

  constructor(
    private readonly engine: Engine,
    private readonly log: ArrivalsLog,
  ) {}

  async watch(): Promise<() => void> {
    this.#watchers += 1;
    this.#tail ??= this.#begin();
    await this.#tail;
    let isWatching = true;
    return () => {
      if (isWatching) this.#watchers -= 1;
      isWatching = false;
    };
  }

  changed(seen: number, timeoutMs: number, signal: AbortSignal): Promise<void> {
    if (this.version > seen || signal.aborted || this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(deadline);
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const deadline = setTimeout(wake, timeoutMs);
      signal.addEventListener('abort', wake, { once: true });
      this.#waiting.add(wake);
    });
  }

  nudge(): void {
    this.version += 1;
    for (const wake of [...this.#waiting]) wake();
  }

  close(): void {
    this.#isClosed = true;
    for (const wake of [...this.#waiting]) wake();
  }

  /** Resolves once what is there now is known; then looks on until nobody watches. */
  async #begin(): Promise<void> {
    const seen = await this.#look(null);
    void this.#follow(seen);
  }

  async #follow(first: string | null): Promise<void> {
    let seen = first;
    while (this.#watchers > 0 && !this.#isClosed) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      const now = await this.#look(seen);
      if (now !== seen) this.nudge();
      seen = now;
    }
    this.#tail = null;
  }

  /** What stands in the table; what was seen before when it cannot be read. */
  async #look(before: string | null): Promise<string | null> {
    try {
      const { rows } = await this.engine.query(newest, { maxSeconds: 5 });
      return JSON.stringify(rows[0]);
    } catch (error) {
      if (!this.#isClosed) this.log.warn({ err: error }, 'cannot see what arrived; trying again');
      return before;
    }
  }
}
