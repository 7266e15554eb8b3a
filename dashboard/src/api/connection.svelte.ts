// The state of the one WebSocket, for the heartbeat: who is connected, since when, and the last sign of life.

type ConnectionState = 'connecting' | 'live' | 'reconnecting' | 'offline';

class Connection {
  #state = $state<ConnectionState>('connecting');
  #lastMessageAt = $state<number | null>(null);
  #wasLive = false;

  get state(): ConnectionState {
    return this.#state;
  }

  /** When the server was last heard (an answer, or its reply to a ping); null before the first time. */
  get lastMessageAt(): number | null {
    return this.#lastMessageAt;
  }

  heard(): void {
    this.#lastMessageAt = Date.now();
  }

  opened(): void {
    this.#wasLive = true;
    this.#state = 'live';
    this.heard();
  }

  /** `retries`: attempts made since the connection was lost. */
  lost(retries: number): void {
    if (retries >= 3) this.#state = 'offline';
    else this.#state = this.#wasLive ? 'reconnecting' : 'connecting';
  }
}

export const connection = new Connection();
