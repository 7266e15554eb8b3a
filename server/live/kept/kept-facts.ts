/**
 * The facts of everybody for statements of one shape, and the totals counted from them: built once from all events,
 * then kept up to date from what arrives. What happens one at a time stands in a queue, so that facts never change
 * while they are read anew. Knows statements only as a slice describes them.
 */
import type { Engine } from '../../engine/port.ts';
import type { CompileScope } from '../../query/events.ts';
import { factAt } from '../../query/kept.ts';
import type { ArrivedEvent, FactsQuery, Kept } from '../../query/kept.ts';
import { sql } from '../../query/sql.ts';
import { DueHeap } from './due-heap.ts';
import { FactStore } from './fact-store.ts';
import type { FactsBatch } from './facts-reader.ts';
import { factsStream } from './facts-stream.ts';
import { KeptTotals } from './kept-totals.ts';
import { factRows, factsByCustomer, isOfCustomers, laterEvents } from './kept.sql.ts';
import { PendingReads } from './pending.ts';

/** An event that arrived, of a customer (a key, in decimal). */
export interface Arrival {
  readonly key: string;
  readonly event: ArrivedEvent;
}

export interface Join {
  readonly alias: string;
  readonly customer: string;
}

export interface KeptFactsDeps {
  readonly engine: Engine;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Looks for what arrived; it is taken in before this resolves. */
  readonly look: () => Promise<void>;
  /** What one view makes of an insert may be seen so much before the rest of it. */
  readonly settleMs: number;
  /** Memory that these facts may take. */
  readonly maxBytes: () => number;
}

/** Facts cannot be kept: they would take more memory than there is. */
export class TooManyFacts extends Error {}

/** Facts up to about now go on with the clock; it is read a little apart. */
const ABOUT_NOW_MS = 60_000;
/** How far ahead of `untilMs` events are remembered until their time comes. */
const AHEAD_MS = 25 * 3_600_000;
const MOST_AHEAD = 10_000;
/** Customers read again at once, and waiting to be. */
const READ_AT_ONCE = 2_000;
const MOST_PENDING = 100_000;
/** Customers counted before others get their turn. */
const COUNT_AT_ONCE = 2_000;
const BUILD_SECONDS = 300;
const EVERYBODY = sql`1`;

