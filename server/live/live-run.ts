/**
 * One live query: runs it, tells its viewers what is new, and keeps it up for a moment after the last has left.
 * Viewers are told in slices; a newer answer overtakes one that is still being told.
 */
import type { Arrivals } from './arrivals.ts';
import type { FanOut, Round } from './fan-out.ts';
import { HOLD_MS } from './instant.ts';
import type { LiveAnswer, LiveQuery, LiveViewer } from './live-query.ts';
import type { Slots } from './slots.ts';

/** What says that it is time to look again. */
export type Changes = Pick<Arrivals, 'version' | 'watch' | 'changed'>;

interface RunDeps {
  readonly arrivals: Changes;
  readonly slots: Slots;
  readonly fanOut: FanOut;
  readonly lingerMs: number;
  readonly onEmpty: (isEmpty: boolean) => void;
  readonly onEnd: () => void;
}

interface Seat<T> {
  readonly viewer: LiveViewer<T>;
  /** Number of the message told last; 0: none. */
  told: number;
}

/** Time moves rolling ranges and rules of absence also when nothing arrives. */
const REFRESH_MS = 60_000;
/** Where it is known when, no sooner than this: as long as an instant may count as now. */
const SOONEST_MS = HOLD_MS;
/** What fails is tried again, at first soon, then ever more rarely. */
const RETRY_MS = 250;
const LONGEST_RETRY_MS = 10_000;
/** An answer that could not be brought up to date for so long is marked as stale. */
const STALE_AFTER_MS = 3_000;
/** A first run that nobody waits for ends after so long: who comes and goes in a row shares it. */
const GIVE_UP_MS = 50;

export class LiveRun<T> implements Round {
  readonly #seats = new Set<Seat<T>>();
  readonly #abort = new AbortController();
  /** The last good answer. */
  #last: LiveAnswer<T> | null = null;
  /** What viewers are to know: that answer, its stale form, or a failure where there is none. */
  #message: { readonly value: T; readonly number: number; readonly isGood: boolean } | null = null;
  #failures = 0;
  #failingSince = 0;
  #isOver = false;
  #leaving: NodeJS.Timeout | undefined;
  #telling: { readonly number: number; readonly seats: Iterator<Seat<T>> } | null = null;

  constructor(
    private readonly query: LiveQuery<T>,
    private readonly deps: RunDeps,
  ) {
    void this.#loop();
  }

  get viewers(): number {
    return this.#seats.size;
  }

  join(viewer: LiveViewer<T>): () => void {
    const seat: Seat<T> = { viewer, told: 0 };
    this.#seats.add(seat);
    if (this.#leaving) this.deps.onEmpty(false);
    clearTimeout(this.#leaving);
    this.#leaving = undefined;
    this.#tell(seat);
    return () => {
      if (!this.#seats.delete(seat) || this.#seats.size > 0 || this.#abort.signal.aborted) return;
      this.#leaving = setTimeout(() => this.stop(), this.#last ? this.deps.lingerMs : GIVE_UP_MS).unref();
      this.deps.onEmpty(true);
    };
  }

  stop(): void {
    clearTimeout(this.#leaving);
    this.#abort.abort();
    this.deps.onEnd();
    for (const { viewer } of this.#seats) viewer.end();
    this.#seats.clear();
  }

  /** Tells the next viewer who does not know the newest yet. */
  step(): boolean {
    const number = this.#message?.number ?? 0;
    this.#telling ??= { number, seats: this.#seats.values() };
    const next = this.#telling.seats.next();
    if (!next.done) {
      this.#tell(next.value);
      return true;
    }
    // Those told first may have missed what came meanwhile.
    const isTold = this.#telling.number === number;
    this.#telling = null;
    if (isTold && this.#isOver) this.stop();
    return !isTold;
  }

  #tell(seat: Seat<T>): void {
    const message = this.#message;
    if (!message || seat.told === message.number) return;
    seat.told = message.number;
    seat.viewer.push(message.value);
  }

  async #loop(): Promise<void> {
    const { arrivals, slots } = this.deps;
    const { signal } = this.#abort;
    const unwatch = await arrivals.watch();
    signal.addEventListener('abort', unwatch, { once: true });
    if (signal.aborted) unwatch();
    while (!signal.aborted) {
      const { version } = arrivals;
      const begun = performance.now();
      const answer = await slots.use(() => this.query.run(signal));
      if (signal.aborted) return;
      this.#publish(answer);
      if (answer.isFinal) return;
      // A query dearer than `every` rests as long as it ran: half of a slot at most is one query's.
      const took = performance.now() - begun;
      await pause(Math.max(this.query.everyMs - took, took, this.#retryMs()), signal);
      const isDue = this.query.movesWithTheClock === true || this.#failures > 0;
      const waitMs = Math.max(SOONEST_MS, Math.min(REFRESH_MS, answer.dueInMs ?? REFRESH_MS));
      if (isDue) continue;
      if (answer.news === undefined) await arrivals.changed(version, waitMs, signal);
      else await arrivals.changed(answer.news, waitMs, signal, 'news');
    }
  }

  #retryMs(): number {
    if (this.#failures === 0) return 0;
    return Math.min(RETRY_MS * 2 ** Math.min(this.#failures - 1, 10), LONGEST_RETRY_MS);
  }

  #publish(answer: LiveAnswer<T>): void {
    if (answer.isFinal) {
      this.#isOver = true;
      // Who comes now is answered anew.
      this.deps.onEnd();
      return this.#say(answer.value, false);
    }
    if (answer.fingerprint === null) return this.#failed(answer);
    const isEqual = answer.fingerprint === this.#last?.fingerprint && this.#message?.isGood === true;
    this.#failures = 0;
    this.#last = answer;
    if (!isEqual) return this.#say(answer.value, true);
    // What it says of itself may be newer; who comes now is told that.
    if (this.#message) this.#message = { ...this.#message, value: answer.value };
  }

  /** A failure does not hide the last good answer, which is marked once it may be out of date. */
  #failed({ value }: LiveAnswer<T>): void {
    this.#failures += 1;
    if (this.#failures === 1) this.#failingSince = performance.now();
    if (!this.#last) {
      // Told once; who comes now is told the newest.
      if (!this.#message) this.#say(value, false);
      else this.#message = { ...this.#message, value };
      return;
    }
    const isLong = performance.now() - this.#failingSince >= STALE_AFTER_MS;
    if (!isLong || this.#message?.isGood !== true || !this.query.stale) return;
    this.#say(this.query.stale(this.#last.value, value), false);
  }

  #say(value: T, isGood: boolean): void {
    this.#message = { value, number: (this.#message?.number ?? 0) + 1, isGood };
    this.deps.fanOut.add(this);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
