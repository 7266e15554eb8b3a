/**
 * What waits to be sent over one connection. While the connection has not taken what it was given, nothing more is
 * written to it; when it has, each sender writes what is newest then. So a slow viewer gets the present and holds
 * no more than one answer for each thing it follows. Knows no socket.
 */

/** Writes the newest of what it has to say. */
export interface Sender {
  send(): void;
}

/** Bytes not yet taken by the system past which nothing more is written. */
const MOST_UNSENT = 16 * 1024;

export class Outbox {
  readonly #waiting = new Set<Sender>();
  #stuckSince: number | null = null;

  /** `unsent`: bytes written to the connection that the system has not taken. */
  constructor(private readonly unsent: () => number) {}

  /** Has the sender send at once, or when the connection is ready for it. */
  post(sender: Sender): void {
    if (this.#waiting.size === 0 && this.unsent() <= MOST_UNSENT) return sender.send();
    this.#stuckSince ??= performance.now();
    this.#waiting.add(sender);
  }

  withdraw(sender: Sender): void {
    this.#waiting.delete(sender);
  }

  /** To be called whenever the system took something. */
  taken(): void {
    if (this.#waiting.size === 0) {
      this.#stuckSince = null;
      return;
    }
    this.#stuckSince = performance.now();
    for (const sender of this.#waiting) {
      if (this.unsent() > MOST_UNSENT) return;
      this.#waiting.delete(sender);
      sender.send();
    }
  }

  /** For how long something has been waiting while the system took nothing; 0: nothing waits. */
  stuckMs(): number {
    return this.#waiting.size > 0 && this.#stuckSince !== null ? performance.now() - this.#stuckSince : 0;
  }
}
