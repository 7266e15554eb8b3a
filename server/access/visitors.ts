/**
 * How many live connections one address may hold, and how much each connection, address and key may follow: what keeps
 * one caller from taking the server from all others. Counts for this process. Knows no socket.
 */

/** What has no place left. */
export type Full = 'connection' | 'address' | 'key';

export interface Visit {
  /** From now on what is followed counts for this key, too. To be said before anything is followed. */
  bear(keyId: string): void;
  /** Takes a place for one more thing to follow; else says what is full, and takes none. */
  begin(): Full | null;
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
/** Things that the connections of one key may follow, unless set: those of a thousand screens with ten charts each. */
export const LIVE_PER_KEY = 10_000;

/** What may be held, as settings say it; 0: any number. Absent: as in production. */
export interface VisitorLimits {
  readonly connectionsPerAddress?: number | undefined;
  readonly followedPerKey?: number | undefined;
}

interface Held {
  connections: number;
  followed: number;
}

export class Visitors {
  readonly #held = new Map<string, Held>();
  /** What the connections of each key follow; those that follow nothing are not in it. */
  readonly #ofKeys = new Map<string, number>();
  readonly #mostConnections: number;
  readonly #mostOfKey: number;

  constructor({ connectionsPerAddress, followedPerKey }: VisitorLimits = {}) {
    this.#mostConnections = (connectionsPerAddress ?? LIVE_PER_ADDRESS) || Infinity;
    this.#mostOfKey = (followedPerKey ?? LIVE_PER_KEY) || Infinity;
  }

  /** Null when the address holds as many connections as it may. */
  enter(address: string): Visit | null {
    const most = this.#mostConnections;
    const held = this.#held.get(address) ?? { connections: 0, followed: 0 };
    if (held.connections >= most) return null;
    this.#held.set(address, held);
    held.connections += 1;
    let own = 0;
    let isHere = true;
    let key: string | null = null;
    const add = (n: number): void => {
      own += n;
      held.followed += n;
      if (key !== null) this.#addOfKey(key, n);
    };
    return {
      bear: (keyId) => void (key = keyId),
      begin: () => {
        if (!isHere || own >= FOLLOWED_PER_CONNECTION) return 'connection';
        if (held.followed >= most * FOLLOWED_PER_PLACE) return 'address';
        if (key !== null && this.followedBy(key) >= this.#mostOfKey) return 'key';
        add(1);
        return null;
      },
      end: () => {
        if (own > 0) add(-1);
      },
      leave: () => {
        if (!isHere) return;
        isHere = false;
        held.connections -= 1;
        add(-own);
        if (held.connections === 0) this.#held.delete(address);
      },
    };
  }

  /** What is full, for people: what is allowed, and by which setting. */
  sayFull(full: Full): string {
    const most: Record<Full, string> = {
      connection: `${FOLLOWED_PER_CONNECTION} a connection`,
      address: `${this.#mostConnections * FOLLOWED_PER_PLACE} an address over all its connections (ten times LIVE_PER_ADDRESS)`,
      key: `${this.#mostOfKey} a key over all its connections (LIVE_PER_KEY)`,
    };
    return `Too many subscriptions are followed. At most ${most[full]}; end others first.`;
  }

  followedBy(keyId: string): number {
    return this.#ofKeys.get(keyId) ?? 0;
  }

  #addOfKey(keyId: string, n: number): void {
    const followed = this.followedBy(keyId) + n;
    if (followed > 0) this.#ofKeys.set(keyId, followed);
    else this.#ofKeys.delete(keyId);
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
