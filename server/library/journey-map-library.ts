/**
 * The journey map that holds: the newest that was published, or the one that the server starts with while there is
 * none. As it is now or was within a second, so that what another server published is followed; and the one way to
 * publish. A map is one object as long as it holds, since plans are kept by it. Knows no GraphQL.
 */
import { randomUUID } from 'node:crypto';
import type { Engine } from '../engine/port.ts';
import type { JourneyMap } from '../journey/map.ts';
import { readJourneyMap } from '../journey/read-map.ts';
import { inputError } from '../query/problem.ts';
import * as store from './journey-map-store.ts';
import type { StoredMap } from './journey-map-store.ts';

export interface Publication {
  readonly map: JourneyMap;
  readonly by: string;
  /** The version that was changed; another that holds by now refuses it. Absent: whichever holds. */
  readonly basedOn?: number | null | undefined;
  /** The version that it brings back. */
  readonly restores?: number;
}

/** The map that holds, and what is known of it; version 0 is the one that the server starts with. */
export interface HeldMap {
  readonly map: JourneyMap;
  readonly version: number;
  readonly savedBy: string | null;
  readonly savedMs: number | null;
}

interface LibraryLog {
  warn(details: object, message: string): void;
}

export interface JourneyMapLibraryDeps {
  readonly engine: Engine;
  /** Holds until one is published. */
  readonly start: JourneyMap;
  readonly now: () => number;
  readonly log: LibraryLog;
  /** Whoever looks at what arrives hears of every change there, and this expires: nobody need look here as well. */
  readonly arrivals: { readonly seenAt: number };
}

const LOOK_MS = 1000;
/** Whoever cannot wait for a look that hangs waits no longer than this. */
const SOON_MS = 300;

export class JourneyMapLibrary {
  #held: HeldMap;
  /** The newest version that was looked at, also where it could not be read. */
  #seen = 0;
  #lookedAt = -Infinity;
  #expiredAt = -Infinity;
  /** Who was erased is no longer named in it, though it is the same version. */
  #isRewritten = false;
  #look: Promise<void> | null = null;
  #writing: Promise<unknown> = Promise.resolve();
  readonly #listeners = new Set<() => void>();

  constructor(private readonly deps: JourneyMapLibraryDeps) {
    this.#held = { map: deps.start, version: 0, savedBy: null, savedMs: null };
  }

  /** As of the last look. */
  get held(): HeldMap {
    return this.#held;
  }

  /** Called whenever this server published a map. */
  onChanged(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Something changed: what was seen until now does not serve any more. */
  expire(): void {
    this.#expiredAt = performance.now();
    this.#isRewritten = true;
  }

  /** Resolves once the map is the one of a second ago or newer, or the store cannot be asked: then it stays. */
  async fresh(): Promise<void> {
    // A look that began before it expired does not serve either; the one after it does.
    for (let looks = 0; looks < 2 && this.#isStale(); looks += 1) {
      this.#look ??= this.#refresh()
        .catch((error: unknown) => this.deps.log.warn({ err: error }, 'cannot read the journey map'))
        .finally(() => (this.#look = null));
      await this.#look;
    }
  }

  /** The map, for those who go on whether the store answers or not. */
  async soon(): Promise<JourneyMap> {
    if (this.#isStale()) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, SOON_MS)));
      await Promise.race([this.fresh(), late]);
      clearTimeout(timer);
    }
    return this.#held.map;
  }

  /** All that were published, newest first, and last the one that the server starts with. */
  async versions(): Promise<readonly StoredMap[]> {
    const start = { version: 0, id: '', map: this.deps.start, savedBy: '', savedMs: 0, restores: null };
    return [...(await store.readMaps(this.deps.engine)), start];
  }

  /** Throws InputError for a version that there is not. */
  async version(version: number): Promise<unknown> {
    if (version === 0) return this.deps.start;
    const known = version > 0 ? await store.readMap(this.deps.engine, version) : null;
    if (known) return known.map;
    throw inputError('version', 'UNKNOWN_VERSION', `No version ${version} of the journey map was published.`);
  }

  /** The map as it holds from now on. Throws InputError where somebody else published before; nothing has changed then. */
  publish({ map, by, basedOn, restores }: Publication): Promise<HeldMap> {
    const turn = this.#writing.then(async () => {
      await this.#refresh();
      if (basedOn != null && basedOn !== this.#seen) throw changed(this.#seen);
      if (this.#held.version === this.#seen && isEqual(map, this.#held.map)) return this.#held;
      const { engine, now } = this.deps;
      const version = this.#seen + 1;
      const id = randomUUID();
      const savedMs = now();
      await store.writeMap(engine, { version, id, map, savedBy: by, savedMs, restores: restores ?? null });
      const taken = await store.readMap(engine, version);
      await this.#refresh();
      if (taken?.id !== id) throw changed(this.#seen);
      for (const listener of this.#listeners) listener();
      return this.#held;
    });
    this.#writing = turn.catch(() => {});
    return turn;
  }

  async #refresh(): Promise<void> {
    const lookedAt = performance.now();
    const { engine, log } = this.deps;
    const isRewritten = this.#isRewritten;
    this.#isRewritten = false;
    const version = await store.readVersion(engine);
    const isWanted = version > this.#seen || (isRewritten && version > 0);
    const stored = isWanted ? await store.readMap(engine, version) : null;
    if (stored) {
      try {
        const { savedBy, savedMs } = stored;
        const map = readJourneyMap(stored.map);
        if (version !== this.#held.version || !isEqual(map, this.#held.map))
          this.#held = { map, version, savedBy, savedMs };
      } catch (error) {
        log.warn({ err: error, version }, 'the published journey map cannot be used; the one before stays');
      }
      this.#seen = version;
    }
    this.#lookedAt = lookedAt;
  }

  #isStale(): boolean {
    const seenAt = Math.max(this.#lookedAt, this.deps.arrivals.seenAt);
    return this.#lookedAt <= this.#expiredAt || performance.now() - seenAt >= LOOK_MS;
  }
}

function changed(version: number): Error {
  const message = `Somebody else published version ${version} meanwhile; look at it and publish again.`;
  return inputError('basedOn', 'MAP_CHANGED', message);
}

function isEqual(one: JourneyMap, other: JourneyMap): boolean {
  return JSON.stringify(inOrder(one)) === JSON.stringify(inOrder(other));
}

/** The order of keys says nothing; of lists it does. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, inOrder(part)]));
}
