/**
 * Things as they arrive, in order, to any number of viewers: those who ask the same share one loop. Looks are a second
 * apart, and each is told as many at most as a second allows; what is left out is the query's own choice. A viewer that does not keep up loses the oldest.
 * Knows neither events nor sockets.
 */
import type { Arrivals } from './arrivals.ts';

export interface FeedQuery<T> {
  /** Equal for those who may share. */
  readonly key: string;
  /** Where to begin: only what arrives from now on. */
  begin(signal: AbortSignal): Promise<void>;
  /** What has arrived since the call before; at most `most`, oldest first. */
  next(most: number, signal: AbortSignal): Promise<readonly T[]>;
  readonly maxPerSecond: number;
}

/** The first after a quiet second is told at once. */
const REST_MS = 1_000;
const WAIT_MS = 60_000;
/** What a viewer may be behind by. */
const MAX_BEHIND = 200;

export class FeedHub<T> {
  readonly #loops = new Map<string, FeedLoop<T>>();

  constructor(
    private readonly arrivals: Arrivals,
    private readonly onError: (error: unknown) => void,
  ) {}

  subscribe(query: FeedQuery<T>): AsyncIterableIterator<T> {
    let loop = this.#loops.get(query.key);
    if (!loop) {
      loop = new FeedLoop(query, this.arrivals, this.onError, () => this.#loops.delete(query.key));
      this.#loops.set(query.key, loop);
    }
    return loop.join();
  }

  close(): void {
    for (const loop of [...this.#loops.values()]) loop.stop();
  }
}

class FeedLoop<T> {
  readonly #viewers = new Set<FeedViewer<T>>();
  readonly #abort = new AbortController();
  #running: Promise<void> | null = null;

  constructor(
    private readonly query: FeedQuery<T>,
    private readonly arrivals: Arrivals,
    private readonly onError: (error: unknown) => void,
    private readonly onEnd: () => void,
  ) {}

  join(): AsyncIterableIterator<T> {
    const viewer = new FeedViewer<T>(() => {
      this.#viewers.delete(viewer);
      if (this.#viewers.size === 0) this.stop();
    });
    this.#viewers.add(viewer);
    this.#running ??= this.#run();
    return viewer;
  }

  stop(): void {
    this.onEnd();
    this.#abort.abort();
    for (const viewer of this.#viewers) viewer.end();
    this.#viewers.clear();
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    const unwatch = await this.arrivals.watch();
    signal.addEventListener('abort', unwatch, { once: true });
    if (signal.aborted) unwatch();
    let begun = false;
    let last = -Infinity;
    while (!signal.aborted) {
      const seen = this.arrivals.version;
      try {
        if (!begun) await this.query.begin(signal);
        else {
          last = performance.now();
          for (const item of await this.query.next(this.query.maxPerSecond, signal)) {
            for (const viewer of this.#viewers) viewer.push(item);
          }
        }
        begun = true;
      } catch (error) {
        if (!signal.aborted) this.onError(error);
      }
      await this.arrivals.changed(seen, WAIT_MS, signal);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, REST_MS - (performance.now() - last))));
    }
  }
}

/** One viewer's queue of bounded length; the oldest goes first when it is full. */
class FeedViewer<T> implements AsyncIterableIterator<T> {
  #queue: T[] = [];
  #waiting: ((result: IteratorResult<T>) => void) | null = null;
  #done = false;

  constructor(private readonly onReturn: () => void) {}

  push(item: T): void {
    if (this.#done) return;
    if (this.#waiting) {
      this.#waiting({ value: item, done: false });
      this.#waiting = null;
      return;
    }
    this.#queue.push(item);
    if (this.#queue.length > MAX_BEHIND) this.#queue.shift();
  }

  end(): void {
    this.#done = true;
    this.#waiting?.({ value: undefined, done: true });
    this.#waiting = null;
  }

  next(): Promise<IteratorResult<T>> {
    const item = this.#queue.shift();
    if (item !== undefined) return Promise.resolve({ value: item, done: false });
    if (this.#done) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  return(): Promise<IteratorResult<T>> {
    this.#queue = [];
    this.end();
    this.onReturn();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
