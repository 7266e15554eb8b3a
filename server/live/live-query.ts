/** What the hub is given: a question that can be asked time and again, and somebody who follows its answer. */

export interface LiveAnswer<T> {
  readonly value: T;
  /** Equal for equal answers; null for a failure worth trying again. */
  readonly fingerprint: string | null;
  /** True when asking again cannot help: the viewers are told and left. */
  readonly isFinal: boolean;
  /** When time alone may change it next, as far as is known; absent: not known. */
  readonly dueInMs?: number;
  /** Of so many news (of Arrivals) all is in it for sure; absent: some of it may be seen later. */
  readonly news?: number | undefined;
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
