/**
 * The instant that counts as now, shared: as long as nothing arrives it is held for a moment, so that equal
 * questions with ranges up to now are the same question. All that was stored by it is in whatever is asked.
 */
import type { Arrivals } from './arrivals.ts';

export interface Instant {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
  /** True when nobody has stored anything between it and the moment that was asked for. */
  readonly isConfirmed: boolean;
}

/** Ranges that roll lag behind the clock by no more than this. */
export const HOLD_MS = 5_000;

/** What other programs change besides events is known no later than this. */
const LOOK_MS = 1_000;

export class SharedInstant {
  #held = { nowMs: NaN, version: NaN };

  constructor(
    private readonly arrivals: Pick<Arrivals, 'version' | 'lookedAt' | 'freshSince'>,
    private readonly now: () => number,
    private readonly holdMs: number,
  ) {}

  /** `since`: when it is asked for (performance.now), or the moment after which nothing need be in the answers. */
  async take(since: number): Promise<Instant> {
    if (this.#holds() || performance.now() - this.arrivals.lookedAt > LOOK_MS) {
      await this.arrivals.freshSince(since);
      if (this.#holds()) return { nowMs: this.#held.nowMs, isConfirmed: true };
    }
    this.#held = { nowMs: this.now(), version: this.arrivals.version };
    return { nowMs: this.#held.nowMs, isConfirmed: false };
  }

  /** As far as is known. */
  #holds(): boolean {
    const age = this.now() - this.#held.nowMs;
    return this.#held.version === this.arrivals.version && age >= 0 && age < this.holdMs;
  }
}
