/**
 * The facts of everybody for statements of one shape, and the totals counted from them: built once from all events,
 * then kept up to date from what arrives. What happens one at a time stands in a queue, so that facts never change
 * while they are read anew. Knows statements only as a slice describes them.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { CompileScope } from '../../query/events.ts';
import { factAt } from '../../query/kept.ts';
import type { ArrivedEvent, FactsQuery, Kept } from '../../query/kept.ts';
import { Ahead, AHEAD_MS, MOST_AHEAD } from './ahead.ts';
import { byCustomer } from './arrival.ts';
import type { Arrival, Join } from './arrival.ts';
import { FactStore } from './fact-store.ts';
import type { KeptFactsDeps } from './kept-facts-deps.ts';
import { KeptTotals } from './kept-totals.ts';
import type { KeptRows } from './kept-totals.ts';
import { laterEvents } from './kept.sql.ts';
import { readEverybody, readSome, TooManyFacts } from './read-facts.ts';
import type { FactsSource } from './read-facts.ts';
import { MOST_REREADS, READ_AT_ONCE, Rereads } from './rereads.ts';

type State = 'new' | 'building' | 'ready' | 'broken';

/** Facts up to about now go on with the clock; it is read a little apart. */
const ABOUT_NOW_MS = 60_000;
/** Customers counted before others get their turn. */
const COUNT_AT_ONCE = 2_000;
const BUILD_SECONDS = 300;

export class KeptFacts {
  readonly shape: string;
  sinceMs: number;
  /** When somebody last asked, by performance.now. */
  usedAt = performance.now();
  #query: FactsQuery;
  #store: FactStore;
  #untilMs: number;
  /** False where facts end at an instant that stands still. */
  readonly #goesOn: boolean;
  #totals: KeptTotals[] = [];
  #asked = 0;
  #state: State = 'new';
  /** When everybody's facts were read; of what could be seen by then it is not known whether it was read too. */
  #readAt = Infinity;
  readonly #rereads: Rereads;
  readonly #ahead = new Ahead();
  #queue: Promise<unknown> = Promise.resolve();
  readonly #abort = new AbortController();

  constructor(
    query: FactsQuery,
    private readonly deps: KeptFactsDeps,
  ) {
    this.shape = query.shape;
    this.sinceMs = query.sinceMs;
    this.#query = query;
    this.#untilMs = query.untilMs;
    this.#goesOn = Math.abs(query.untilMs - deps.now()) <= ABOUT_NOW_MS;
    this.#store = new FactStore(query.width, query.isSet);
    this.#rereads = new Rereads(deps.settleMs);
  }

  get state(): State {
    return this.#state;
  }

  get bytes(): number {
    return this.#totals.reduce((sum, totals) => sum + totals.bytes, this.#store.bytes);
  }

