/**
 * What of that which arrived was not there at the look before. A row says when its insert was under way and can
 * be seen a while later, so each look reaches back, and now and then further: what is new is told by comparing.
 */
import { merged } from '../query/span.ts';
import type { Change, EventSpan } from '../query/span.ts';
import { MOST_ARRIVALS } from './arrivals.sql.ts';
import type { ArrivalRow } from './arrivals.sql.ts';

export interface Window {
  /** How far to reach back. */
  readonly seconds: number;
  /** True where more may have happened than the window shows. */
  readonly hasGap: boolean;
  readonly begun: number;
}

export interface News {
  /** Nothing: no row is new. */
  readonly change: Change;
  readonly fresh: readonly ArrivalRow[];
  /** False where more may have happened than the rows tell. */
  readonly isWhole: boolean;
  /** When the look before began, by performance.now: what is new could not be seen then. */
  readonly after: number;
}

const NEAR_SECONDS = 10;
/** Longer than an insert takes from its first row to its end. */
const FAR_SECONDS = 300;
/** How often a look reaches far. */
const FAR_EVERY_MS = 15_000;

export class NewRows {
  /** How many equal rows were seen, by what they say; with when they arrived. */
  readonly #seen = new Map<string, { readonly atMs: number; readonly times: number }>();
  #newest = '0';
  #lookedAt = -Infinity;
  #lookedFarAt = -Infinity;

  /** The newest insert of events that was seen. */
  get newest(): string {
    return this.#newest;
  }

  /** What the next look has to show. */
  window(): Window {
    const begun = performance.now();
    const hasGap = begun - this.#lookedAt > (FAR_SECONDS / 2) * 1000;
    const isFar = hasGap || begun - this.#lookedFarAt > FAR_EVERY_MS;
    return { seconds: isFar ? FAR_SECONDS : NEAR_SECONDS, hasGap, begun };
  }

  /** What is new since the look before. */
  take(rows: readonly ArrivalRow[], { seconds, hasGap, begun }: Window): News {
    const after = this.#lookedAt;
    this.#lookedAt = begun;
    if (seconds === FAR_SECONDS) this.#lookedFarAt = begun;
    const fresh = rows.filter((row) => this.#isNew(row));
    this.#newest = fresh.reduce((newest, { batch }) => later(newest, batch), this.#newest);
    if (seconds === FAR_SECONDS) this.#prune();
    const isWhole = !hasGap && rows.length < MOST_ARRIVALS;
    const change = isWhole && !fresh.some(isOfAllTime) ? merged(fresh.map(spanOf)) : null;
    return { change, fresh, isWhole, after };
  }

  /** A look failed: what happened meanwhile is not known. */
  forget(): void {
    this.#lookedAt = -Infinity;
  }

  #isNew({ at_ms, first_ms, last_ms, kind, batch, times }: ArrivalRow): boolean {
    // Whose events were erased says otherwise when they happened, and is not new.
    const span = batch === '0' ? ` ${first_ms} ${last_ms}` : '';
    const key = `${at_ms} ${kind} ${batch}${span}`;
    const before = this.#seen.get(key)?.times ?? 0;
    if (times <= before) return false;
    this.#seen.set(key, { atMs: at_ms, times });
    return true;
  }

  /** By the store's own clock: what no look will show again. */
  #prune(): void {
    let newest = 0;
    for (const { atMs } of this.#seen.values()) newest = Math.max(newest, atMs);
    for (const [key, { atMs }] of this.#seen) {
      if (atMs < newest - 2 * FAR_SECONDS * 1000) this.#seen.delete(key);
    }
  }
}

/** Of two numbers without leading zeros. */
function later(one: string, other: string): string {
  return other.length > one.length || (other.length === one.length && other > one) ? other : one;
}

/** A row that begins with 1970 stands for a change that is not one of events. */
function isOfAllTime({ first_ms }: ArrivalRow): boolean {
  return first_ms <= 0;
}

/** When its events happened. */
export function spanOf({ first_ms, last_ms }: ArrivalRow): EventSpan {
  return { fromMs: first_ms, toMs: last_ms + 1 };
}
