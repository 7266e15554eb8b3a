/**
 * Whom something arrived of since the look before, whoever stored it. An insert can be seen a while after the instant
 * that it carries, so each look reaches back, now and then further: what is new is told by comparing.
 */
import type { Engine } from '../engine/port.ts';
import type { CompileScope } from '../query/events.ts';
import { identifiedSince } from './looks.sql.ts';
import { customersOf, insertsOf } from './touched.sql.ts';
import type { InsertRow } from './touched.sql.ts';

const NEAR_SECONDS = 10;
/** Longer than an insert takes from its first row to its end. */
const FAR_SECONDS = 300;
const FAR_EVERY_MS = 15_000;
/** Beyond so many, everybody is looked at. */
const MOST = 20_000;
/** Servers' clocks may differ by so much. */
const CLOCKS_MS = 60_000;
/** Events that waited in a journal carry the time of their call. */
const JOURNAL_MS = 24 * 3_600_000;
const SETTLE_MS = 1_000;

export interface TouchedCustomers {
  readonly keys: readonly string[];
  /** More changed than can be told, or what it changed cannot: everybody is to be looked at. */
  readonly isMore: boolean;
}

export class Touched {
  readonly #inserts = new Map<number, number>();
  readonly #identified = new Set<string>();
  #farAt = -Infinity;
  /** Looked at once more: what views and joins make of an insert may be seen a moment after it. */
  #settling: { readonly keys: readonly string[]; readonly due: number }[] = [];

  constructor(
    private readonly engine: Engine,
    private readonly now: () => number,
  ) {}

  /** What is there now counts as seen. */
  async begin(): Promise<void> {
    this.#inserts.clear();
    this.#identified.clear();
    this.#settling = [];
    this.#farAt = -Infinity;
    this.#fresh(await this.#look());
    await this.#freshlyIdentified();
  }

  /** True when there is somebody to look at once more. */
  get isSettling(): boolean {
    return this.#settling.some(({ due }) => due <= performance.now());
  }

  async since(scope: CompileScope): Promise<TouchedCustomers> {
    const fresh = await this.#arrived(scope);
    const now = performance.now();
    const settled = this.#settling.filter(({ due }) => due <= now).flatMap(({ keys }) => keys);
    this.#settling = this.#settling.filter(({ due }) => due > now);
    if (fresh.keys.length > 0) this.#settling.push({ keys: fresh.keys, due: now + SETTLE_MS });
    return { keys: [...new Set([...fresh.keys, ...settled])], isMore: fresh.isMore };
  }

  async #arrived(scope: CompileScope): Promise<TouchedCustomers> {
    const fresh = this.#fresh(await this.#look());
    if (fresh.length === 0) return { keys: [], isMore: false };
    const stored = fresh.filter(({ first_ms }) => first_ms > 0);
    const identified = fresh.length > stored.length ? await this.#freshlyIdentified() : [];
    // Something else than events, identities and traits: an import was undone, a customer erased, an audience saved.
    const isOther = fresh.length > stored.length && identified.length === 0;
    const touched = stored.length === 0 ? [] : await this.#touched(stored, scope);
    const keys = [...new Set([...identified, ...touched])];
    return { keys, isMore: isOther || touched.length >= MOST };
  }

  async #look(): Promise<readonly InsertRow[]> {
    const isFar = performance.now() - this.#farAt > FAR_EVERY_MS;
    if (isFar) this.#farAt = performance.now();
    const { rows } = await this.engine.query(insertsOf(isFar ? FAR_SECONDS : NEAR_SECONDS), { maxSeconds: 5 });
    if (isFar) this.#prune(rows);
    return rows;
  }

  #fresh(rows: readonly InsertRow[]): readonly InsertRow[] {
    const fresh = rows.filter(({ at_ms, rows: count }) => count > (this.#inserts.get(at_ms) ?? 0));
    for (const { at_ms, rows: count } of fresh) this.#inserts.set(at_ms, count);
    return fresh;
  }

  /** By the store's own clock: what no look will show again. */
  #prune(rows: readonly InsertRow[]): void {
    const newest = rows.reduce((max, { at_ms }) => Math.max(max, at_ms), 0);
    for (const at of this.#inserts.keys()) if (at < newest - 2 * FAR_SECONDS * 1000) this.#inserts.delete(at);
  }

  async #touched(rows: readonly InsertRow[], scope: CompileScope): Promise<readonly string[]> {
    const storedMs = Math.min(...rows.map(({ at_ms }) => at_ms)) - JOURNAL_MS;
    const firstMs = Math.min(...rows.map(({ first_ms }) => first_ms));
    const lastMs = Math.max(...rows.map(({ last_ms }) => last_ms));
    const query = customersOf({ storedMs, firstMs, lastMs }, MOST, scope);
    return (await this.engine.query(query, { maxSeconds: 20 })).rows.map(({ key }) => key);
  }

  async #freshlyIdentified(): Promise<readonly string[]> {
    const { rows } = await this.engine.query(identifiedSince(this.now() - CLOCKS_MS), { maxSeconds: 20 });
    const fresh = rows.filter(({ key, at_ms }) => !this.#identified.has(`${key} ${at_ms}`));
    this.#identified.clear();
    for (const { key, at_ms } of rows) this.#identified.add(`${key} ${at_ms}`);
    return [...new Set(fresh.map(({ key }) => key))];
  }
}
