/** Values in order are what sorting them gives, whatever was added and taken out before. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SortedValues } from './sorted-values.ts';

const all = (values: SortedValues): number[] => Array.from({ length: values.size }, (_, i) => values.at(i));
const byValue = (a: number, b: number): number => a - b;

/** Adds some, takes some of those there out (by place), or reads. */
const step = fc.oneof(
  fc.record({ add: fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 30 }) }),
  fc.record({ remove: fc.nat() }),
  fc.record({ read: fc.nat() }),
);

function run(values: SortedValues, model: number[], steps: readonly object[]): void {
  for (const one of steps as readonly { add?: number[]; remove?: number; read?: number }[]) {
    for (const value of one.add ?? []) {
      values.add(value);
      model.push(value);
    }
    if (model.length === 0) continue;
    if (one.remove !== undefined) values.remove(model.splice(one.remove % model.length, 1)[0] ?? 0);
    model.sort(byValue);
    if (one.read !== undefined && model.length > 0) {
      expect(values.at(one.read % model.length)).toBe(model[one.read % model.length]);
    }
  }
}

it('keeps what was added and not taken out, in order', () => {
  const property = fc.property(fc.array(step), (steps) => {
    const values = new SortedValues();
    const model: number[] = [];
    run(values, model, steps);
    expect(all(values)).toEqual(model.sort(byValue));
  });
  fc.assert(property, { numRuns: 300 });
});

it('does so over many blocks as well, while they grow and shrink', () => {
  const values = new SortedValues();
  let model: number[] = [];
  let seed = 1;
  const next = (): number => (seed = (seed * 48271) % 2147483647) % 5000;
  const add = (count: number): void => {
    for (let i = 0; i < count; i += 1) {
      model.push(next());
      values.add(model.at(-1) ?? 0);
    }
    model.sort(byValue);
    expect(all(values)).toEqual(model);
  };
  add(5000);
  for (let i = 0; i < 20; i += 1) add(200);
  model = model.filter((value) => {
    const stays = value % 10 === 0;
    if (!stays) values.remove(value);
    return stays;
  });
  expect(all(values)).toEqual(model);
  for (let i = 0; i < 20; i += 1) add(30);
  for (const value of model.splice(0)) values.remove(value);
  expect(values.size).toBe(0);
  add(10);
});

it('says so when asked for what is not there', () => {
  const values = new SortedValues();
  expect(() => values.at(0)).toThrow(RangeError);
  expect(() => values.remove(1)).toThrow(RangeError);
  expect(() => values.add(NaN)).toThrow(TypeError);
  values.add(1);
  expect(() => values.remove(2)).toThrow('2 was never added');
  expect(() => values.at(1)).toThrow(RangeError);
});
