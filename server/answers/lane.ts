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

/** A call that stands in line with one statement after the other. */
export interface Standing {
  readonly caller: Caller;
  /** True once one of its statements was admitted: what it still needs goes before calls that only begin. */
  hasBegun: boolean;
}

/** A place in the lane, waiting at first; it may stand in line for several callers. */
export interface Place {
  /** Resolves once it is this one's turn; never rejects. */
  readonly admitted: Promise<void>;
  readonly isWaiting: boolean;
  /** Another call waits for the same: whoever's turn comes first counts. */
  alsoFor(standing: Standing): void;
  /** To be called in every case: it has run, or nobody waits for it any more. */
  leave(): void;
}

export class Lane {
  readonly #lines: Lines = { begun: new Turns(), new: new Turns() };
  #running = 0;
  #waiting = 0;

  constructor(private readonly limits: LaneLimits) {}

  get size(): { readonly running: number; readonly waiting: number } {
    return { running: this.#running, waiting: this.#waiting };
  }

  /** Throws BusyError when too many wait. */
  enter(standing: Standing): Place {
    if (this.#running >= this.limits.atOnce && this.#waiting >= this.limits.mostWaiting)
      throw new BusyError();
    const place = new WaitingPlace(this.#lines, (wasWaiting) => {
      if (wasWaiting) this.#waiting -= 1;
      else this.#running -= 1;
      this.#admit();
    });
    this.#waiting += 1;
    place.alsoFor(standing);
    this.#admit();
    return place;
  }

  #admit(): void {
    while (this.#running < this.limits.atOnce) {
      const next = this.#lines.begun.take() ?? this.#lines.new.take();
      if (!next) return;
      this.#waiting -= 1;
      this.#running += 1;
      next.admit();
    }
  }
}

interface Lines {
  readonly begun: Turns<WaitingPlace>;
  readonly new: Turns<WaitingPlace>;
}

class WaitingPlace implements Place {
  readonly admitted: Promise<void>;
  #state: 'waiting' | 'admitted' | 'left' = 'waiting';
  #resolve: () => void = () => {};
  readonly #standing: { readonly for: Standing; readonly line: Turns<WaitingPlace> }[] = [];

  constructor(
    private readonly lines: Lines,
    private readonly onLeave: (wasWaiting: boolean) => void,
  ) {
    this.admitted = new Promise((resolve) => (this.#resolve = resolve));
  }

  get isWaiting(): boolean {
    return this.#state === 'waiting';
  }

  alsoFor(standing: Standing): void {
    if (!this.isWaiting || this.#standing.some((other) => other.for === standing)) return;
    const line = standing.hasBegun ? this.lines.begun : this.lines.new;
    this.#standing.push({ for: standing, line });
    line.add(standing.caller, this);
  }

  admit(): void {
    this.#state = 'admitted';
    for (const standing of this.#standing) standing.for.hasBegun = true;
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
    for (const { for: standing, line } of this.#standing) line.remove(standing.caller, this);
  }
}
