/**
 * One answer over a socket as a stream of one, which the caller may end before it is there: over
 * graphql-transport-ws only streams are told of a `complete`. Knows no GraphQL.
 */
export class OneAnswer<T> implements AsyncIterableIterator<T> {
  #state: 'due' | 'given' | 'ended' = 'due';
  #end: () => void = () => {};
  readonly #ended = new Promise<void>((resolve) => (this.#end = resolve));

  /** `giveUp` is called when nobody waits any more. */
  constructor(
    private readonly answer: Promise<T>,
    private readonly giveUp: () => void,
  ) {
    // Who gave up does not hear how it went.
    answer.catch(() => {});
  }

  async next(): Promise<IteratorResult<T>> {
    if (this.#state !== 'due') return { value: undefined, done: true };
    this.#state = 'given';
    return Promise.race([
      this.answer.then((value) => ({ value, done: false as const })),
      this.#ended.then(() => ({ value: undefined, done: true as const })),
    ]);
  }

  return(): Promise<IteratorResult<T>> {
    this.#state = 'ended';
    this.#end();
    this.giveUp();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
