/**
 * One statement's totals over kept facts: counted once over everybody, then customer by customer as facts change or
 * an edge passes one of a customer's instants. Knows neither engine nor events.
 */
import type { Kept, Totals } from '../../query/kept.ts';
import { DueHeap } from './due-heap.ts';
import type { FactStore } from './fact-store.ts';
import { grown } from './grown.ts';

export interface KeptRows<Row> {
  readonly rows: readonly Row[];
  /** In how many milliseconds time alone may change them; Infinity: never. */
  readonly dueInMs: number;
  /** False where somebody is still to be read: what arrived of them cannot be yet. */
  readonly isWhole: boolean;
}

/** How far edges may be from where totals stand, for the totals to be moved there. */
const MOST_FORWARD_MS = 3_600_000;
/** Questions asked together see the clock a little apart: the newest edges serve all of them. */
const MOST_BACK_MS = 10_000;

export class KeptTotals {
  readonly shape: string;
  /** Facts of events from here on matter. */
  sinceMs: number;
  /** When somebody last asked, by performance.now. */
  usedAt = performance.now();
  readonly #facts: FactStore;
  readonly #totals: Totals<unknown>;
  readonly #heaps: DueHeap[];
  /** By edge and slot: the moment in the heap that counts. */
  readonly #dueAt: Float64Array<ArrayBuffer>[];
  readonly #until: number[];
  #edges: readonly number[];
  /** Slots below are in the totals; Infinity once all are. */
  #counted = 0;

  constructor(kept: Kept<unknown>, facts: FactStore) {
    this.shape = kept.shape;
    this.sinceMs = kept.facts.sinceMs;
    this.#facts = facts;
    this.#totals = kept.open();
    this.#edges = kept.edges;
    this.#heaps = kept.edges.map(() => new DueHeap());
    this.#dueAt = kept.edges.map(() => new Float64Array(0));
    this.#until = kept.edges.map(() => Infinity);
  }

  get isComplete(): boolean {
    return this.#counted === Infinity;
  }

  get bytes(): number {
    const heaps = this.#heaps.reduce((sum, heap) => sum + heap.bytes, 0);
    return heaps + this.#dueAt.reduce((sum, array) => sum + array.byteLength, 0);
  }

  /** Whether these totals can be moved to such edges. */
  reaches(edges: readonly number[]): boolean {
    return edges.every((edge, i) => {
      const forward = edge - (this.#edges[i] ?? NaN);
      return forward >= -MOST_BACK_MS && forward <= MOST_FORWARD_MS;
    });
  }

  /** Counts so many more customers; true once there are no more. */
  countMore(most: number): boolean {
    if (this.isComplete) return true;
    const end = Math.min(this.#facts.customers, this.#counted + most);
    for (let slot = this.#counted; slot < end; slot += 1) this.#add(slot);
    this.#counted = end < this.#facts.customers ? end : Infinity;
    return this.isComplete;
  }

  /** To be called before the facts of a slot change. */
  takeAway(slot: number): void {
    if (slot >= this.#counted) return;
    const facts = this.#facts.view(slot);
    if (facts.begin < facts.end) this.#totals.count(facts, this.#edges, -1);
  }

  /** To be called once they have changed. */
  addAnew(slot: number): void {
    if (slot < this.#counted) this.#add(slot);
  }

  /** Moves the edges forward; those that would go back stay. Returns the slots that were looked at again. */
  moveTo(edges: readonly number[]): Iterable<number> {
    const next = edges.map((edge, i) => Math.max(edge, this.#edges[i] ?? edge));
    const due = new Set<number>();
    this.#heaps.forEach((heap, i) => this.#collectDue(i, heap, next[i] ?? -Infinity, due));
    for (const slot of due) this.takeAway(slot);
    this.#edges = next;
    for (const slot of due) this.addAnew(slot);
    return due;
  }

  /** In how long an edge comes to an instant of a customer's; Infinity: never. */
  get dueInMs(): number {
    return Math.min(...this.#heaps.map((heap, i) => heap.peek() - (this.#edges[i] ?? 0)));
  }

  rows(): readonly unknown[] {
    return this.#totals.rows(this.#edges);
  }

  #collectDue(edge: number, heap: DueHeap, until: number, due: Set<number>): void {
    const dueAt = this.#dueAt[edge];
    while (dueAt && heap.peek() <= until) {
      const moment = heap.peek();
      const slot = heap.pop();
      // An earlier moment of the same slot was put in later.
      if (dueAt[slot] !== moment) continue;
      dueAt[slot] = Infinity;
      due.add(slot);
    }
  }

  #add(slot: number): void {
    const facts = this.#facts.view(slot);
    if (facts.begin === facts.end) return;
    this.#totals.count(facts, this.#edges, 1);
    this.#totals.until(facts, this.#edges, this.#until);
    this.#until.forEach((moment, i) => this.#note(i, slot, moment));
  }

  /** One moment a slot and edge stands in the heap, the earliest: whoever is looked at too early is noted anew. */
  #note(edge: number, slot: number, moment: number): void {
    let dueAt = this.#dueAt[edge];
    if (!dueAt || moment === Infinity) return;
    if (slot >= dueAt.length) {
      const before = dueAt.length;
      dueAt = this.#dueAt[edge] = grown(dueAt, Math.max(slot + 1, this.#facts.customers));
      dueAt.fill(Infinity, before);
    }
    if (moment >= (dueAt[slot] ?? Infinity)) return;
    dueAt[slot] = moment;
    this.#heaps[edge]?.push(moment, slot);
  }
}
