/**
 * Customers whose facts are to be read again from events, since when, and not before which moment: what a view made
 * of an insert may be seen before the insert itself. Knows no engine.
 */

interface Pending {
  sinceMs: number;
  /** By performance.now. */
  readyAt: number;
}

export interface Due {
  readonly keys: readonly string[];
  /** The earliest of all. */
  readonly sinceMs: number;
}

export class PendingReads {
  readonly #customers = new Map<string, Pending>();

  get size(): number {
    return this.#customers.size;
  }

  add(key: string, sinceMs: number, readyAt: number): void {
    const known = this.#customers.get(key);
    if (!known) {
      this.#customers.set(key, { sinceMs, readyAt });
      return;
    }
    known.sinceMs = Math.min(known.sinceMs, sinceMs);
    known.readyAt = Math.max(known.readyAt, readyAt);
  }

  clear(): void {
    this.#customers.clear();
  }

  /** Takes out who is ready, at most so many: those of about the same time together. */
  takeReady(now: number, most: number): Due | null {
    const ready = [...this.#customers].filter(([, { readyAt }]) => readyAt <= now);
    const [first, ...rest] = ready.sort((a, b) => b[1].sinceMs - a[1].sinceMs).slice(0, most);
    if (!first) return null;
    const together = [first, ...rest.filter(([, { sinceMs }]) => first[1].sinceMs - sinceMs < TOGETHER_MS)];
    for (const [key] of together) this.#customers.delete(key);
    return {
      keys: together.map(([key]) => key),
      sinceMs: Math.min(...together.map(([, { sinceMs }]) => sinceMs)),
    };
  }
}

/** Who came late by more than this is read apart: the others' recent events lie in few places. */
const TOGETHER_MS = 3_600_000;
