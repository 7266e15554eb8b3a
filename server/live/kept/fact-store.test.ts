/** The store of facts keeps what a plain map of sorted lists would, whatever is done to it in whatever order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FactStore } from './fact-store.ts';

type Width = 1 | 2 | 3;
type Rows = number[][];

/** The same, obviously. */
class Model {
  private readonly facts = new Map<bigint, Rows>();
  private readonly led = new Map<bigint, bigint>();
  constructor(private readonly isSet: boolean) {}

  end(key: bigint): bigint {
    const next = this.led.get(key);
    return next === undefined ? key : this.end(next);
  }
  rows(key: bigint): Rows {
    return this.facts.get(this.end(key)) ?? [];
  }
  put(key: bigint, rows: Rows): void {
    const sorted = rows.map((row, i) => ({ row, i })).sort((a, b) => byRow(a.row, b.row) || a.i - b.i);
    const ordered = sorted.map(({ row }) => row);
    const isNew = (row: number[], i: number): boolean => i === 0 || byRow(ordered[i - 1] ?? [], row) !== 0;
    this.facts.set(this.end(key), this.isSet ? ordered.filter(isNew) : ordered);
  }
  join(from: bigint, into: bigint): void {
    const [left, target] = [this.end(from), this.end(into)];
    if (left === target) return;
    const rows = [...this.rows(target), ...this.rows(left)];
    this.facts.delete(left);
    this.led.set(left, target);
    this.put(target, rows);
  }
}

function byRow(a: number[], b: number[]): number {
  const place = a.findIndex((value, i) => value !== b[i]);
  return place < 0 ? 0 : (a[place] ?? 0) - (b[place] ?? 0);
}

/** Few, and some that differ in one half only, or meet in the table. */
const KEYS = [0n, 1n, 2n, 2n ** 32n, 2n ** 32n + 1n, 2n ** 63n, 2n ** 64n - 1n, 77n, 78n, 79n];
const key = fc.constantFrom(...KEYS);
const first = fc.nat({ max: 12 });
const rowsOf = (width: Width, maxLength: number) =>
  fc.array(
    fc.tuple(first, fc.nat({ max: 2 }), fc.nat({ max: 1 })).map((row) => row.slice(0, width)),
    { maxLength },
  );
const changes = (width: Width) =>
  fc.oneof(
    fc.record({ does: fc.constant('set' as const), key, rows: rowsOf(width, 20) }),
    fc.record({ does: fc.constant('insert' as const), key, rows: rowsOf(width, 4) }),
    fc.record({ does: fc.constant('replaceFrom' as const), key, from: first, rows: rowsOf(width, 6) }),
    fc.record({ does: fc.constant('dropBefore' as const), key, from: first }),
    fc.record({ does: fc.constant('join' as const), key, into: key }),
  );
type Change = typeof changes extends (width: Width) => fc.Arbitrary<infer C> ? C : never;

function apply(store: FactStore, model: Model, change: Change): void {
  const slot = change.does === 'join' ? -1 : store.slotOf(change.key);
  const before = model.rows(change.key);
  switch (change.does) {
    case 'set':
      store.set(slot, change.rows.flat());
      return model.put(change.key, change.rows);
    case 'insert':
      store.insert(slot, change.rows.flat());
      return model.put(change.key, [...before, ...change.rows]);
    case 'replaceFrom': {
      const rows = change.rows.map(([at = 0, ...rest]) => [Math.max(at, change.from), ...rest]);
      store.replaceFrom(slot, change.from, rows.flat());
      return model.put(change.key, [...before.filter(([at = 0]) => at < change.from), ...rows]);
    }
    case 'dropBefore':
      store.dropBefore(slot, change.from);
      return model.put(
        change.key,
        before.filter(([at = 0]) => at >= change.from),
      );
    case 'join':
      store.join(change.key, change.into);
      return model.join(change.key, change.into);
  }
}

const factsOf = (store: FactStore, of: bigint): number[] => {
  const { values, begin, end } = store.view(store.find(of));
  return [...values.subarray(begin, end)];
};

describe.each([1, 2, 3] as const)('of %i numbers a fact', (width) => {
  it.each([true, false])('keeps what was put in (each once: %s)', (isSet) => {
    const property = fc.property(fc.array(changes(width), { maxLength: 120 }), (done) => {
      const store = new FactStore(width, isSet);
      const model = new Model(isSet);
      for (const change of done) apply(store, model, change);
      for (const one of KEYS) {
        if (store.find(one) >= 0) expect(factsOf(store, one)).toEqual(model.rows(one).flat());
        else expect(model.rows(one)).toEqual([]);
        for (const other of KEYS.filter((any) => store.find(any) >= 0)) {
          expect(store.find(one) === store.find(other)).toBe(model.end(one) === model.end(other));
        }
      }
    });
    fc.assert(property, { numRuns: 300 });
  });
});

it('numbers customers from 0 and finds only those it has seen', () => {
  const store = new FactStore(1, false);
  expect(store.find(5n)).toBe(-1);
  expect([store.slotOf(5n), store.slotOf(9n), store.slotOf(5n)]).toEqual([0, 1, 0]);
  expect(store.customers).toBe(2);
  expect(factsOf(store, 9n)).toEqual([]);
});

it('joins in chains, also customers without facts, and those who come later', () => {
  const store = new FactStore(1, false);
  store.set(store.slotOf(1n), [3, 1]);
  store.join(1n, 2n);
  store.set(store.slotOf(3n), [2]);
  store.join(2n, 3n);
  store.join(9n, 1n);
  store.join(3n, 1n);
  store.insert(store.slotOf(9n), [0]);
  for (const one of [1n, 2n, 3n, 9n]) expect(factsOf(store, one)).toEqual([0, 1, 2, 3]);
});

it('takes a part of an array', () => {
  const store = new FactStore(2, false);
  store.set(store.slotOf(1n), [9, 9, 2, 0, 1, 0, 9, 9], 2, 6);
  expect(factsOf(store, 1n)).toEqual([1, 0, 2, 0]);
});

it('uses what was given up again: growing and shrinking for long takes no more room than at first', () => {
  const store = new FactStore(1, true);
  const many = Float64Array.from({ length: 20 }, (_, i) => i);
  const round = (): number => {
    for (let i = 0; i < 2000; i += 1) {
      const slot = store.slotOf(BigInt(i));
      for (const value of many) store.insert(slot, [value]);
      store.dropBefore(slot, 18);
    }
    return store.bytes;
  };
  round();
  const settled = round();
  for (let i = 0; i < 20; i += 1) round();
  expect(store.bytes).toBeLessThan(settled * 1.5);
  expect(factsOf(store, 1999n)).toEqual([18, 19]);
});

it('costs its numbers and few bytes a customer', () => {
  const store = new FactStore(1, false);
  for (let i = 0; i < 100_000; i += 1) store.set(store.slotOf(BigInt(i) * 7_777_777_777n), [1, 2, 3]);
  expect(store.bytes / 100_000).toBeLessThan((3 * 8 + 30) * 1.5);
});

it('says whether one of some facts is there', () => {
  const store = new FactStore(2, false);
  const slot = store.slotOf(1n);
  store.set(slot, [3, 1, 3, 2, 7, 0]);
  expect(store.includes(slot, [3, 2])).toBe(true);
  expect(store.includes(slot, [1, 1, 7, 0])).toBe(true);
  expect(store.includes(slot, [3, 0, 7, 1, 9, 9])).toBe(false);
  expect(store.includes(slot, [])).toBe(false);
  expect(store.includes(store.slotOf(2n), [3, 1])).toBe(false);
});
