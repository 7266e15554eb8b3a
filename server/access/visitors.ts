/**
 * How many live connections one address may hold, and how much each may follow: what keeps one caller from
 * taking the server from all others. Knows no socket.
 */

export interface Visit {
  /** Takes a place for one more thing to follow; false when there is none. */
  begin(): boolean;
  /** Gives one place back. */
  end(): void;
  /** Gives all back, and the connection's own. */
  leave(): void;
}

/** Connections that one address may hold, unless set; behind a proxy all callers come from one address. */
export const LIVE_PER_ADDRESS = 1000;
/** Things that one connection may follow at once. */
export const FOLLOWED_PER_CONNECTION = 100;
/** Things that the connections of one address may follow, for each connection that it may hold. */
const FOLLOWED_PER_PLACE = 10;

interface Held {
  connections: number;
  followed: number;
}

export class Visitors {
  readonly #held = new Map<string, Held>();

  /** `mostConnections`: of one address; 0: any number. */
  constructor(private readonly mostConnections: number) {}

  /** Null when the address holds as many connections as it may. */
  enter(address: string): Visit | null {
    const most = this.mostConnections || Infinity;
    const held = this.#held.get(address) ?? { connections: 0, followed: 0 };
    if (held.connections >= most) return null;
    this.#held.set(address, held);
    held.connections += 1;
    let own = 0;
    let isHere = true;
    return {
      begin: () => {
        if (!isHere || own >= FOLLOWED_PER_CONNECTION || held.followed >= most * FOLLOWED_PER_PLACE)
          return false;
        own += 1;
        held.followed += 1;
        return true;
      },
      end: () => {
        if (own === 0) return;
        own -= 1;
        held.followed -= 1;
      },
      leave: () => {
        if (!isHere) return;
        isHere = false;
        held.connections -= 1;
        held.followed -= own;
        own = 0;
        if (held.connections === 0) this.#held.delete(address);
      },
    };
  }

  /** How much is held, for metrics and tests. */
  get size(): { readonly connections: number; readonly followed: number } {
    const size = { connections: 0, followed: 0 };
    for (const { connections, followed } of this.#held.values()) {
      size.connections += connections;
      size.followed += followed;
    }
    return size;
  }
}
