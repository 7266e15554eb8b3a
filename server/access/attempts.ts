/**
 * Wrong keys by address: past so many a minute an address is told to wait, and a key that somebody chose, which
 * could be guessed, is taken from it only where it was right before. Keys made here have 256 random bits and are
 * never held up. Bounded; knows no key.
 */

/** Wrong keys of one address that are answered at once, in any minute. */
export const WRONG_PER_MINUTE = 300;

const MINUTE_MS = 60_000;
/** Addresses that are remembered; those heard of least recently go first. */
const MOST_ADDRESSES = 10_000;

interface Address {
  /** Since `sinceMs`. */
  wrong: number;
  sinceMs: number;
  /** The chosen key came from here before. */
  isKnown: boolean;
}

export class Attempts {
  readonly #addresses = new Map<string, Address>();

  /** `now`: milliseconds that only rise. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Whether a chosen key may be tried. */
  mayTry(address: string): boolean {
    const found = this.#at(address);
    return found.isKnown || found.wrong < WRONG_PER_MINUTE;
  }

  right(address: string): void {
    this.#at(address).isKnown = true;
  }

  /** Seconds to wait before the next one; 0: none. */
  wrong(address: string): number {
    const found = this.#at(address);
    found.wrong += 1;
    if (found.wrong <= WRONG_PER_MINUTE) return 0;
    return Math.max(1, Math.ceil((found.sinceMs + MINUTE_MS - this.now()) / 1000));
  }

  get size(): number {
    return this.#addresses.size;
  }

  #at(address: string): Address {
    const now = this.now();
    const found = this.#addresses.get(address) ?? { wrong: 0, sinceMs: now, isKnown: false };
    if (now - found.sinceMs >= MINUTE_MS) {
      found.wrong = 0;
      found.sinceMs = now;
    }
    this.#addresses.delete(address);
    this.#addresses.set(address, found);
    const [oldest] = this.#addresses.keys();
    if (this.#addresses.size > MOST_ADDRESSES && oldest !== undefined) this.#addresses.delete(oldest);
    return found;
  }
}
