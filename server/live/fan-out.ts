/**
 * Telling thousands without standing still: rounds of small steps, done in slices of a few milliseconds between
 * which the process attends to everything else; rounds take turns. Knows neither answers nor sockets.
 */

export interface Round {
  /** Does a little, such as telling one viewer; false when all is done. */
  step(): boolean;
}

const SLICE_MS = 5;
/** Steps between two looks at the clock, and of one round before the next one's turn. */
const STEPS = 16;

export class FanOut {
  readonly #rounds = new Set<Round>();
  #isDue = false;

  /** Begins the round with the next turn of the event loop; one that is under way goes on. */
  add(round: Round): void {
    this.#rounds.add(round);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isDue || this.#rounds.size === 0) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#slice();
      this.#schedule();
    });
  }

  #slice(): void {
    const until = performance.now() + SLICE_MS;
    while (this.#rounds.size > 0) {
      for (const round of this.#rounds) {
        if (performance.now() >= until) return;
        // Back to the end of the line, or out of it.
        this.#rounds.delete(round);
        if (someStepsOf(round)) this.#rounds.add(round);
      }
    }
  }
}

function someStepsOf(round: Round): boolean {
  for (let i = 0; i < STEPS; i += 1) if (!round.step()) return false;
  return true;
}
