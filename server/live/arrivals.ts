/**
 * What has arrived: a version that rises whenever events were stored, or traits, identities or audiences
 * changed, by this server or any other writer. Found by looking at the small `arrivals` table: whenever somebody
 * must know, several at a time sharing a look; time and again while somebody watches; and not at all for what
 * this server stored itself and says so.
 */
import type { Engine } from '../engine/port.ts';
import type { Change, EventSpan } from '../query/span.ts';
import type { Sql } from '../query/sql.ts';
import { lookAt } from './arrivals.sql.ts';
import type { ArrivalRow } from './arrivals.sql.ts';
import { NewRows, spanOf } from './new-rows.ts';
import type { News } from './new-rows.ts';
import { ToldTwice } from './told-twice.ts';

export type ChangeListener = (change: Change) => void;

export interface Arrivals {
  /** Rises with every change of the data, and once more when all of it is sure to be seen. */
  readonly version: number;
  /** Rises with every change of the data. */
  readonly news: number;
  /** How many of the news the last look, and whoever followed it, knew of. */
  readonly known: number;
  /** When the last look began, by performance.now. */
  readonly lookedAt: number;
  /** When the last look that is over began: what changed before is known, and was told. By performance.now. */
  readonly seenAt: number;
  /** When the last change was heard of, by performance.now: a look that begins later shows it. */
  readonly changedAt: number;
  /**
   * Resolves once all that was stored before the call is known, and its listeners called. Never rejects: where
   * nobody can know, everything counts as changed.
   */
  fresh(): Promise<void>;
  /** Resolves once a look is over that began at the moment (performance.now) or later. */
  freshSince(moment: number): Promise<void>;
  /**
   * Begins to look for what others store; resolves to how to end it, once everything stored from now on will
   * raise the version.
   */
  watch(): Promise<() => void>;
  /** Resolves once the version (or `news`) is above `seen`, or `timeoutMs` has passed, or the signal aborts. */
  changed(seen: number, timeoutMs: number, signal: AbortSignal, of?: 'version' | 'news'): Promise<void>;
  /** Called with every change, before the version rises for it. */
  onChange(listener: ChangeListener): void;
  /**
   * Called with what each look found new, and waited for, before any listener hears of it. Null: what happened is
   * not known. `told`: the form in which each look is to tell the events themselves, if they are wanted now.
   */
  follow(follower: (news: News | null) => Promise<void>, told?: () => Sql | null): void;
  /** This server changed something: look no further. */
  nudge(change: Change): void;
  /** This server stored events: a look will find them too, or has. */
  stored(span: EventSpan): void;
  close(): void;
}

interface ArrivalsLog {
  warn(details: object, message: string): void;
}

export interface ArrivalsDeps {
  readonly engine: Engine;
  readonly log: ArrivalsLog;
  /** For tests that count runs; default 1000. */
  readonly settleMs?: number | undefined;
}

const POLL_MS = 250;
/** Where nothing has come for a while: what another server stores is still found within a second. */
const IDLE_POLL_MS = 750;
const IDLE_AFTER_MS = 10_000;
/**
 * What a view makes of an insert may be seen before what another makes of it: a change that was found is
 * taken for another one this much later.
 */
export const SETTLE_MS = 1000;

export function tailArrivals(deps: ArrivalsDeps): Arrivals {
  return new ArrivalsTail(deps);
}

class ArrivalsTail implements Arrivals {
  version = 0;
  news = 0;
  known = 0;
  lookedAt = -Infinity;
  seenAt = -Infinity;
  changedAt = -Infinity;
  #watchers = 0;
  #isTailing = false;
  #isClosed = false;
  #look: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  readonly #rows = new NewRows();
  /** Told by whoever stored it, and not found yet; found, and not told yet. */
  readonly #own = new ToldTwice();
  readonly #found = new ToldTwice();
  readonly #waiting = new Map<() => void, 'version' | 'news'>();
  readonly #listeners: ChangeListener[] = [];
  readonly #followers: ((news: News | null) => Promise<void>)[] = [];
  #told: () => Sql | null = () => null;
  readonly #settling = new Set<NodeJS.Timeout>();

  constructor(private readonly deps: ArrivalsDeps) {}

