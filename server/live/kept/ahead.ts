/** Customers with events whose time has not come: until it has, nobody counts them. Knows no facts. */
import { DueHeap } from './due-heap.ts';

export interface AheadEvent {
  readonly key: string;
  readonly timeMs: number;
}

/** So far ahead events are remembered until their time comes. */
export const AHEAD_MS = 25 * 3_600_000;
/** More than this nobody sends on purpose. */
export const MOST_AHEAD = 10_000;

export class Ahead {
  readonly #heap = new DueHeap();
  readonly #events: AheadEvent[] = [];

  get isFull(): boolean {
    return this.#heap.size >= MOST_AHEAD;
  }

  add(event: AheadEvent): void {
    this.#heap.push(event.timeMs, this.#events.length);
    this.#events.push(event);
  }

  /** Takes out those that happen before. */
  takeBefore(untilMs: number): readonly AheadEvent[] {
    const taken: AheadEvent[] = [];
    while (this.#heap.peek() < untilMs) {
      const event = this.#events[this.#heap.pop()];
      if (event) taken.push(event);
    }
    if (this.#heap.size === 0) this.#events.length = 0;
    return taken;
  }
}
