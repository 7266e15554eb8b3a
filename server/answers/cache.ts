/**
 * Answers that still hold, by statement, in bounded memory: those not asked for longest go first. An answer is
 * shared by all who ask: nobody may change its rows.
 */
import { LRUCache } from 'lru-cache';
import type { QueryAnswer } from '../engine/port.ts';
import { concerns } from '../query/span.ts';
import type { Change, EventSpan } from '../query/span.ts';
import { sizeOf } from './size.ts';

export interface KnownAnswer {
  readonly answer: QueryAnswer<unknown>;
  /** Events that can change it; null: any. */
  readonly reads: EventSpan | null;
  /** When its statement was begun, by performance.now. */
  readonly begunMs: number;
}

/** An answer larger than this share of all is not kept: it would drive out too many others. */
const LARGEST_SHARE = 1 / 4;

export class AnswerCache {
  readonly #entries: LRUCache<string, KnownAnswer> | null;

  /** With zero bytes nothing is kept. */
  constructor(maxBytes: number) {
    const maxEntrySize = Math.floor(maxBytes * LARGEST_SHARE);
    this.#entries = maxEntrySize > 0 ? new LRUCache({ maxSize: maxBytes, maxEntrySize }) : null;
  }

  get size(): { readonly answers: number; readonly bytes: number } {
    return { answers: this.#entries?.size ?? 0, bytes: this.#entries?.calculatedSize ?? 0 };
  }

  get(key: string): KnownAnswer | undefined {
    return this.#entries?.get(key);
  }

  set(key: string, known: KnownAnswer): void {
    this.#entries?.set(key, known, { size: key.length * 2 + sizeOf(known.answer) });
  }

  expire(change: Change): void {
    if (!this.#entries) return;
    if (change === null) return this.#entries.clear();
    for (const [key, { reads }] of [...this.#entries.entries()]) {
      if (concerns(change, reads)) this.#entries.delete(key);
    }
  }
}