  /** A look that begins no earlier than now; those who come while one is under way share the one after it. */
  fresh(): Promise<void> {
    if (!this.#look) return (this.#look = this.#lookOnce().finally(() => (this.#look = null)));
    this.#next ??= this.#look.then(() => {
      this.#next = null;
      return this.fresh();
    });
    return this.#next;
  }

  async freshSince(moment: number): Promise<void> {
    if (this.seenAt >= moment) return;
    await (this.#look && this.lookedAt >= moment ? this.#look : this.fresh());
  }

  async watch(): Promise<() => void> {
    this.#watchers += 1;
    await this.fresh();
    if (!this.#isTailing) void this.#tail();
    let isWatching = true;
    return () => {
      if (isWatching) this.#watchers -= 1;
      isWatching = false;
    };
  }

  changed(
    seen: number,
    timeoutMs: number,
    signal: AbortSignal,
    of: 'version' | 'news' = 'version',
  ): Promise<void> {
    if (this[of] > seen || signal.aborted || this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(deadline);
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const deadline = setTimeout(wake, timeoutMs);
      signal.addEventListener('abort', wake, { once: true });
      this.#waiting.set(wake, of);
    });
  }

  onChange(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  follow(follower: (news: News | null) => Promise<void>, told?: () => Sql | null): void {
    this.#followers.push(follower);
    if (told) this.#told = told;
  }

  stored(span: EventSpan): void {
    if (this.#found.claim(span)) return;
    this.#own.note(span);
    this.nudge([span]);
  }

  nudge(change: Change): void {
    this.news += 1;
    this.#changed(change);
    for (const [wake, of] of [...this.#waiting]) if (of === 'news') wake();
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#settling) clearTimeout(timer);
    for (const wake of [...this.#waiting.keys()]) wake();
  }

  #changed(change: Change): void {
    this.#tell(change);
    this.version += 1;
    this.changedAt = performance.now();
    for (const [wake, of] of [...this.#waiting]) if (of === 'version') wake();
  }

  #tell(change: Change): void {
    for (const listener of this.#listeners) listener(change);
  }

  async #tail(): Promise<void> {
    this.#isTailing = true;
    while (this.#watchers > 0 && !this.#isClosed) {
      const isIdle = performance.now() - this.changedAt > IDLE_AFTER_MS;
      await new Promise((resolve) => setTimeout(resolve, isIdle ? IDLE_POLL_MS : POLL_MS));
      await this.fresh();
    }
    this.#isTailing = false;
  }

  async #lookOnce(): Promise<void> {
    const window = this.#rows.window();
    this.lookedAt = window.begun;
    const before = this.news;
    try {
      const told = window.hasGap ? null : this.#told();
      const wanted = told && { after: this.#rows.newest, told };
      const { rows } = await this.deps.engine.query(lookAt(window.seconds, wanted), { maxSeconds: 5 });
      const news = this.#rows.take(rows, window);
      const { change } = news;
      await this.#lead(news);
      this.seenAt = window.begun;
      // What was told while the look was under way may be in it or not.
      this.known = before;
      if (change?.length === 0) return;
      if (change === null || this.#isNews(news.fresh)) {
        this.known += 1;
        this.nudge(change);
      }
      if (rows.length > 0) this.#settle(change);
    } catch (error) {
      if (!this.#isClosed) this.deps.log.warn({ err: error }, 'cannot see what arrived; trying again');
      this.#rows.forget();
      await this.#lead(null);
      this.#tell(null);
    }
  }

  async #lead(news: News | null): Promise<void> {
    await Promise.all(this.#followers.map((follower) => follower(news)));
  }

  /** Whether some of it was not told by this server as it stored it. */
  #isNews(fresh: readonly ArrivalRow[]): boolean {
    const others = fresh.map(spanOf).filter((span) => !this.#own.claim(span));
    for (const span of others) this.#found.note(span);
    return others.length > 0;
  }

  #settle(change: Change): void {
    const timer = setTimeout(() => {
      this.#settling.delete(timer);
      this.#changed(change);
    }, this.deps.settleMs ?? SETTLE_MS).unref();
    this.#settling.add(timer);
  }
}
