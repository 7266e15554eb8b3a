/**
 * Live answers, shared: viewers who ask the same share one computation and one message. A live query is run at
 * once, then again after data arrived, at most once per `every`; equal answers are not sent again. Knows no
 * insight and no socket: it is given a way to run a query and a way to tell two answers apart.
 */
import { FanOut } from './fan-out.ts';
import { LiveRun } from './live-run.ts';
import type { Changes } from './live-run.ts';
import { Newest } from './newest.ts';
import { Slots } from './slots.ts';

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
  /** The last good answer, marked as one that could not be brought up to date; absent: viewers are not told. */
  stale?(last: T, failure: T): T;
}

/** Whoever follows a live query. */
export interface LiveViewer<T> {
  /** The present answer; never waits, and may be called again before the one before has been sent. */
  push(value: T): void;
  /** Nothing more will come. */
  end(): void;
}

export interface LiveHubOptions {
  /** How long a query that nobody follows any more is kept up, so that who comes back finds it. */
  readonly lingerMs?: number;
  readonly slots?: Slots;
}

const LINGER_MS = 5_000;
const RUNS_AT_ONCE = 3;
/** Queries kept up without viewers; those left longest go first. */
const MOST_LINGERING = 50;

export class LiveHub<T> {
  readonly #runs = new Map<string, LiveRun<T>>();
  readonly #lingering = new Set<LiveRun<T>>();
  readonly #fanOut = new FanOut();
  readonly #slots: Slots;
  readonly #lingerMs: number;

  constructor(
    private readonly arrivals: Changes,
    { lingerMs = LINGER_MS, slots = new Slots(RUNS_AT_ONCE) }: LiveHubOptions = {},
  ) {
    this.#lingerMs = lingerMs;
    this.#slots = slots;
  }

  /** The viewer is told the present answer and every later one; the function returned ends that. */
  follow(query: LiveQuery<T>, viewer: LiveViewer<T>): () => void {
    let run = this.#runs.get(query.key);
    if (!run) this.#runs.set(query.key, (run = this.#begin(query)));
    return run.join(viewer);
  }

  /** The same as an iterable, which keeps only the newest answer. */
  subscribe(query: LiveQuery<T>): AsyncIterableIterator<T> {
    const newest: Newest<T> = new Newest(() => leave());
    const leave = this.follow(query, newest);
    return newest;
  }

  /** How much is going on, for health and tests. */
  get size(): { readonly queries: number; readonly viewers: number } {
    let viewers = 0;
    for (const run of this.#runs.values()) viewers += run.viewers;
    return { queries: this.#runs.size, viewers };
  }

  close(): void {
    for (const run of [...this.#runs.values()]) run.stop();
  }

  #begin(query: LiveQuery<T>): LiveRun<T> {
    const { arrivals } = this;
    const run: LiveRun<T> = new LiveRun(query, {
      arrivals,
      slots: this.#slots,
      fanOut: this.#fanOut,
      lingerMs: this.#lingerMs,
      onEmpty: (isEmpty) => this.#note(run, isEmpty),
      onEnd: () => {
        this.#lingering.delete(run);
        if (this.#runs.get(query.key) === run) this.#runs.delete(query.key);
      },
    });
    return run;
  }

  #note(run: LiveRun<T>, isEmpty: boolean): void {
    this.#lingering.delete(run);
    if (!isEmpty) return;
    this.#lingering.add(run);
    const [longest] = this.#lingering;
    if (this.#lingering.size > MOST_LINGERING) longest?.stop();
  }
}
