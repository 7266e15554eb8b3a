/**
 * Which of the events that were heard of can be read: told by their ids, by looking for them, and not by any clock.
 * What was found once is there for whoever reads later. Shared by all facts, so that each event is looked for once.
 */
import type { Engine } from '../../engine/port.ts';
import type { Arrival } from './arrival.ts';
import { inMonths, storedAmong } from './kept.sql.ts';
import { PATIENCE_MS } from './rereads.ts';
import type { Reread } from './rereads.ts';

export class StoredEvents {
  readonly #found = new WeakSet<Arrival>();
  #looking: Promise<unknown> = Promise.resolve();

  /** `settleMs`: so much later than it is heard of, an event without an id can be read. */
  constructor(
    private readonly engine: Engine,
    private readonly settleMs: number,
  ) {}

  /** Those of whom a reading that begins now sees all that it has to, and the others. */
  async divided(
    group: readonly Reread[],
  ): Promise<{ readonly ready: readonly Reread[]; readonly early: readonly Reread[] }> {
    const awaited = group.flatMap(({ awaits }) => awaits);
    const now = performance.now();
    const isStored = (arrival: Arrival): boolean => this.#found.has(arrival) || this.#isOver(arrival, now);
    if (!awaited.every(isStored)) {
      const look = this.#looking.then(() => this.#look(awaited));
      this.#looking = look.catch(() => {});
      await look;
    }
    const [ready, early]: [Reread[], Reread[]] = [[], []];
    for (const reread of group) (reread.awaits.every(isStored) ? ready : early).push(reread);
    return { ready, early };
  }

  async #look(awaited: readonly Arrival[]): Promise<void> {
    const missing = awaited.filter((arrival) => arrival.id !== '0' && !this.#found.has(arrival));
    if (missing.length === 0) return;
    for (const months of inMonths(missing)) await this.#lookIn(months);
  }

  async #lookIn(months: readonly (readonly Arrival[])[]): Promise<void> {
    const { rows } = await this.engine.query(storedAmong(months));
    const events = new Set<string>();
    const firstSeen = new Map<string, number>();
    for (const { key, time_ms, id } of rows) {
      if (id === '') firstSeen.set(key, time_ms);
      else events.add(`${key} ${time_ms} ${id}`);
    }
    for (const arrival of months.flat()) {
      const { storedKey, id, event } = arrival;
      const isKnown = (firstSeen.get(storedKey) ?? Infinity) <= event.timeMs;
      if (isKnown && events.has(`${storedKey} ${event.timeMs} ${id}`)) this.#found.add(arrival);
    }
  }

  /** What has not come by then was taken out again, or will never be told by its id. */
  #isOver({ id, heardAt }: Arrival, now: number): boolean {
    return now - heardAt > (id === '0' ? this.settleMs : PATIENCE_MS);
  }
}
