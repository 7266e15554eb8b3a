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

/** A call that stands in line with its statements, one after the other or many at once. */
export interface Standing {
  readonly caller: Caller;
}

/** A place in the lane, waiting at first; it may stand in line for several calls. */
export interface Place {
  /** Resolves once it is this one's turn; never rejects. */
  readonly admitted: Promise<void>;
  readonly isWaiting: boolean;
  /** Another call waits for the same: whoever's turn comes first counts. */
  alsoFor(standing: Standing): void;
  /** To be called in every case: it has run, or nobody waits for it any more. */
  leave(): void;
}

/** Statements that a call may run in one turn; with more it takes turns like many calls. */
const STATEMENTS_A_TURN = 16;

/** A call as this lane sees it. */
interface Call {
  readonly caller: Caller;
  /** In the order of time: which turn it has; null: none. */
  turn: number | null;
  /** Statements that its turn still has. */
  left: number;
  readonly waiting: Set<WaitingPlace>;
}

export class Lane {
  readonly #calls = new WeakMap<Standing, Call>();
  /** Calls whose turn it is and that wait: what has begun is ended before anything else begins. */
  readonly #begun = new Set<Call>();
  /** Calls that wait for their turn. */
  readonly #new = new Turns<Call>();
  #turns = 0;
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
    const place = new WaitingPlace({
      wait: (newcomer) => this.#wait(place, newcomer),
      leave: (wasWaiting) => this.#leave(place, wasWaiting),
    });
    this.#waiting += 1;
    place.alsoFor(standing);
    this.#admit();
    return place;
  }

  #callOf(standing: Standing): Call {
    let call = this.#calls.get(standing);
    if (!call) {
      call = { caller: standing.caller, turn: null, left: 0, waiting: new Set() };
      this.#calls.set(standing, call);
    }
    return call;
  }

  #wait(place: WaitingPlace, standing: Standing): void {
    const call = this.#callOf(standing);
    if (call.waiting.size === 0) this.#standInLine(call);
    call.waiting.add(place);
    place.calls.add(call);
  }

  #standInLine(call: Call): void {
    if (call.turn === null) this.#new.add(call.caller, call);
    else this.#begun.add(call);
  }

  #leaveLine(call: Call): void {
    if (!this.#begun.delete(call)) this.#new.remove(call.caller, call);
  }

  #leave(place: WaitingPlace, wasWaiting: boolean): void {
    if (wasWaiting) {
      this.#waiting -= 1;
      this.#takeOut(place);
    } else this.#running -= 1;
    this.#admit();
  }

  #takeOut(place: WaitingPlace): void {
    for (const call of place.calls) {
      call.waiting.delete(place);
      if (call.waiting.size === 0) this.#leaveLine(call);
    }
  }

  #admit(): void {
    while (this.#running < this.limits.atOnce) {
      const [place] = this.#next()?.waiting ?? [];
      if (!place) return;
      this.#waiting -= 1;
      this.#running += 1;
      this.#takeOut(place);
      for (const call of place.calls) this.#count(call);
      place.admit();
    }
  }

  /** The call that began first of those that have begun, else the next to begin. */
  #next(): Call | undefined {
    let first: Call | undefined;
    for (const call of this.#begun) if ((call.turn ?? 0) < (first?.turn ?? Infinity)) first = call;
    if (first) return first;
    const call = this.#new.take();
    if (call) this.#giveTurn(call, this.#turns++);
    return call;
  }

  /** One of its statements runs, whoever's turn it was. */
  #count(call: Call): void {
    if (call.turn === null) this.#giveTurn(call, this.#turns++);
    call.left -= 1;
    if (call.left === 0) this.#giveTurn(call, null);
  }

  /** Or takes it away. */
  #giveTurn(call: Call, turn: number | null): void {
    const isInLine = call.waiting.size > 0;
    if (isInLine) this.#leaveLine(call);
    call.turn = turn;
    call.left = STATEMENTS_A_TURN;
    if (isInLine) this.#standInLine(call);
  }
}

interface PlaceInLane {
  readonly wait: (standing: Standing) => void;
  readonly leave: (wasWaiting: boolean) => void;
}

class WaitingPlace implements Place {
  readonly admitted: Promise<void>;
  /** All that wait for it. */
  readonly calls = new Set<Call>();
  #state: 'waiting' | 'admitted' | 'left' = 'waiting';
  #resolve: () => void = () => {};

  constructor(private readonly lane: PlaceInLane) {
    this.admitted = new Promise((resolve) => (this.#resolve = resolve));
  }

  get isWaiting(): boolean {
    return this.#state === 'waiting';
  }

  alsoFor(standing: Standing): void {
    if (this.isWaiting) this.lane.wait(standing);
  }

  admit(): void {
    this.#state = 'admitted';
    this.#resolve();
  }

  leave(): void {
    if (this.#state === 'left') return;
    const wasWaiting = this.isWaiting;
    this.#state = 'left';
    this.lane.leave(wasWaiting);
  }
}
