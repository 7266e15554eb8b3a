/**
 * A list that people keep and all servers of a store share: one picture of it, looked at anew once it may have
 * changed, and the one way to change it. Knows neither what is in it nor GraphQL.
 */
import type { Engine } from '../engine/port.ts';

export interface Listed {
  readonly id: string;
  readonly createdMs: number;
}

/** How a list is kept in the engine; the newest version of an id holds. */
export interface ListStore<T extends Listed> {
  /** Equal as long as nothing was saved or deleted, with the newest version of all. */
  readonly readState: (engine: Engine) => Promise<{ readonly state: string; readonly version: number }>;
  /** What is not deleted, in order. */
  readonly readAll: (engine: Engine) => Promise<readonly T[]>;
  readonly write: (engine: Engine, item: T, version: number, isDeleted: boolean) => Promise<void>;
}

interface ListLog {
  warn(details: object, message: string): void;
}

export interface SharedListDeps<T extends Listed> {
  readonly engine: Engine;
  readonly store: ListStore<T>;
  readonly now: () => number;
  readonly log: ListLog;
}

/** A change that nobody told of is seen this much later at most. */
const LOOK_MS = 1_000;

export class SharedList<T extends Listed> {
  #items: ReadonlyMap<string, T> = new Map();
  #state: string | null = null;
  #version = 0;
  #lookedAt = -Infinity;
  #expiredAt = -Infinity;
  #look: Promise<void> | null = null;
  #writing: Promise<unknown> = Promise.resolve();
  readonly #listeners: (() => void)[] = [];

  constructor(private readonly deps: SharedListDeps<T>) {}

  /** Called whenever this server changed the list. */
  onChanged(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Somebody changed it: what was seen until now does not serve any more. */
  expire(): void {
    this.#expiredAt = performance.now();
  }

  /** The list as it is now; where the store cannot be asked, as it was. Throws only before the first answer. */
  async read(): Promise<readonly T[]> {
    // A look that began before the list expired does not serve either; the one after it does.
    for (let looks = 0; looks < 2 && this.#isStale(); looks += 1) {
      this.#look ??= this.#refresh().finally(() => (this.#look = null));
      await this.#look.catch((error: unknown) => {
        if (this.#state === null) throw error;
        this.deps.log.warn({ err: error }, 'cannot read what people saved');
      });
    }
    return [...this.#items.values()];
  }

  /** `make` gets the newest list, and throws InputError for what cannot be saved; then nothing has changed. */
  save(make: (items: ReadonlyMap<string, T>, now: number) => T): Promise<T> {
    return this.#alone(async () => {
      const item = make(this.#items, this.deps.now());
      await this.#write(item, false);
      return item;
    });
  }

  /** False where there is none with the id. */
  delete(id: string): Promise<boolean> {
    return this.#alone(async () => {
      const item = this.#items.get(id);
      if (item) await this.#write(item, true);
      return item !== undefined;
    });
  }

  async #refresh(): Promise<void> {
    const { engine, store } = this.deps;
    const lookedAt = performance.now();
    const { state, version } = await store.readState(engine);
    if (state !== this.#state) {
      const items = await store.readAll(engine);
      this.#items = new Map(items.map((item) => [item.id, item]));
      // What was saved between the two statements is in the list but not in the state: the next look reads again.
      this.#state = state;
      this.#version = version;
    }
    this.#lookedAt = lookedAt;
  }

  #isStale(): boolean {
    return this.#lookedAt <= this.#expiredAt || performance.now() - this.#lookedAt >= LOOK_MS;
  }

  /** One change after the other, each on the newest list. */
  #alone<R>(change: () => Promise<R>): Promise<R> {
    const turn = this.#writing.then(async () => {
      await this.#refresh();
      return change();
    });
    this.#writing = turn.catch(() => {});
    return turn;
  }

  /** Versions rise, deleted ones counted in, also where clocks differ. */
  async #write(item: T, isDeleted: boolean): Promise<void> {
    const { engine, store, now } = this.deps;
    await store.write(engine, item, Math.max(now(), this.#version + 1), isDeleted);
    await this.#refresh();
    for (const listener of this.#listeners) listener();
  }
}
