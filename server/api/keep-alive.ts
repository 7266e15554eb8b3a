/** Looks after every connection once in 22 seconds, a 22nd of them each second. Knows no protocol. */

export interface Checked {
  check(): void;
}

const ROUND = 22;
const TICK_MS = 1000;

/** Whoever is silent for a round and does not answer in the next is found within three: 66 seconds. */
export class KeepAlive<T extends Checked> {
  readonly #turns = Array.from({ length: ROUND }, () => new Set<T>());
  #joined = 0;
  #ticks = 0;
  #timer: NodeJS.Timeout | undefined;

  /** The function returned takes it out. */
  add(connection: T): () => void {
    this.#joined = (this.#joined + 1) % ROUND;
    const turn = this.#turns[this.#joined];
    turn?.add(connection);
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref();
    return () => {
      turn?.delete(connection);
      if (this.#turns.every(({ size }) => size === 0)) this.#stop();
    };
  }

  #tick(): void {
    this.#ticks = (this.#ticks + 1) % ROUND;
    for (const connection of this.#turns[this.#ticks] ?? []) connection.check();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
