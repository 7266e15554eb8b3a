/** Facts read out of bytes are those that were written, however the bytes are cut. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FactsReader, type FactsBatch } from './facts-reader.ts';

type Width = 1 | 2 | 3;
type Customer = readonly [bigint, readonly (readonly number[])[]];

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Buffer.from([...bytes, value]);
}

function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([varint(value.length), Buffer.from(value)]);
}

function head(types: readonly string[]): Buffer {
  return Buffer.concat([varint(types.length), ...types.map((_, i) => text(`c${i}`)), ...types.map(text)]);
}

const headOf = (width: Width): Buffer => head(['UInt64', ...Array<string>(width).fill('Array(Int64)')]);

function written(customers: readonly Customer[], width: Width): Buffer {
  const columns = (rows: Customer[1]): Buffer[] =>
    Array.from({ length: width }, (_, column) =>
      Buffer.concat([varint(rows.length), ...rows.map((row) => int64(BigInt(row[column] ?? 0)))]),
    );
  return Buffer.concat([
    headOf(width),
    ...customers.flatMap(([key, rows]) => [int64(key), ...columns(rows)]),
  ]);
}

function told({ count, keys, ends, values }: FactsBatch, width: Width): Customer[] {
  return Array.from({ length: count }, (_, i) => {
    const flat = [...values.subarray(ends[i - 1] ?? 0, ends[i])];
    const rows = Array.from({ length: flat.length / width }, (_, row) =>
      flat.slice(row * width, (row + 1) * width),
    );
    return [keys[i] ?? 0n, rows];
  });
}

const number = fc.oneof(fc.integer(), fc.maxSafeInteger());
const worlds = (width: Width) =>
  fc.array(
    fc.tuple(
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.oneof(
        fc.array(fc.array(number, { minLength: width, maxLength: width }), { maxLength: 5 }),
        // Lengths of one byte and of two.
        fc
          .constantFrom(127, 128, 300)
          .map((length) => Array.from({ length }, (_, i) => Array<number>(width).fill(i))),
      ),
    ),
    { maxLength: 12 },
  );

describe.each([1, 2, 3] as const)('of %i numbers a fact', (width) => {
  it('reads what was written', () => {
    const property = fc.property(
      worlds(width),
      fc.array(fc.integer({ min: 1, max: 3000 })),
      (customers, cuts) => {
        const reader = new FactsReader(width);
        let bytes = written(customers, width);
        const read: Customer[] = [];
        for (const cut of [...cuts, bytes.length]) {
          read.push(...told(reader.read(bytes.subarray(0, cut)), width));
          bytes = bytes.subarray(cut);
        }
        reader.end();
        expect(read).toEqual(customers);
      },
    );
    fc.assert(property, { numRuns: 200 });
  });
});

it('reads byte by byte', () => {
  const customers: Customer[] = [
    [1n, [[5], [-6]]],
    [2n ** 64n - 1n, []],
    [3n, Array.from({ length: 200 }, (_, i) => [i])],
  ];
  const reader = new FactsReader(1);
  const read = [...written(customers, 1)].flatMap((byte) => told(reader.read(Buffer.from([byte])), 1));
  expect(read).toEqual(customers);
});

it('reads more customers than it had room for', () => {
  const customers = Array.from({ length: 5000 }, (_, i): Customer => [BigInt(i), [[i, i - 9]]]);
  expect(told(new FactsReader(2).read(written(customers, 2)), 2)).toEqual(customers);
});

it('refuses numbers that would not be exact, lists that do not fit, other types and an early end', () => {
  const beyond = Buffer.concat([headOf(1), int64(1n), varint(1), int64(2n ** 53n)]);
  expect(() => new FactsReader(1).read(beyond)).toThrow('9007199254740992 is beyond what is exact');
  const uneven = Buffer.concat([headOf(2), int64(1n), varint(1), int64(1n), varint(2), int64(1n), int64(2n)]);
  expect(() => new FactsReader(2).read(uneven)).toThrow('differ in length');
  const reader = new FactsReader(1);
  expect(reader.read(Buffer.concat([headOf(1), int64(1n), varint(2), int64(1n)])).count).toBe(0);
  expect(() => reader.end()).toThrow('ends too early');
  expect(() => new FactsReader(1).end()).toThrow('ends too early');
  expect(() => new FactsReader(1).read(head(['UInt64', 'Array(UInt32)']))).toThrow(
    'not UInt64, Array(UInt32)',
  );
  expect(() => new FactsReader(2).read(headOf(1))).toThrow('2 lists of Int64 are read');
});
