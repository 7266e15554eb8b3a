/**
 * Who is next, fairly: callers take turns, first those of different addresses, then those of one address; what
 * one caller asks comes in its own order. So a caller who asks for much waits for itself. Knows no clock.
 */

/** Who asks, from the coarse to the fine: address, connection. */
export type Caller = readonly string[];

export class Turns<T> {
  #own: T[] = [];
  /** In the order of their turns. */
  readonly #below = new Map<string, Turns<T>>();

  get isEmpty(): boolean {
    return this.#own.length === 0 && this.#below.size === 0;
  }

  add(caller: Caller, item: T): void {
    const [key, ...rest] = caller;
    if (key === undefined) {
      this.#own.push(item);
      return;
    }
    const below = this.#below.get(key) ?? new Turns<T>();
    this.#below.set(key, below);
    below.add(rest, item);
  }

  /** The next; its caller goes to the end of the line. */
  take(): T | undefined {
    const own = this.#own.shift();
    if (own !== undefined) return own;
    const [first] = this.#below;
    if (!first) return undefined;
    const [key, below] = first;
    const item = below.take();
    this.#below.delete(key);
    if (!below.isEmpty) this.#below.set(key, below);
    return item;
  }

  remove(caller: Caller, item: T): void {
    const [key, ...rest] = caller;
    if (key === undefined) {
      this.#own = this.#own.filter((other) => other !== item);
      return;
    }
    const below = this.#below.get(key);
    below?.remove(rest, item);
    if (below?.isEmpty) this.#below.delete(key);
  }
}
