/**
 * What this server stored is told twice: by whoever stored it, and by the look that finds it. Each is told apart by
 * when its events happened, so that the second telling says nothing new, whichever comes first. Knows no engine.
 */
import type { EventSpan } from '../query/span.ts';

/** The second telling comes within this, or not at all. */
const WITHIN_MS = 5_000;

export class ToldTwice {
  /** By what happened: when it was told, oldest first. */
  readonly #told = new Map<string, number[]>();

  /** To be called with the first telling. */
  note(span: EventSpan): void {
    const now = performance.now();
    for (const [key, times] of this.#told) {
      if ((times.at(-1) ?? 0) >= now - WITHIN_MS) break;
      this.#told.delete(key);
    }
    const key = keyOf(span);
    const times = this.#told.get(key) ?? [];
    this.#told.delete(key);
    this.#told.set(key, [...times, now]);
  }

  /** True once for each telling that was noted lately. */
  claim(span: EventSpan): boolean {
    const key = keyOf(span);
    const times = this.#told.get(key) ?? [];
    const since = performance.now() - WITHIN_MS;
    const [first, ...rest] = times.filter((time) => time >= since);
    if (rest.length > 0) this.#told.set(key, rest);
    else this.#told.delete(key);
    return first !== undefined;
  }
}

function keyOf({ fromMs, toMs }: EventSpan): string {
  return `${fromMs} ${toMs}`;
}
