/**
 * The facts of every customer, in typed arrays: no object a customer, so that millions of them cost their numbers and
 * some twenty bytes each. Owns their order; knows neither statements nor the engine.
 */
import type { CustomerFacts } from '../../query/kept.ts';
import { KeySlots } from './key-slots.ts';
import { compareRows, distinctRows, orderRows } from './rows-in-order.ts';
import { Stretches } from './stretches.ts';

export class FactStore {
  private readonly slots = new KeySlots();
  private readonly stretches = new Stretches();
  private readonly seen = { values: this.stretches.values, begin: 0, end: 0 };
  private readonly width: 1 | 2 | 3;
  private readonly isSet: boolean;

  /** Rows of so many numbers; `isSet`: equal rows of a customer are one. */
  constructor(width: 1 | 2 | 3, isSet: boolean) {
    this.width = width;
    this.isSet = isSet;
  }

  /** Slots made so far, 0 to before this; those of joined customers have no facts and are never found again. */
  get customers(): number {
    return this.slots.size;
  }

  get bytes(): number {
    return this.slots.bytes + this.stretches.bytes;
  }

  /** The customer's slot; a new one where there is none. */
  slotOf(key: bigint): number {
    return this.slots.numberOf(key);
  }

  /** The customer's slot; -1 where there is none. */
  find(key: bigint): number {
    return this.slots.find(key);
  }

  /** The customer's facts. One object for all: holds until the next call of the store. */
  view(slot: number): CustomerFacts {
    const begin = this.stretches.begin(slot);
    this.seen.values = this.stretches.values;
    this.seen.begin = begin;
    this.seen.end = begin + this.stretches.length(slot);
    return this.seen;
  }

  /** The rows `values[begin ... end - 1]`, in any order, instead of all that the customer had. */
  set(slot: number, values: ArrayLike<number>, begin = 0, end = values.length): void {
    this.stretches.resize(slot, end - begin, 0);
    this.write(slot, 0, values, begin, end);
    this.settle(slot);
  }

  /** Each row in its place, after those equal to it. */
  insert(slot: number, rows: ArrayLike<number>): void {
    for (let at = 0; at < rows.length; at += this.width) this.insertRow(slot, rows, at);
  }

  /** Whether one of the rows is there. */
  includes(slot: number, rows: ArrayLike<number>): boolean {
    for (let at = 0; at < rows.length; at += this.width) {
      const place = this.placeAfter(slot, rows, at);
      const before = this.stretches.begin(slot) + place - this.width;
      if (place > 0 && compareRows(this.stretches.values, before, rows, at, this.width) === 0) return true;
    }
    return false;
  }

  /** Drops the rows whose first number is at least so much, and puts these in. */
  replaceFrom(slot: number, firstFrom: number, rows: ArrayLike<number>): void {
    const kept = this.countBefore(slot, firstFrom);
    this.stretches.resize(slot, kept + rows.length, kept);
    this.write(slot, kept, rows, 0, rows.length);
    this.settle(slot);
  }

  /** Drops the rows whose first number is less. */
  dropBefore(slot: number, first: number): void {
    const dropped = this.countBefore(slot, first);
    if (dropped === 0) return;
    const length = this.stretches.length(slot) - dropped;
    const begin = this.stretches.begin(slot);
    this.stretches.values.copyWithin(begin, begin + dropped, begin + dropped + length);
    this.stretches.resize(slot, length, length);
  }

  /** Both keys lead to the slot of `into` from now on, and so does whatever is joined to them; it has all facts. */
  join(from: bigint, into: bigint): void {
    const joined = this.slots.lead(from, into);
    if (!joined) return;
    const own = this.stretches.length(joined.into);
    const added = this.stretches.length(joined.from);
    if (added === 0) return;
    this.stretches.resize(joined.into, own + added, own);
    const begin = this.stretches.begin(joined.from);
    this.write(joined.into, own, this.stretches.values, begin, begin + added);
    this.stretches.resize(joined.from, 0, 0);
    this.settle(joined.into);
  }

  private write(slot: number, offset: number, rows: ArrayLike<number>, begin: number, end: number): void {
    const { values } = this.stretches;
    let to = this.stretches.begin(slot) + offset;
    for (let at = begin; at < end; at += 1, to += 1) values[to] = rows[at] ?? 0;
  }

  /** In order, and of a set each row once. */
  private settle(slot: number): void {
    const { values } = this.stretches;
    const begin = this.stretches.begin(slot);
    const end = begin + this.stretches.length(slot);
    orderRows(values, begin, end, this.width);
    if (!this.isSet) return;
    const distinct = distinctRows(values, begin, end, this.width);
    if (distinct < end) this.stretches.resize(slot, distinct - begin, distinct - begin);
  }

  private insertRow(slot: number, rows: ArrayLike<number>, at: number): void {
    const { stretches, width } = this;
    let begin = stretches.begin(slot);
    const length = stretches.length(slot);
    const place = this.placeAfter(slot, rows, at);
    if (this.isSet && place > 0) {
      if (compareRows(stretches.values, begin + place - width, rows, at, width) === 0) return;
    }
    stretches.resize(slot, length + width, length);
    begin = stretches.begin(slot);
    stretches.values.copyWithin(begin + place + width, begin + place, begin + length);
    this.write(slot, place, rows, at, at + width);
  }

  /** How many numbers stand in rows that are not after this one. */
  private placeAfter(slot: number, rows: ArrayLike<number>, at: number): number {
    const { values } = this.stretches;
    const begin = this.stretches.begin(slot);
    let low = 0;
    let high = this.stretches.length(slot) / this.width;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareRows(values, begin + middle * this.width, rows, at, this.width) <= 0) low = middle + 1;
      else high = middle;
    }
    return low * this.width;
  }

  /** How many numbers stand in rows whose first number is less. */
  private countBefore(slot: number, first: number): number {
    const { values } = this.stretches;
    const begin = this.stretches.begin(slot);
    let low = 0;
    let high = this.stretches.length(slot) / this.width;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((values[begin + middle * this.width] ?? 0) < first) low = middle + 1;
      else high = middle;
    }
    return low * this.width;
  }
}
