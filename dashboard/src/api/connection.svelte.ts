// The state of the one WebSocket, for the heartbeat: whether the page shows the present, and since when not. A
// connection that is open again is live only once every picture has been told anew.

type ConnectionState = 'connecting' | 'live' | 'reconnecting' | 'offline';

/** Past this an age is said plainly; while all is well the server is heard every ten seconds. */
const OLD_MS = 25_000;

/** A picture that is told over the connection. */
export interface Follower {
  /** What it shows is what this connection told; also where the answer was a failure, which it says itself. */
  told(): void;
  leave(): void;
}

class Connection {
  #state = $state<ConnectionState>('connecting');
  #lastMessageAt = $state<number | null>(null);
  #wasLive = false;
  #isAsleep = $state(false);
  /** How many connections there were. */
  #round = $state(0);
  /** When what pictures still show from a connection before was known to be right. */
  #heldAt: number | null = null;
  readonly #followers = new Map<object, number>();
  #behind = $state(0);

  get state(): ConnectionState {
    return this.#state === 'live' && this.#behind > 0 ? 'reconnecting' : this.#state;
  }

  /** Given up on purpose while nobody looks at the page. */
  get isAsleep(): boolean {
    return this.#isAsleep;
  }

  sleep(): void {
    this.#isAsleep = true;
  }

  wake(): void {
    this.#isAsleep = false;
  }

  /** The number of the present connection; null while there is none. */
  get round(): number | null {
    return this.#state === 'live' ? this.#round : null;
  }

  /** How often the connection was opened; 1 before the first time. */
  get openings(): number {
    return Math.max(1, this.#round);
  }

  /**
   * When everything on the page was last known to be the present (an answer came, or the server replied to a ping
   * and had nothing new); null before the first time.
   */
  get knownAt(): number | null {
    return this.#behind > 0 && this.#heldAt !== null ? this.#heldAt : this.#lastMessageAt;
  }

  /** `now`: milliseconds since 1970. */
  isOld(now: number): boolean {
    return this.knownAt !== null && now - this.knownAt > OLD_MS;
  }

  follow(): Follower {
    const key = {};
    return {
      told: () => this.#note(() => this.#followers.set(key, this.#round)),
      leave: () => this.#note(() => this.#followers.delete(key)),
    };
  }

  heard(): void {
    this.#lastMessageAt = Date.now();
  }

  opened(): void {
    if (this.#behind === 0) this.#heldAt = this.#lastMessageAt;
    this.#wasLive = true;
    this.#note(() => (this.#round += 1));
    this.#state = 'live';
    this.heard();
  }

  /** `retries`: attempts made since the connection was lost. */
  lost(retries: number): void {
    if (retries >= 3) this.#state = 'offline';
    else this.#state = this.#wasLive ? 'reconnecting' : 'connecting';
  }

  #note(change: () => void): void {
    change();
    this.#behind = [...this.#followers.values()].filter((round) => round !== this.#round).length;
  }
}

export const connection = new Connection();
