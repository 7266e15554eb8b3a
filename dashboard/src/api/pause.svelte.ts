// Whether the viewer holds the page still, to look at it or to point at a number: answers go on coming and wait.
// A question of its own (another range, another page) is answered all the same, once.

class Pause {
  #since = $state<number | null>(null);

  /** Since when (milliseconds since 1970); null while the page moves. */
  get since(): number | null {
    return this.#since;
  }

  get isOn(): boolean {
    return this.#since !== null;
  }

  toggle(): void {
    this.#since = this.#since === null ? Date.now() : null;
  }

  end(): void {
    this.#since = null;
  }
}

export const pause = new Pause();
