/**
 * Whom something arrived of since the look before, whoever stored it. An insert can be seen a while after the instant
 * that it carries, so each look reaches back, now and then further: what is new is told by comparing.
 */
import type { Engine } from '../engine/port.ts';
import { insertsOf, touchedBy, traitsSince } from './touched.sql.ts';
import type { InsertRow } from './touched.sql.ts';

const NEAR_SECONDS = 10;
/** Longer than an insert takes from its first row to its end. */
const FAR_SECONDS = 300;
const FAR_EVERY_MS = 15_000;
/** Beyond so many, everybody is looked at. */
const MOST = 50_000;
/** Servers' clocks may differ by so much. */
const CLOCKS_MS = 60_000;
const SETTLE_MS = 1_000;

export interface TouchedCustomers {
  readonly keys: readonly string[];
  /** More changed than can be told, or what it changed cannot: everybody is to be looked at. */
  readonly isMore: boolean;
}

/** Of these it is known otherwise whom they touch, or nobody. */
const TELLS_WHOM: ReadonlySet<InsertRow['kind']> = new Set(['traits', 'audiences', 'notes', 'journey_map']);

export class Touched {
  /** How often each insert was spoken of, with when it was. */
  readonly #inserts = new Map<string, { readonly times: number; readonly atMs: number }>();
  readonly #traits = new Set<string>();
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
    this.#traits.clear();
    this.#settling = [];
    this.#farAt = -Infinity;
    this.#fresh(await this.#look());
    await this.#withTraits();
  }

  /** True when there is somebody to look at once more. */
  get isSettling(): boolean {
    return this.#settling.some(({ due }) => due <= performance.now());
  }

  async since(): Promise<TouchedCustomers> {
    const fresh = await this.#arrived();
    const now = performance.now();
    const settled = this.#settling.filter(({ due }) => due <= now).flatMap(({ keys }) => keys);
    this.#settling = this.#settling.filter(({ due }) => due > now);
    if (fresh.keys.length > 0) this.#settling.push({ keys: fresh.keys, due: now + SETTLE_MS });
    return { keys: [...new Set([...fresh.keys, ...settled])], isMore: fresh.isMore };
  }

  async #arrived(): Promise<TouchedCustomers> {
    const fresh = this.#fresh(await this.#look());
    if (fresh.length === 0) return { keys: [], isMore: false };
    const named = fresh.filter(({ batch }) => batch !== '0').map(({ batch }) => batch);
    const touched = named.length === 0 ? [] : await this.#touchedBy(named);
    const identified = fresh.some(({ kind }) => kind === 'traits') ? await this.#withTraits() : [];
    // What is neither named nor of a kind that tells whom: events were removed, or stored before they were named.
    const isOther = fresh.some(({ batch, kind }) => batch === '0' && !TELLS_WHOM.has(kind));
    return {
      keys: [...new Set([...touched, ...identified])],
      isMore: isOther || touched.length >= MOST,
    };
  }

  async #look(): Promise<readonly InsertRow[]> {
    const isFar = performance.now() - this.#farAt > FAR_EVERY_MS;
    if (isFar) this.#farAt = performance.now();
    const { rows } = await this.engine.query(insertsOf(isFar ? FAR_SECONDS : NEAR_SECONDS), {
      maxSeconds: 5,
    });
    if (isFar) this.#prune(rows);
    return rows;
  }

  #fresh(rows: readonly InsertRow[]): readonly InsertRow[] {
    const name = ({ batch, at_ms, kind }: InsertRow): string => `${batch} ${at_ms} ${kind}`;
    const fresh = rows.filter((row) => row.times > (this.#inserts.get(name(row))?.times ?? 0));
    for (const row of fresh) this.#inserts.set(name(row), { times: row.times, atMs: row.at_ms });
    return fresh;
  }

  /** By the store's own clock: what no look will show again. */
  #prune(rows: readonly InsertRow[]): void {
    const newest = rows.reduce((max, { at_ms }) => Math.max(max, at_ms), 0);
    for (const [name, { atMs }] of this.#inserts) {
      if (atMs < newest - 2 * FAR_SECONDS * 1000) this.#inserts.delete(name);
    }
  }

  async #touchedBy(batches: readonly string[]): Promise<readonly string[]> {
    const { rows } = await this.engine.query(touchedBy([...new Set(batches)], MOST), { maxSeconds: 20 });
    return rows.map(({ key }) => key);
  }

  async #withTraits(): Promise<readonly string[]> {
    const { rows } = await this.engine.query(traitsSince(this.now() - CLOCKS_MS), { maxSeconds: 20 });
    const fresh = rows.filter(({ key, at_ms }) => !this.#traits.has(`${key} ${at_ms}`));
    this.#traits.clear();
    for (const { key, at_ms } of rows) this.#traits.add(`${key} ${at_ms}`);
    return [...new Set(fresh.map(({ key }) => key))];
  }
}
