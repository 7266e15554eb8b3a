/**
 * What has arrived: a version that rises whenever events were stored, by this server or any other writer.
 * Found by tailing the small `arrivals` table while somebody watches, and at once when this server stored
 * something itself.
 */
import type { Engine } from '../engine/port.ts';
import { sql } from '../query/sql.ts';

export interface Arrivals {
  /** Rises with every change of the data. */
  readonly version: number;
  /** Resolves once the version is above `seen`, or `timeoutMs` has passed, or the signal aborts. */
  changed(seen: number, timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** This server stored something: look no further. */
  nudge(): void;
  close(): void;
}

interface ArrivalsLog {
  warn(details: object, message: string): void;
}

const newest = {
  name: 'live.arrivals',
  sql: sql`SELECT count() AS inserts, toString(max(at)) AS newest FROM arrivals`,
  row: undefined as { inserts: string; newest: string } | undefined,
};

export function tailArrivals(engine: Engine, log: ArrivalsLog, pollMs = 250): Arrivals {
  let version = 0;
  let seen: string | null = null;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;
  const waiting = new Set<() => void>();

  const rise = (): void => {
    version += 1;
    for (const wake of [...waiting]) wake();
  };

  const poll = async (): Promise<void> => {
    try {
      const { rows } = await engine.query(newest, { maxSeconds: 5 });
      const now = JSON.stringify(rows[0]);
      if (seen !== null && seen !== now) rise();
      seen = now;
    } catch (error) {
      if (!closed) log.warn({ err: error }, 'cannot see what arrived; trying again');
    }
    timer = waiting.size > 0 && !closed ? setTimeout(() => void poll(), pollMs) : null;
  };

  return {
    get version() {
      return version;
    },
    changed(from, timeoutMs, signal) {
      if (version > from || signal.aborted || closed) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(deadline);
          waiting.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const deadline = setTimeout(wake, timeoutMs);
        signal.addEventListener('abort', wake, { once: true });
        waiting.add(wake);
        timer ??= setTimeout(() => void poll(), 0);
      });
    },
    nudge: rise,
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
      for (const wake of [...waiting]) wake();
    },
  };
}