export class KeptFacts {
  readonly shape: string;
  readonly sinceMs: number;
  /** When somebody last asked, by performance.now. */
  usedAt = performance.now();
  #query: FactsQuery;
  #store: FactStore;
  #untilMs: number;
  /** False where facts end at an instant that stands still. */
  readonly #goesOn: boolean;
  #totals: KeptTotals[] = [];
  #state: 'new' | 'building' | 'ready' | 'broken' = 'new';
  /** When everybody's facts were read; of what could be seen by then it is not known whether it was read too. */
  #readAt = Infinity;
  /** Likewise of customers who were read again. */
  readonly #readAgainAt = new Map<string, number>();
  readonly #pending = new PendingReads();
  /** Events taken in, by customer: one that is read again meanwhile is read once more. */
  readonly #lately = new Map<string, { sinceMs: number; at: number }>();
  readonly #ahead = new DueHeap();
  readonly #aheadOf: { readonly key: string; readonly timeMs: number }[] = [];
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
    this.#goesOn = query.untilMs > deps.now() - ABOUT_NOW_MS;
    this.#store = new FactStore(query.width, query.isSet);
  }

  get state(): 'new' | 'building' | 'ready' | 'broken' {
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

  /** Reads everybody's facts. Throws TooManyFacts, or as the engine does; is then broken. */
  async build(scope: CompileScope): Promise<void> {
    this.#state = 'building';
    try {
      await this.#readAll(scope);
      // What may or may not have been read is found by now, and read again once it is there as a whole.
      await pause(2 * this.deps.settleMs);
      await this.deps.look();
      await pause(this.deps.settleMs);
      await this.#inTurn(() => this.#readPending(scope));
      if (this.#state === 'building') this.#state = 'ready';
    } catch (error) {
      this.#state = 'broken';
      throw error;
    }
  }

  /** The rows at the statement's edges; null where they are not counted yet. */
  async rows(kept: Kept<unknown>, scope: CompileScope): Promise<readonly unknown[] | null> {
    this.usedAt = performance.now();
    this.#query = kept.facts;
    return this.#inTurn(async () => {
      this.#passTo(kept.facts.untilMs);
      await this.#readPending(scope);
      if (this.#state !== 'ready') return null;
      const totals = this.#totals.find((some) => some.shape === kept.shape && some.reaches(kept.edges));
      if (!totals) {
        void this.#count(kept);
        return null;
      }
      if (!totals.isComplete) return null;
      totals.usedAt = this.usedAt;
      this.#move(totals, kept);
      return totals.rows();
    });
  }

  /** Takes in what could not be seen by `after` (performance.now). */
  take(arrivals: readonly Arrival[], after: number): Promise<void> {
    return this.#inTurn(() => {
      if (this.#state === 'new' || this.#state === 'broken') return;
      const now = performance.now();
      this.#passTo(this.deps.now());
      const unread = after - this.deps.settleMs;
      for (const [key, at] of this.#readAgainAt) if (at < unread) this.#readAgainAt.delete(key);
      const isUnread = ({ key }: Arrival): boolean => this.#readAt < unread && !this.#readAgainAt.has(key);
      if (this.#query.ofEvent) this.#takeIn(arrivals.filter(isUnread), now);
      const rest = this.#query.ofEvent ? arrivals.filter((arrival) => !isUnread(arrival)) : arrivals;
      this.#readAgain(rest, now);
      if (this.#pending.size > MOST_PENDING) this.#state = 'broken';
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

  /** What is kept is no longer so. */
  spoil(): void {
    this.#state = 'broken';
  }

  /** Drops totals that nobody has asked for since; true where none are left, nor facts wanted. */
  dropUnused(since: number): boolean {
    this.#totals = this.#totals.filter(({ usedAt }) => usedAt >= since);
    return this.usedAt < since;
  }

  close(): void {
    this.#abort.abort();
    this.#state = 'broken';
  }

  async #readAll(scope: CompileScope): Promise<void> {
    const { engine, maxBytes } = this.deps;
    const part = { sinceMs: this.sinceMs, untilMs: this.#untilMs, whose: EVERYBODY };
    const { signal } = this.#abort;
    let begun: number | undefined;
    const { width } = this.#query;
    const statement = { name: 'live.everybody', sql: factsByCustomer(this.#query, scope, part), width };
    for await (const batch of factsStream(engine, statement, { signal, maxSeconds: BUILD_SECONDS })) {
      begun ??= performance.now();
      this.#load(batch);
      if (this.#store.bytes > maxBytes()) throw new TooManyFacts();
      if (this.#state !== 'building') return;
    }
    this.#readAt = begun ?? performance.now();
    if (!this.#goesOn) return;
    const ahead = laterEvents(scope, this.#untilMs, this.#untilMs + AHEAD_MS, MOST_AHEAD);
    const { rows } = await engine.query(ahead, { signal });
    for (const { key, time_ms } of rows) this.#waits(key, time_ms);
  }

  #load({ count, keys, ends, values }: FactsBatch): void {
    let begin = 0;
    for (let i = 0; i < count; i += 1) {
      const end = ends[i] ?? begin;
      this.#store.set(this.#store.slotOf(keys[i] ?? 0n), values, begin, end);
      begin = end;
    }
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
    for (const slot of looked) this.#store.dropBefore(slot, factAt(since, 0));
  }

  /** True of an event whose time has not come: it is remembered. */
  #waits(key: string, timeMs: number): boolean {
    if (timeMs < this.#untilMs) return false;
    if (!this.#goesOn || timeMs >= this.#untilMs + AHEAD_MS) return true;
    if (this.#ahead.size >= MOST_AHEAD) this.#state = 'broken';
    this.#ahead.push(timeMs, this.#aheadOf.length);
    this.#aheadOf.push({ key, timeMs });
    return true;
  }

  #readAgain(arrivals: readonly Arrival[], now: number): void {
    const wholeAt = now + this.deps.settleMs;
    for (const { key, event } of arrivals) {
      if (!this.#waits(key, event.timeMs)) this.#pending.add({ key, sinceMs: event.timeMs, wholeAt });
    }
  }

  #noteLately(key: string, timeMs: number, now: number): void {
    const sinceMs = Math.min(timeMs, this.#lately.get(key)?.sinceMs ?? Infinity);
    this.#lately.set(key, { sinceMs, at: now });
  }

  /** Whoever did something up to then is read again. */
  #passTo(untilMs: number): void {
    if (!this.#goesOn || untilMs <= this.#untilMs) return;
    this.#untilMs = untilMs;
    while (this.#ahead.peek() < untilMs) {
      const waiting = this.#aheadOf[this.#ahead.pop()];
      if (waiting) this.#pending.add({ key: waiting.key, sinceMs: waiting.timeMs, wholeAt: 0 });
    }
    if (this.#ahead.size === 0) this.#aheadOf.length = 0;
  }

  #takeIn(arrivals: readonly Arrival[], now: number): void {
    const { ofEvent } = this.#query;
    if (!ofEvent) return;
    const byCustomer = new Map<string, ArrivedEvent[]>();
    for (const { key, event } of arrivals) {
      if (this.#waits(key, event.timeMs)) continue;
      const known = byCustomer.get(key);
      if (known) known.push(event);
      else byCustomer.set(key, [event]);
    }
    for (const [key, events] of byCustomer) {
      const slot = this.#store.slotOf(BigInt(key));
      this.#change(slot, () => {
        for (const event of events) {
          const facts: number[] = [];
          ofEvent(event, this.#store.view(slot), facts);
          if (facts.length > 0) this.#store.insert(slot, facts);
        }
      });
      this.#noteLately(key, Math.min(...events.map(({ timeMs }) => timeMs)), now);
    }
  }

  #change(slot: number, change: () => void): void {
    for (const totals of this.#totals) totals.takeAway(slot);
    change();
    for (const totals of this.#totals) totals.addAnew(slot);
  }

  /** Reads again from events who is to be; who was read too soon to be sure, again the next time. */
  async #readPending(scope: CompileScope): Promise<void> {
    const begun = performance.now();
    for (const [key, { at }] of this.#lately) if (at < begun - this.deps.settleMs) this.#lately.delete(key);
    for (const group of this.#pending.takeAll(READ_AT_ONCE)) {
      const keys = group.map(({ key }) => key);
      await this.#read(keys, Math.min(...group.map(({ sinceMs }) => sinceMs)), scope);
      for (const { key, sinceMs, wholeAt } of group) {
        this.#readAgainAt.set(key, performance.now());
        if (wholeAt > begun) this.#pending.add({ key, sinceMs, wholeAt });
        const lately = this.#lately.get(key);
        if (lately)
          this.#pending.add({ key, sinceMs: lately.sinceMs, wholeAt: lately.at + this.deps.settleMs });
      }
    }
  }

  async #read(keys: readonly string[], fromMs: number, scope: CompileScope): Promise<void> {
    const sinceMs = Math.max(this.#query.beginOf?.(fromMs) ?? fromMs, this.sinceMs);
    const part = { sinceMs, untilMs: this.#untilMs, whose: isOfCustomers(keys, scope) };
    const { rows } = await this.deps.engine.query(factRows(this.#query, scope, part), {
      signal: this.#abort.signal,
    });
    const slots = new Map<number, number[]>(keys.map((key) => [this.#store.slotOf(BigInt(key)), []]));
    for (const { customer_key, fact, beside_1, beside_2 } of rows) {
      const slot = this.#store.slotOf(BigInt(customer_key));
      const facts = slots.get(slot) ?? [];
      slots.set(slot, facts);
      facts.push(Number(fact));
      if (beside_1 !== undefined) facts.push(Number(beside_1));
      if (beside_2 !== undefined) facts.push(Number(beside_2));
    }
    const first = sinceMs === -Infinity ? -Infinity : factAt(sinceMs, 0);
    for (const [slot, facts] of slots) this.#change(slot, () => this.#store.replaceFrom(slot, first, facts));
  }

  #inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => {});
    return turn;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
