/**
 * Live answers, shared: viewers who ask the same share one computation. A live query is run at once, then
 * again after data arrived, at most once per `every`; equal answers are not sent again. Knows no insight and
 * no socket: it is given a way to run a query and a way to tell two answers apart.
 */
import type { Arrivals } from './arrivals.ts';
import { Newest } from './newest.ts';

export interface LiveAnswer<T> {
  readonly value: T;
  /** Equal for equal answers; null for a failure worth trying again. */
  readonly fingerprint: string | null;
  /** True when asking again cannot help: the viewers are told and left. */
  readonly isFinal: boolean;
}

export interface LiveQuery<T> {
  /** Equal for those who may share: what is asked, and with which rights. */
  readonly key: string;
  readonly everyMs: number;
  /** Its answer changes with the clock alone: asked anew each `every`, whether anything arrived or not. */
  readonly movesWithTheClock?: boolean;
  run(signal: AbortSignal): Promise<LiveAnswer<T>>;
}

/** Time moves rolling ranges and rules of absence also when nothing arrives. */
const REFRESH_MS = 60_000;

/** What says that it is time to look again. */
type Changes = Pick<Arrivals, 'version' | 'watch' | 'changed'>;

export class LiveHub<T> {
  readonly #runs = new Map<string, LiveRun<T>>();

  constructor(
    private readonly arrivals: Changes,
    private readonly slots = new Slots(3),
  ) {}

  subscribe(query: LiveQuery<T>): AsyncIterableIterator<T> {
    const running = this.#runs.get(query.key);
    if (running) return running.join();
    const run = new LiveRun(query, this.arrivals, this.slots, () => this.#runs.delete(query.key));
    this.#runs.set(query.key, run);
    return run.join();
  }

  /** How much is going on, for health and tests. */
  get size(): { readonly queries: number; readonly viewers: number } {
    const viewers = [...this.#runs.values()].reduce((sum, run) => sum + run.viewers, 0);
    return { queries: this.#runs.size, viewers };
  }

  close(): void {
    for (const run of [...this.#runs.values()]) run.stop();
  }
}

class LiveRun<T> {
  readonly #viewers = new Set<Newest<T>>();
  readonly #abort = new AbortController();
  #last: LiveAnswer<T> | null = null;
  #started = false;

  constructor(
    private readonly query: LiveQuery<T>,
    private readonly arrivals: Changes,
    private readonly slots: Slots,
    private readonly onEnd: () => void,
  ) {}

  get viewers(): number {
    return this.#viewers.size;
  }

  join(): AsyncIterableIterator<T> {
    const viewer = new Newest<T>(() => {
      this.#viewers.delete(viewer);
      if (this.#viewers.size === 0) this.stop();
    });
    this.#viewers.add(viewer);
    if (this.#last) viewer.push(this.#last.value);
    if (!this.#started) {
      this.#started = true;
      void this.#loop();
    }
    return viewer;
  }

  stop(): void {
    this.onEnd();
    this.#abort.abort();
    for (const viewer of this.#viewers) viewer.end();
    this.#viewers.clear();
  }

  async #loop(): Promise<void> {
    const { signal } = this.#abort;
    const unwatch = await this.arrivals.watch();
    signal.addEventListener('abort', unwatch, { once: true });
    if (signal.aborted) unwatch();
    while (!signal.aborted) {
      const seen = this.arrivals.version;
      const begun = performance.now();
      const answer = await this.slots.use(() => this.query.run(signal));
      if (signal.aborted) return;
      this.#publish(answer);
      if (answer.isFinal) return this.stop();
      // A query dearer than `every` rests as long as it ran: half of a slot at most is one query's.
      const took = performance.now() - begun;
      await pause(Math.max(this.query.everyMs - took, took), signal);
      if (this.query.movesWithTheClock !== true) await this.arrivals.changed(seen, REFRESH_MS, signal);
    }
  }

  #publish(answer: LiveAnswer<T>): void {
    // A failure does not hide the last good answer; it is told only to those who have none.
    if (answer.fingerprint === null && !answer.isFinal && this.#last) return;
    const isEqual = answer.fingerprint !== null && answer.fingerprint === this.#last?.fingerprint;
    if (answer.fingerprint !== null) this.#last = answer;
    if (isEqual) return;
    for (const viewer of this.#viewers) viewer.push(answer.value);
  }
}

/** So many runs at once; the rest wait their turn. */
export class Slots {
  readonly #queue: (() => void)[] = [];
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  async use<R>(work: () => Promise<R>): Promise<R> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      if (next) next();
      else this.#free += 1;
    }
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
