/**
 * Customers whose facts are to be read again from events. An insert may be heard of before all of it can be read,
 * and read before it is heard of; so who is read too soon is read once more, and of whom it is not known whether
 * what arrives was read with the rest, is read again too. Moments are by performance.now. Knows no engine.
 */

export interface Reread {
  readonly key: string;
  readonly sinceMs: number;
  /** Read before then, what was read may not be all. */
  readonly wholeAt: number;
}

/** Customers read again at once, and waiting to be. */
export const READ_AT_ONCE = 2_000;
export const MOST_REREADS = 100_000;

export class Rereads {
  readonly #waiting = new Map<string, Reread>();
  /** When who was read again. */
  readonly #readAt = new Map<string, number>();
  /** Who had events taken in as they arrived: since when, and at which moment. */
  readonly #taken = new Map<string, { readonly sinceMs: number; readonly at: number }>();

  /** `settleMs`: so much later than it is heard of, all of an insert can be read. */
  constructor(private readonly settleMs: number) {}

  get size(): number {
    return this.#waiting.size;
  }

  add(reread: Reread): void {
    const known = this.#waiting.get(reread.key);
    const sinceMs = Math.min(known?.sinceMs ?? Infinity, reread.sinceMs);
    const wholeAt = Math.max(known?.wholeAt ?? -Infinity, reread.wholeAt);
    this.#waiting.set(reread.key, { key: reread.key, sinceMs, wholeAt });
  }

  /** Events of the customer were taken in without being read. */
  noteTaken(key: string, timeMs: number, at: number): void {
    const sinceMs = Math.min(timeMs, this.#taken.get(key)?.sinceMs ?? Infinity);
    this.#taken.set(key, { sinceMs, at });
  }

  /** Whether what could not be seen before a moment may have been read with the customer's other events. */
  mayHaveRead(key: string, seenAfter: number): boolean {
    return (this.#readAt.get(key) ?? -Infinity) >= seenAfter - this.settleMs;
  }

  /** What was read before a moment is in no doubt any more. */
  forget(seenAfter: number, now: number): void {
    for (const [key, at] of this.#readAt) if (at < seenAfter - this.settleMs) this.#readAt.delete(key);
    for (const [key, { at }] of this.#taken) if (at < now - this.settleMs) this.#taken.delete(key);
  }

  /** Takes all out, in groups to be read together: of about the same time, at most so many. */
  takeAll(most: number): readonly (readonly Reread[])[] {
    const all = [...this.#waiting.values()].sort((a, b) => b.sinceMs - a.sinceMs);
    this.#waiting.clear();
    const groups: Reread[][] = [];
    for (const reread of all) {
      const group = groups.at(-1);
      const first = group?.[0];
      if (!group || !first || group.length >= most || first.sinceMs - reread.sinceMs > TOGETHER_MS)
        groups.push([reread]);
      else group.push(reread);
    }
    return groups;
  }

  /** They were read, the reading begun at a moment; some are to be read once more. */
  wereRead(group: readonly Reread[], begun: number): void {
    const now = performance.now();
    for (const { key, sinceMs, wholeAt } of group) {
      this.#readAt.set(key, now);
      if (wholeAt > begun) this.add({ key, sinceMs, wholeAt });
      const taken = this.#taken.get(key);
      if (taken && taken.at >= begun - this.settleMs)
        this.add({ key, sinceMs: taken.sinceMs, wholeAt: taken.at + this.settleMs });
    }
  }
}

/** Who came late by more than this is read apart: the others' recent events lie in few places. */
const TOGETHER_MS = 3_600_000;
