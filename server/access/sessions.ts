/**
 * Connections that stay open, each with the key that opened it: when the key no longer holds, because it was
 * revoked or has expired, on whichever server, the connection is told within about two seconds. Knows no socket.
 */
import type { Admitted, Doors } from './doors.ts';
import type { KeyBook } from './key-book.ts';

interface Session {
  readonly admitted: Admitted;
  readonly onLost: () => void;
}

/** Less often than calls look, which come with a key each time: this look is made while nothing happens, too. */
const LOOK_MS = 2000;
/** Whoever made the first key over a connection that it ends hears the answer first. */
const GRACE_MS = 200;

export class Sessions {
  readonly #open = new Set<Session>();
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly doors: Pick<Doors, 'holds'>,
    private readonly keys: Pick<KeyBook, 'fresh' | 'onChanged' | 'holds' | 'used'>,
  ) {
    keys.onChanged(() => void setTimeout(() => this.#check(), GRACE_MS).unref());
  }

  /** `onLost` is called once, when the key no longer holds; the function returned ends that. */
  enter(admitted: Admitted, onLost: () => void): () => void {
    const session = { admitted, onLost };
    this.#open.add(session);
    this.#timer ??= setInterval(() => this.#tick(), LOOK_MS).unref();
    return () => this.#leave(session);
  }

  get size(): number {
    return this.#open.size;
  }

  /** What the look finds is told by the book; what has expired is known without it. */
  #tick(): void {
    void this.keys.fresh(LOOK_MS / 2);
    this.#check();
  }

  #check(): void {
    for (const session of [...this.#open]) {
      const { keyId } = session.admitted;
      if (this.doors.holds(session.admitted)) {
        if (this.keys.holds(keyId)) this.keys.used(keyId);
        continue;
      }
      this.#leave(session);
      session.onLost();
    }
  }

  #leave(session: Session): void {
    this.#open.delete(session);
    if (this.#open.size > 0 || !this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
