/**
 * Customers whose facts are to be read again from events, and the events that such a reading has to see. An insert may
 * be heard of before all of it can be read: who has such an event waits until it is stored for sure, and is read once.
 * It may also be read before it is heard of: of whom that is not known, they are read again. Knows no engine; moments
 * are by performance.now.
 */
import type { Arrival } from './arrival.ts';

export interface Reread {
  readonly key: string;
  readonly sinceMs: number;
  /** What a reading has to see. */
  readonly awaits: readonly Arrival[];
}

/** Customers read again at once, and waiting to be. */
export const READ_AT_ONCE = 2_000;
export const MOST_REREADS = 100_000;
/** Longer than an event that was heard of can be missing. */
export const PATIENCE_MS = 5_000;

export class Rereads {
  readonly #waiting = new Map<string, Reread>();
  /** When who was read again. */
  readonly #readAt = new Map<string, number>();
  /** Events that were taken in as they arrived, by customer: lately, and in as long a while before. */
  #taken = new Map<string, Arrival[]>();
  #takenBefore = new Map<string, Arrival[]>();
  #takenSince = -Infinity;

  /** `settleMs`: so much later than it can be read, all of an insert is heard of. */
  constructor(private readonly settleMs: number) {}

  get size(): number {
    return this.#waiting.size;
  }

  add({ key, sinceMs, awaits }: Reread): void {
    const known = this.#waiting.get(key);
    if (!known) this.#waiting.set(key, { key, sinceMs, awaits });
    else
      this.#waiting.set(key, {
        key,
        sinceMs: Math.min(known.sinceMs, sinceMs),
        awaits: [...new Set([...known.awaits, ...awaits])],
      });
  }

  /** Events of the customer were taken in without being read: a reading that does not see them would lose them. */
  noteTaken(key: string, arrivals: readonly Arrival[], now: number): void {
    if (now - this.#takenSince > PATIENCE_MS) {
      this.#takenBefore =
        now - this.#takenSince > 2 * PATIENCE_MS ? new Map<string, Arrival[]>() : this.#taken;
      this.#taken = new Map();
      this.#takenSince = now;
    }
    const taken = this.#taken.get(key);
    if (taken) taken.push(...arrivals);
    else this.#taken.set(key, [...arrivals]);
  }

  /** Whether what could not be seen before a moment may have been read with the customer's other events. */
  mayHaveRead(key: string, seenAfter: number): boolean {
    return (this.#readAt.get(key) ?? -Infinity) >= seenAfter - this.settleMs;
  }

  /** What was read before a moment is in no doubt any more. */
  forget(seenAfter: number): void {
    for (const [key, at] of this.#readAt) if (at < seenAfter - this.settleMs) this.#readAt.delete(key);
  }

  /** Takes all out, in groups to be read together: of about the same time, at most so many. */
  takeAll(most: number): readonly (readonly Reread[])[] {
    const all = [...this.#waiting.values()].sort((a, b) => b.sinceMs - a.sinceMs);
    this.#waiting.clear();
    const groups: Reread[][] = [];
    for (const waiting of all) {
      const reread = { ...waiting, awaits: [...new Set([...waiting.awaits, ...this.#takenOf(waiting.key)])] };
      const group = groups.at(-1);
      const first = group?.[0];
      if (!group || !first || group.length >= most || first.sinceMs - reread.sinceMs > TOGETHER_MS)
        groups.push([reread]);
      else group.push(reread);
    }
    return groups;
  }

  /** They were read, all that they awaited included. */
  wereRead(group: readonly Reread[]): void {
    const now = performance.now();
    for (const { key } of group) this.#readAt.set(key, now);
  }

  #takenOf(key: string): readonly Arrival[] {
    return [...(this.#takenBefore.get(key) ?? []), ...(this.#taken.get(key) ?? [])];
  }
}

/** Who came late by more than this is read apart: the others' recent events lie in few places. */
const TOGETHER_MS = 3_600_000;
