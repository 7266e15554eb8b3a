/**
 * Customers whose facts are to be read again from events, since when, and until which moment once more: what a view
 * made of an insert may be seen before the insert itself. Knows no engine.
 */

export interface Pending {
  readonly key: string;
  readonly sinceMs: number;
  /** Read before then (by performance.now), what was read may not be all. */
  readonly wholeAt: number;
}

export class PendingReads {
  readonly #customers = new Map<string, Pending>();

  get size(): number {
    return this.#customers.size;
  }

  add(pending: Pending): void {
    const known = this.#customers.get(pending.key);
    this.#customers.set(
      pending.key,
      known
        ? {
            key: known.key,
            sinceMs: Math.min(known.sinceMs, pending.sinceMs),
            wholeAt: Math.max(known.wholeAt, pending.wholeAt),
          }
        : pending,
    );
  }

  /** Takes all out, in groups to be read together: of about the same time, at most so many. */
  takeAll(most: number): readonly (readonly Pending[])[] {
    const all = [...this.#customers.values()].sort((a, b) => b.sinceMs - a.sinceMs);
    this.#customers.clear();
    const groups: Pending[][] = [];
    for (const pending of all) {
      const group = groups.at(-1);
      const first = group?.[0];
      if (!group || !first || group.length >= most || first.sinceMs - pending.sinceMs > TOGETHER_MS)
        groups.push([pending]);
      else group.push(pending);
    }
    return groups;
  }
}

/** Who came late by more than this is read apart: the others' recent events lie in few places. */
const TOGETHER_MS = 3_600_000;
