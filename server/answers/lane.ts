/**
 * A lane of statements: so many run at once, the others wait their turn, up to a bound. Knows callers, neither
 * statements nor engine.
 */
import { EngineError } from '../engine/port.ts';
import { Turns } from './turns.ts';
import type { Caller } from './turns.ts';

export interface LaneLimits {
  readonly atOnce: number;
  /** Beyond it whoever comes is sent away. */
  readonly mostWaiting: number;
}

/** More waits than would be answered in good time: the same may be asked again in a moment. */
export class BusyError extends EngineError {
  constructor() {
    super('BUSY', 'Too many statements wait for their turn.');
    this.name = 'BusyError';
  }
}

/** A place in the lane, waiting at first; it may stand in line for several callers. */
export interface Place {
  /** Resolves once it is this one's turn; never rejects. */
  readonly admitted: Promise<void>;
  readonly isWaiting: boolean;
  /** Another caller waits for the same: whoever's turn comes first counts. */
  alsoFor(caller: Caller): void;
  /** To be called in every case: it has run, or nobody waits for it any more. */
  leave(): void;
}

export class Lane {
  readonly #turns = new Turns<WaitingPlace>();
  #running = 0;
  #waiting = 0;

  constructor(private readonly limits: LaneLimits) {}

  get size(): { readonly running: number; readonly waiting: number } {
    return { running: this.#running, waiting: this.#waiting };
  }

  /** Throws BusyError when too many wait. */
  enter(caller: Caller): Place {
    if (this.#running >= this.limits.atOnce && this.#waiting >= this.limits.mostWaiting)
      throw new BusyError();
    const place = new WaitingPlace(this.#turns, (wasWaiting) => {
      if (wasWaiting) this.#waiting -= 1;
      else this.#running -= 1;
      this.#admit();
    });
    this.#waiting += 1;
    place.alsoFor(caller);
    this.#admit();
    return place;
  }

  #admit(): void {
    while (this.#running < this.limits.atOnce) {
      const next = this.#turns.take();
      if (!next) return;
      this.#waiting -= 1;
      this.#running += 1;
      next.admit();
    }
  }
}

class WaitingPlace implements Place {
  readonly admitted: Promise<void>;
  #state: 'waiting' | 'admitted' | 'left' = 'waiting';
  #resolve: () => void = () => {};
  readonly #callers: Caller[] = [];

  constructor(
    private readonly turns: Turns<WaitingPlace>,
    private readonly onLeave: (wasWaiting: boolean) => void,
  ) {
    this.admitted = new Promise((resolve) => (this.#resolve = resolve));
  }

  get isWaiting(): boolean {
    return this.#state === 'waiting';
  }

  alsoFor(caller: Caller): void {
    if (!this.isWaiting || this.#callers.some((other) => isSame(other, caller))) return;
    this.#callers.push(caller);
    this.turns.add(caller, this);
  }

  admit(): void {
    this.#state = 'admitted';
    this.#leaveLines();
    this.#resolve();
  }

  leave(): void {
    if (this.#state === 'left') return;
    const wasWaiting = this.isWaiting;
    this.#state = 'left';
    if (wasWaiting) this.#leaveLines();
    this.onLeave(wasWaiting);
  }

  #leaveLines(): void {
    for (const caller of this.#callers) this.turns.remove(caller, this);
  }
}

function isSame(a: Caller, b: Caller): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}
