/**
 * The saved audiences that this server knows: one picture of all, that is as it is now or was within a second,
 * so that what another server saved is seen; and the one way to change them. Knows no GraphQL.
 */
import { randomUUID } from 'node:crypto';
import type { Engine } from '../engine/port.ts';
import { compileAudience, normaliseAudience } from '../query/audience.ts';
import type { AudienceRequest } from '../query/audience.ts';
import type { CompileScope } from '../query/events.ts';
import { inputError } from '../query/problem.ts';
import * as store from './audience-store.ts';
import type { StoredAudience } from './audience-store.ts';
import { checkAudience, checkCount, checkDelete, checkMembers, checkName } from './audiences.validate.ts';

export type AudienceBook = ReadonlyMap<string, StoredAudience>;

export interface AudienceDraft {
  /** Replaces the audience with this id. */
  readonly id?: string | null;
  readonly name: string;
  readonly definition: AudienceRequest;
  /** The customers as they are now, and no longer the rule. */
  readonly isStatic: boolean;
}

/** The words that a definition is read with. */
export interface AudienceFrame {
  readonly compile: CompileScope;
  readonly lifecycleStages: readonly string[];
}

interface LibraryLog {
  warn(details: object, message: string): void;
}

export interface AudienceLibraryDeps {
  readonly engine: Engine;
  readonly now: () => number;
  readonly log: LibraryLog;
  /** Whoever looks at what arrives hears of every change there, and this expires: nobody need look here as well. */
  readonly arrivals: { readonly seenAt: number };
}

const LOOK_MS = 1000;

export class AudienceLibrary {
  #book: AudienceBook = new Map();
  #state: string | null = null;
  #lookedAt = -Infinity;
  #expiredAt = -Infinity;
  #look: Promise<void> | null = null;
  #writing: Promise<unknown> = Promise.resolve();
  readonly #listeners = new Set<() => void>();

  constructor(private readonly deps: AudienceLibraryDeps) {}

  /** As of the last look. */
  get book(): AudienceBook {
    return this.#book;
  }

  /** Called whenever this server changed an audience. */
  onChanged(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Another server changed an audience: what was seen until now does not serve any more. */
  expire(): void {
    this.#expiredAt = performance.now();
  }

  /** Resolves once the book is no older than a second, or the store cannot be asked: then the old one stays. */
  async fresh(): Promise<void> {
    // A look that began before the book expired does not serve either; the one after it does.
    for (let looks = 0; looks < 2 && this.#isStale(); looks += 1) {
      this.#look ??= this.#refresh()
        .catch((error: unknown) => this.deps.log.warn({ err: error }, 'cannot read the saved audiences'))
        .finally(() => (this.#look = null));
      await this.#look;
    }
  }

  /** Throws InputError for what cannot be saved; then nothing has changed. */
  save(draft: AudienceDraft, frame: AudienceFrame): Promise<StoredAudience> {
    return this.#alone(async () => {
      const name = checkName(draft, this.#book);
      const before = draft.id == null ? null : this.#known(draft.id);
      checkCount(this.#book, before);
      const id = before?.id ?? randomUUID();
      const definition = JSON.parse(JSON.stringify(draft.definition)) as object;
      const next = { id, name, definition, ...this.#stamp(before) };
      if (!draft.isStatic) {
        const live = { ...next, membersId: null };
        checkAudience(live, this.#book, frame);
        return this.#write(live, false);
      }
      const vocabulary = { ...frame.compile.vocabulary, audiences: this.#book };
      const audience = normaliseAudience(definition, vocabulary, frame.lifecycleStages, 'definition');
      const membersId = randomUUID();
      const scope = { ...frame.compile, vocabulary };
      await store.writeMembers(this.deps.engine, membersId, compileAudience(audience, scope), scope);
      return this.#write({ ...next, membersId }, false);
    });
  }

  /** A static audience of just these customers, by any of their ids. Throws InputError as `save` does. */
  saveCustomers(name: string, ids: readonly string[], scope: CompileScope): Promise<StoredAudience> {
    return this.#alone(async () => {
      checkMembers(ids);
      const kept = checkName({ name }, this.#book);
      checkCount(this.#book, null);
      const membersId = randomUUID();
      await store.writeListed(this.deps.engine, membersId, ids, scope);
      const next = { id: randomUUID(), name: kept, definition: {}, membersId, ...this.#stamp(null) };
      return this.#write(next, false);
    });
  }

  /** Another name, and nothing else: a static audience keeps its customers. Throws InputError as `save` does. */
  rename(id: string, name: string): Promise<StoredAudience> {
    return this.#alone(async () => {
      const audience = this.#known(id);
      return this.#write(
        { ...audience, name: checkName({ id, name }, this.#book), ...this.#stamp(audience) },
        false,
      );
    });
  }

  /** False where there is none with the id. Throws InputError where another audience refers to it. */
  delete(id: string): Promise<boolean> {
    return this.#alone(async () => {
      const audience = this.#book.get(id);
      if (!audience) return false;
      checkDelete(audience, this.#book);
      await this.#write({ ...audience, ...this.#stamp(audience) }, true);
      return true;
    });
  }

  async #refresh(): Promise<void> {
    const lookedAt = performance.now();
    const state = await store.readState(this.deps.engine);
    if (state !== this.#state) {
      const audiences = await store.readAudiences(this.deps.engine);
      this.#book = new Map(audiences.map((audience) => [audience.id, audience]));
      // What was saved between the two statements is in the book but not in the state: the next look reads again.
      this.#state = state;
    }
    this.#lookedAt = lookedAt;
  }

  #isStale(): boolean {
    const seenAt = Math.max(this.#lookedAt, this.deps.arrivals.seenAt);
    return this.#lookedAt <= this.#expiredAt || performance.now() - seenAt >= LOOK_MS;
  }

  /** One change after the other, each on the newest book. */
  #alone<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#writing.then(async () => {
      await this.#refresh();
      return change();
    });
    this.#writing = turn.catch(() => {});
    return turn;
  }

  async #write(audience: StoredAudience, isDeleted: boolean): Promise<StoredAudience> {
    const { engine, log } = this.deps;
    await store.writeAudience(engine, audience, isDeleted);
    await this.#refresh();
    for (const listener of this.#listeners) listener();
    store
      .dropAbandonedMembers(engine)
      .catch((error: unknown) => log.warn({ err: error }, 'cannot remove members that nothing names'));
    return audience;
  }

  #known(id: string): StoredAudience {
    const known = this.#book.get(id);
    if (known) return known;
    throw inputError(
      'id',
      'UNKNOWN_AUDIENCE',
      `There is no saved audience with the id "${id.slice(0, 60)}".`,
    );
  }

  #stamp(before: StoredAudience | null): Pick<StoredAudience, 'createdMs' | 'version'> {
    const now = this.deps.now();
    return { createdMs: before?.createdMs ?? now, version: Math.max(now, (before?.version ?? 0) + 1) };
  }
}
