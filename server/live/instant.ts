/**
 * The instant that counts as now, shared: as long as nothing arrives it is held for a moment, so that equal
 * questions with ranges up to now are the same question. All that was stored by it is known.
 */
import type { Arrivals } from './arrivals.ts';

/** Ranges that roll lag behind the clock by no more than this. */
const HOLD_MS = 5_000;

export class SharedInstant {
  #heldMs: number | null = null;

  constructor(
    private readonly arrivals: Arrivals,
    private readonly now: () => number,
    private readonly holdMs = HOLD_MS,
  ) {}

  /** Milliseconds since 1970. Once this resolves, all that was stored before the call is known. */
  async take(): Promise<number> {
    const knownMs = await this.arrivals.fresh();
    const held = this.#heldMs;
    const age = this.now() - (held ?? 0);
    if (held !== null && held > this.arrivals.changedMs && age >= 0 && age < this.holdMs) return held;
    this.#heldMs = knownMs;
    return knownMs;
  }
}
