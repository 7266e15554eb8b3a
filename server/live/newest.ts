/**
 * A viewer's end of a live answer: an async iterable that keeps only the newest value. A slow viewer gets the
 * present, not a queue, and holds at most one value in memory.
 */
export class Newest<T> implements AsyncIterableIterator<T> {
  #value: { readonly it: T } | null = null;
  #waiting: ((result: IteratorResult<T>) => void) | null = null;
  #done = false;
  readonly #onReturn: () => void;

  constructor(onReturn: () => void) {
    this.#onReturn = onReturn;
  }

  push(value: T): void {
    if (this.#done) return;
    if (this.#waiting) {
      this.#waiting({ value, done: false });
      this.#waiting = null;
    } else {
      this.#value = { it: value };
    }
  }

  /** No more values; one not yet taken is still delivered. */
  end(): void {
    this.#done = true;
    this.#waiting?.({ value: undefined, done: true });
    this.#waiting = null;
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#value) {
      const { it } = this.#value;
      this.#value = null;
      return Promise.resolve({ value: it, done: false });
    }
    if (this.#done) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  return(): Promise<IteratorResult<T>> {
    this.#value = null;
    this.end();
    this.#onReturn();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
