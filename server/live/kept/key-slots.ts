/**
 * Numbers keys (UInt64) from 0 in the order in which they first come, without an object a key: an open-addressing
 * table of places over the keys side by side. A key may be led to another's number. Knows nothing of what is kept
 * by number.
 */
import { grown } from './grown.ts';

const SMALLEST = 64;
/** Share of the table that may be taken. */
const LOAD = 0.7;

export class KeySlots {
  /** Two halves a key, the lower first. */
  private keys = new Uint32Array(SMALLEST);
  /** Number + 1; 0: free. Its length is a power of two. */
  private table = new Uint32Array(SMALLEST);
  private count = 0;
  /** Where the number of a key that was led elsewhere leads. */
  private readonly led = new Map<number, number>();
  private readonly key = new BigUint64Array(1);
  private readonly halves = new Uint32Array(this.key.buffer);

  /** Numbers given so far, those led elsewhere among them. */
  get size(): number {
    return this.count;
  }

  get bytes(): number {
    return this.keys.byteLength + this.table.byteLength + this.led.size * 40;
  }

  /** -1: never seen. */
  find(key: bigint): number {
    const taken = this.table[this.placeOf(key)] ?? 0;
    return taken === 0 ? -1 : this.end(taken - 1);
  }

  /** The key's number, a new one where it has none. */
  numberOf(key: bigint): number {
    return this.end(this.ownOf(key));
  }

  /** Where both lead to from now on, and what led elsewhere before; undefined: they already lead to one. */
  lead(from: bigint, into: bigint): { readonly from: number; readonly into: number } | undefined {
    const target = this.numberOf(into);
    const left = this.numberOf(from);
    if (left === target) return undefined;
    this.led.set(left, target);
    return { from: left, into: target };
  }

  private ownOf(key: bigint): number {
    const place = this.placeOf(key);
    const taken = this.table[place] ?? 0;
    if (taken !== 0) return taken - 1;
    const own = this.count;
    this.keys = grown(this.keys, own * 2 + 2);
    this.keys.set(this.halves, own * 2);
    this.count = own + 1;
    if (this.count > this.table.length * LOAD) this.widen();
    else this.table[place] = own + 1;
    return own;
  }

  private end(number: number): number {
    if (this.led.size === 0) return number;
    for (let next = this.led.get(number); next !== undefined; next = this.led.get(number)) number = next;
    return number;
  }

  /** Where the key stands in the table, or would. */
  private placeOf(key: bigint): number {
    const { table, keys } = this;
    this.key[0] = key;
    const low = this.halves[0] ?? 0;
    const high = this.halves[1] ?? 0;
    const mask = table.length - 1;
    let place = hashOf(low, high) & mask;
    for (;;) {
      const at = (table[place] ?? 0) * 2 - 2;
      if (at < 0 || (keys[at] === low && keys[at + 1] === high)) return place;
      place = (place + 1) & mask;
    }
  }

  private widen(): void {
    const mask = this.table.length * 2 - 1;
    this.table = new Uint32Array(mask + 1);
    for (let number = 0; number < this.count; number += 1) {
      let place = hashOf(this.keys[number * 2] ?? 0, this.keys[number * 2 + 1] ?? 0) & mask;
      while (this.table[place] !== 0) place = (place + 1) & mask;
      this.table[place] = number + 1;
    }
  }
}

function hashOf(low: number, high: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
