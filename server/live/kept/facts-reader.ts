/**
 * Reads customers and their facts out of RowBinaryWithNamesAndTypes, however the bytes are cut: a UInt64 and as many
 * lists of UInt64 or Int64, of one length, as a fact has numbers. Makes no object a customer, nor a number; knows no
 * engine.
 */
import { grown } from './grown.ts';
import { Cursor, readTypes } from '../../engine/row-binary.ts';

/** Customers side by side. Holds until the next is asked for: the arrays are used again. */
export interface FactsBatch {
  readonly count: number;
  readonly keys: BigUint64Array;
  /** The facts of customer i are `values[ends[i - 1] ?? 0 ... ends[i] - 1]`, rows of as many numbers as a fact has. */
  readonly ends: Uint32Array;
  readonly values: Float64Array;
}

const HIGH = 2 ** 32;

export class FactsReader {
  private readonly width: number;
  private isHeadRead = false;
  private keys = new BigUint64Array(1024);
  private ends = new Uint32Array(1024);
  private values = new Float64Array(8192);
  private count = 0;
  private filled = 0;
  /** What has come of the next customer. */
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  /** So many bytes must be there before it can be whole. */
  private needed = 0;

  constructor(width: 1 | 2 | 3) {
    this.width = width;
  }

  /** The customers that these bytes complete. Throws where types are others, or a number is beyond what is exact. */
  read(bytes: Buffer): FactsBatch {
    this.count = 0;
    this.filled = 0;
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    if (this.waitingBytes >= this.needed) this.readAll(Buffer.concat(this.waiting));
    return { count: this.count, keys: this.keys, ends: this.ends, values: this.values };
  }

  /** To be called where the bytes end; throws where that is within a customer. */
  end(): void {
    if (!this.isHeadRead || this.waitingBytes > 0) throw new RangeError('facts: the answer ends too early');
  }

  private readAll(bytes: Buffer): void {
    const cursor = new Cursor(bytes);
    let at = 0;
    while (this.isHeadRead ? this.readCustomer(cursor) : this.readHead(cursor)) at = cursor.place;
    const rest = bytes.subarray(at);
    this.waiting = rest.length === 0 ? [] : [rest];
    this.waitingBytes = rest.length;
  }

  /** False: not all of it has come. */
  private readHead(cursor: Cursor): boolean {
    const types = readTypes(cursor);
    if (!types) return false;
    const [key, ...lists] = types;
    const isRight = key === 'UInt64' && lists.every((type) => /^Array\(U?Int64\)$/.test(type));
    if (!isRight || lists.length !== this.width) {
      throw new TypeError(
        `facts: a UInt64 and ${this.width} lists of Int64 are read, not ${types.join(', ')}`,
      );
    }
    this.isHeadRead = true;
    return true;
  }

  /** False: not all of it has come, `needed` says how much of it must have at least. */
  private readCustomer(cursor: Cursor): boolean {
    const begin = cursor.place;
    this.needed = 9;
    if (!cursor.has(9)) return false;
    const key = cursor.view.getBigUint64(begin, true);
    cursor.place += 8;
    let rows = -1;
    for (let column = 0; column < this.width; column += 1) {
      const length = cursor.length();
      if (length < 0) return false;
      if (rows < 0) rows = this.makeRoom(length);
      if (rows !== length) throw new RangeError(`facts: lists of customer ${key} differ in length`);
      this.needed = cursor.place + length * 8 - begin;
      if (!cursor.has(length * 8)) return false;
      this.readColumn(cursor, length, column);
    }
    this.keys[this.count] = key;
    this.filled += rows * this.width;
    this.ends[this.count] = this.filled;
    this.count += 1;
    this.needed = 0;
    return true;
  }

  private makeRoom(rows: number): number {
    this.values = grown(this.values, this.filled + rows * this.width);
    if (this.count === this.keys.length) {
      const keys = new BigUint64Array(this.count * 2);
      keys.set(this.keys);
      this.keys = keys;
      this.ends = grown(this.ends, this.count * 2);
    }
    return rows;
  }

  private readColumn(cursor: Cursor, length: number, column: number): void {
    const { values, width } = this;
    const { view, place } = cursor;
    const end = place + length * 8;
    let to = this.filled + column;
    for (let from = place; from < end; from += 8, to += width) {
      const value = view.getInt32(from + 4, true) * HIGH + view.getUint32(from, true);
      if (!Number.isSafeInteger(value)) {
        throw new RangeError(`facts: ${view.getBigInt64(from, true)} is beyond what is exact (2^53)`);
      }
      values[to] = value;
    }
    cursor.place = end;
  }
}