  /** Whether these facts hold what the query needs, or can be brought there. */
  serves(query: FactsQuery): boolean {
    const apart = Math.abs(query.untilMs - (this.#goesOn ? this.deps.now() : this.#untilMs));
    return (
      query.shape === this.shape &&
      query.sinceMs >= this.sinceMs &&
      apart <= (this.#goesOn ? ABOUT_NOW_MS : 0)
    );
  }

  /** To be asked with every question: true once, when facts are to be built. Who asks only once needs none. */
  isWanted(): boolean {
    this.usedAt = performance.now();
    this.#asked += 1;
    return this.#state === 'new' && this.#asked === 2;
  }

  /** Reads everybody's facts, in turn. Throws TooManyFacts, or as the engine does; is then broken. */
  async build(scope: CompileScope, inTurn: (read: () => Promise<void>) => Promise<void>): Promise<void> {
    this.#state = 'building';
    try {
      // All that was heard of before anything was noted here can be read by then.
      await pause(this.deps.settleMs);
      await inTurn(() => this.#readAll(scope));
      // What may or may not have been read is heard of by then.
      await pause(this.deps.settleMs);
      await this.deps.look();
      await this.#inTurn(() => this.#readAgain(scope));
      if (this.#state === 'building') this.#state = 'ready';
    } catch (error) {
      this.spoil();
      throw error;
    }
  }

  /** The rows at the statement's edges; null where they are not counted yet. */
  async rows(kept: Kept<unknown>, scope: CompileScope): Promise<KeptRows<unknown> | null> {
    this.#query = kept.facts;
    return this.#inTurn(async () => {
      this.#passTo(kept.facts.untilMs);
      await this.#readAgain(scope);
      if (this.#state !== 'ready') return null;
      const totals = this.#totals.find((some) => some.shape === kept.shape && some.reaches(kept.edges));
      if (!totals) {
        void this.#count(kept);
        return null;
      }
      if (!totals.isComplete) return null;
      totals.usedAt = this.usedAt;
      this.#move(totals, kept);
      const isWhole = this.#rereads.size === 0;
      return { rows: totals.rows(), dueInMs: totals.dueInMs, isWhole };
    });
  }

  /** Takes in what could not be seen by `after` (performance.now). */
  take(arrivals: readonly Arrival[], after: number): Promise<void> {
    return this.#inTurn(() => {
      if (this.#state === 'new' || this.#state === 'broken') return;
      const now = performance.now();
      this.#passTo(this.deps.now());
      this.#rereads.forget(after);
      const mayHaveRead = (key: string): boolean =>
        this.#readAt >= after - this.deps.settleMs || this.#rereads.mayHaveRead(key, after);
      if (this.#query.ofEvent && this.#state === 'ready') this.#takeIn(arrivals, now, mayHaveRead);
      else this.#distrust(arrivals);
      if (this.#rereads.size > MOST_REREADS) this.spoil();
    });
  }

  join(joins: readonly Join[]): Promise<void> {
    return this.#inTurn(() => {
      for (const { alias, customer } of joins) {
        const from = this.#store.find(BigInt(alias));
        const into = this.#store.slotOf(BigInt(customer));
        if (from === into) continue;
        for (const totals of this.#totals) {
          if (from >= 0) totals.takeAway(from);
          totals.takeAway(into);
        }
        this.#store.join(BigInt(alias), BigInt(customer));
        for (const totals of this.#totals) totals.addAnew(into);
      }
    });
  }

  /** What is kept is no longer so: its memory is free for what is read anew. */
  spoil(): void {
    this.#state = 'broken';
    this.#totals = [];
    this.#store = new FactStore(this.#query.width, this.#query.isSet);
  }

  /** Drops totals that nobody has asked for since; true where none are left, nor facts wanted. */
  dropUnused(since: number): boolean {
    this.#totals = this.#totals.filter(({ usedAt }) => usedAt >= since);
    return this.usedAt < since;
  }

  close(): void {
    this.#abort.abort();
    this.spoil();
  }

  async #readAll(scope: CompileScope): Promise<void> {
    const { engine, maxBytes } = this.deps;
    const { signal } = this.#abort;
    const goesOn = (): boolean => {
      if (this.#store.bytes > maxBytes()) throw new TooManyFacts();
      return this.#state === 'building';
    };
    const options = { signal, maxSeconds: BUILD_SECONDS };
    this.#passTo(this.deps.now());
    const untilMs = this.#untilMs;
    this.#readAt = await readEverybody(this.#source(scope, this.sinceMs), this.#store, goesOn, options);
    if (!this.#goesOn) return;
    const ahead = laterEvents(scope, untilMs, untilMs + AHEAD_MS, MOST_AHEAD);
    const { rows } = await engine.query(ahead, { signal });
    // The time of some has come meanwhile.
    for (const { key, time_ms } of rows)
      if (!this.#waits(key, time_ms)) this.#rereads.add({ key, sinceMs: time_ms, awaits: [] });
  }

  #source(scope: CompileScope, sinceMs: number): FactsSource {
    return { engine: this.deps.engine, query: this.#query, scope, sinceMs, untilMs: this.#untilMs };
  }

  async #count(kept: Kept<unknown>): Promise<void> {
    const totals = new KeptTotals(kept, this.#store);
    this.#totals.push(totals);
    while (this.#state === 'ready' && !totals.countMore(COUNT_AT_ONCE))
      await new Promise((resolve) => setImmediate(resolve));
  }

  #move(totals: KeptTotals, kept: Kept<unknown>): void {
    totals.sinceMs = kept.facts.sinceMs;
    const looked = totals.moveTo(kept.edges);
    const since = Math.min(...this.#totals.map(({ sinceMs }) => sinceMs));
    if (since === -Infinity) return;
    // Who asks for what came before is served by others.
    this.sinceMs = Math.max(this.sinceMs, since);
    for (const slot of looked) this.#store.dropBefore(slot, factAt(since, 0));
  }

  /** True of an event whose time has not come: it is remembered. */
  #waits(key: string, timeMs: number): boolean {
    if (timeMs < this.#untilMs) return false;
    if (!this.#goesOn || timeMs >= this.#untilMs + AHEAD_MS) return true;
    if (this.#ahead.isFull) this.spoil();
    else this.#ahead.add({ key, timeMs });
    return true;
  }

  /** These customers are read again. */
  #distrust(arrivals: readonly Arrival[]): void {
    for (const [key, own] of byCustomer(arrivals)) {
      const awaits = own.filter(({ event }) => !this.#waits(key, event.timeMs));
      if (awaits.length > 0) this.#rereads.add({ key, sinceMs: earliest(awaits), awaits });
    }
  }

  /** Whoever did something up to then is read again. */
  #passTo(untilMs: number): void {
    if (!this.#goesOn || untilMs <= this.#untilMs) return;
    this.#untilMs = untilMs;
    for (const { key, timeMs } of this.#ahead.takeBefore(untilMs))
      this.#rereads.add({ key, sinceMs: timeMs, awaits: [] });
  }

  /** Whose event is there already, though nobody took it in, was read with it: such customers are read again. */
  #takeIn(arrivals: readonly Arrival[], now: number, mayHaveRead: (key: string) => boolean): void {
    const due = arrivals.filter(({ key, event }) => !this.#waits(key, event.timeMs));
    for (const [key, own] of byCustomer(due)) {
      const slot = this.#store.slotOf(BigInt(key));
      const isDoubtful = mayHaveRead(key);
      let isThere = false;
      this.#change(slot, () => {
        for (const { event } of own) isThere = !this.#putIn(slot, event, isDoubtful) || isThere;
      });
      if (isThere) this.#rereads.add({ key, sinceMs: earliest(own), awaits: own });
      else this.#rereads.noteTaken(key, own, now);
    }
  }

  /** False where it is doubtful and its facts are there. */
  #putIn(slot: number, event: ArrivedEvent, isDoubtful: boolean): boolean {
    const facts: number[] = [];
    this.#query.ofEvent?.(event, this.#store.view(slot), facts);
    if (isDoubtful && this.#store.includes(slot, facts)) return false;
    if (facts.length > 0) this.#store.insert(slot, facts);
    return true;
  }

  #change(slot: number, change: () => void): void {
    for (const totals of this.#totals) totals.takeAway(slot);
    change();
    for (const totals of this.#totals) totals.addAnew(slot);
  }

  async #readAgain(scope: CompileScope): Promise<void> {
    for (const group of this.#rereads.takeAll(READ_AT_ONCE)) {
      const { ready, early } = await this.deps.stored.divided(group);
      for (const reread of early) this.#rereads.add(reread);
      if (ready.length === 0) continue;
      const keys = ready.map(({ key }) => key);
      await this.#read(keys, Math.min(...ready.map(({ sinceMs }) => sinceMs)), scope);
      this.#rereads.wereRead(ready);
    }
  }

  async #read(keys: readonly string[], fromMs: number, scope: CompileScope): Promise<void> {
    const sinceMs = Math.max(this.#query.beginOf?.(fromMs) ?? fromMs, this.sinceMs);
    const { signal } = this.#abort;
    const facts = await readSome(this.#source(scope, sinceMs), this.#store, keys, { signal });
    if (this.#state === 'broken') return;
    const first = sinceMs === -Infinity ? -Infinity : factAt(sinceMs, 0);
    for (const [slot, rows] of facts) this.#change(slot, () => this.#store.replaceFrom(slot, first, rows));
  }

  #inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => {});
    return turn;
  }
}

function earliest(arrivals: readonly Arrival[]): number {
  return arrivals.reduce((ms, { event }) => Math.min(ms, event.timeMs), Infinity);
}
