/**
 * The keys that this server knows: one picture of all, that is as it is now or was about a second ago, so that what
 * another server made or revoked is seen; and the one way to change them. Knows neither HTTP nor GraphQL.
 */
import { randomUUID } from 'node:crypto';
import type { Engine } from '../engine/port.ts';
import * as store from './key-store.ts';
import type { StoredKey } from './key-store.ts';
import { tellsOfMore } from '../query/beside-events.ts';
import type { Change } from '../query/span.ts';
import { KeyUses } from './key-uses.ts';
import { checkKey, checkRevoke } from './key-rules.ts';
import type { KeyDraft } from './key-rules.ts';
import { digestOf, newSecret } from './secret.ts';

export interface ShownKey extends StoredKey {
  readonly usedMs: number | null;
}

interface Heard {
  /** What changed before this moment (performance.now) was told. */
  readonly seenAt: number;
  onChange(listener: (change: Change) => void): void;
}

export interface KeyBookDeps {
  readonly engine: Engine;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: { warn(details: object, message: string): void };
  /** Whoever looks at what arrives hears of every key that is made or revoked; absent: nobody does. */
  readonly arrivals?: Heard;
  /** There is an ADMIN key beside those in the book, which always works. */
  readonly hasAdminKey: boolean;
}

/** A picture that is older is not trusted without a look. */
const LOOK_MS = 1500;
/** What is heard is trusted this long without a look. */
const TRUST_MS = 30_000;
/** How long a call waits for a look; a store that is away must not hold up what is kept on disk meanwhile. */
const WAIT_MS = 500;

type Picture = ReadonlyMap<string, StoredKey>;

export class KeyBook {
  #keys: Picture = new Map();
  #byDigest: Picture = new Map();
  #state: string | null = null;
  #lookedAt = -Infinity;
  #expiredAt = -Infinity;
  /** The last look failed or took too long: nobody waits for the next one. */
  #isAway = false;
  #look: Promise<void> | null = null;
  #writing: Promise<unknown> = Promise.resolve();
  readonly #uses: KeyUses;
  readonly #listeners = new Set<() => void>();

  private constructor(private readonly deps: KeyBookDeps) {
    this.#uses = new KeyUses(deps.engine, deps.log);
    deps.arrivals?.onChange((change) => {
      if (!tellsOfMore(change)) return;
      this.#expiredAt = performance.now();
      if (change !== null) void this.look();
    });
  }

  /** Fails where the keys cannot be read: nobody is let in on a guess. */
  static async open(deps: KeyBookDeps): Promise<KeyBook> {
    const book = new KeyBook(deps);
    await book.#refresh();
    return book;
  }

  /** No key was ever made; revoking all does not open the doors again. */
  get isEmpty(): boolean {
    return this.#keys.size === 0;
  }

  /** Called whenever what is known of the keys has changed. */
  onChanged(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Resolves once the picture is no older, or the store cannot be asked in time: then the old one stays. */
  async fresh(maxAgeMs = LOOK_MS): Promise<void> {
    if (performance.now() - this.#knownAt() < maxAgeMs) return;
    const look = this.look();
    if (this.#isAway) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => resolve(void (this.#isAway = true)), WAIT_MS);
    });
    await Promise.race([look, late]);
    clearTimeout(timer);
  }

  /** Until when the picture is known to be the true one. */
  #knownAt(): number {
    const isHeard = this.#lookedAt > this.#expiredAt && performance.now() - this.#lookedAt < TRUST_MS;
    return Math.max(this.#lookedAt, isHeard ? (this.deps.arrivals?.seenAt ?? -Infinity) : -Infinity);
  }

  /** Looks now; those who come while a look is under way share it. */
  look(): Promise<void> {
    this.#look ??= this.#refresh()
      .then(() => void (this.#isAway = false))
      .catch((error: unknown) => {
        if (!this.#isAway)
          this.deps.log.warn({ err: error }, 'cannot read the keys; those known before hold');
        this.#isAway = true;
      })
      .finally(() => (this.#look = null));
    return this.#look;
  }

  /** The key with this SHA-256 in hexadecimal, if it holds now. */
  find(digest: string): StoredKey | undefined {
    const key = this.#byDigest.get(digest);
    return key && this.#isGood(key) ? key : undefined;
  }

  /** Whether a key holds now. */
  holds(id: string): boolean {
    const key = this.#keys.get(id);
    return key !== undefined && this.#isGood(key);
  }

  /** A call came in with it. */
  used(id: string): void {
    this.#uses.note(id, this.deps.now());
  }

  /** Those that are not revoked, expired ones too; oldest first. */
  async list(): Promise<readonly ShownKey[]> {
    await this.look();
    const uses = await this.#uses.all();
    const kept = [...this.#keys.values()].filter(({ isRevoked }) => !isRevoked);
    return kept.map((key) => ({ ...key, usedMs: uses.get(key.id) ?? null }));
  }

  /** The secret is told here and never again. Throws InputError for what cannot be made. */
  create(draft: KeyDraft): Promise<{ readonly key: ShownKey; readonly secret: string }> {
    return this.#alone(async () => {
      const nowMs = this.deps.now();
      const count = [...this.#keys.values()].filter(({ isRevoked }) => !isRevoked).length;
      const name = checkKey(draft, { hasAdmin: this.#hasAdmin(), count, nowMs });
      const secret = newSecret();
      const key: StoredKey = {
        ...draft,
        id: randomUUID(),
        name,
        digest: digestOf(secret).toString('hex'),
        isRevoked: false,
        createdMs: nowMs,
        version: nowMs,
      };
      await this.#write(key);
      return { key: { ...key, usedMs: null }, secret };
    });
  }

  /** False where there is none with the id, or it was revoked before. Throws InputError for the last ADMIN key. */
  revoke(id: string): Promise<boolean> {
    return this.#alone(async () => {
      const key = this.#keys.get(id);
      if (!key || key.isRevoked) return false;
      if (key.role === 'ADMIN' && this.#isGood(key)) checkRevoke({ hasAdmin: this.#hasAdmin(id) });
      await this.#write({ ...key, isRevoked: true, version: Math.max(this.deps.now(), key.version + 1) });
      return true;
    });
  }

  async close(): Promise<void> {
    await this.#uses.write();
  }

  async #refresh(): Promise<void> {
    const lookedAt = performance.now();
    const state = await store.readState(this.deps.engine);
    if (state !== this.#state) {
      const keys = await store.readKeys(this.deps.engine);
      this.#keys = new Map(keys.map((key) => [key.id, key]));
      this.#byDigest = new Map(keys.map((key) => [key.digest, key]));
      // What was made between the two statements is in the book but not in the state: the next look reads again.
      this.#state = state;
      for (const listener of this.#listeners) listener();
    }
    this.#lookedAt = lookedAt;
  }

  /** One change after the other, each on the newest picture. */
  #alone<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#writing.then(async () => {
      await this.#refresh();
      return change();
    });
    this.#writing = turn.catch(() => {});
    return turn;
  }

  async #write(key: StoredKey): Promise<void> {
    await store.writeKey(this.deps.engine, key);
    await this.#refresh();
  }

  #hasAdmin(except?: string): boolean {
    if (this.deps.hasAdminKey) return true;
    return [...this.#keys.values()].some(
      (key) => key.role === 'ADMIN' && key.id !== except && this.#isGood(key),
    );
  }

  #isGood({ isRevoked, expiresMs }: StoredKey): boolean {
    return !isRevoked && (expiresMs === null || expiresMs > this.deps.now());
  }
}
