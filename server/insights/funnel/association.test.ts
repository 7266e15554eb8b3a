/** Against figures that R prints (fisher.test, chisq.test without correction, pchisq, p.adjust). */
import { expect, test } from 'vitest';
import { adjusted, chiSquare, chiSquareTail, fisherExact, oddsRatio, pValue } from './association.ts';
import type { TwoByTwo } from './association.ts';

const table = (a: number, b: number, c: number, d: number): TwoByTwo => ({
  withConverted: a,
  withLost: b,
  withoutConverted: c,
  withoutLost: d,
});

test.each([
  // Fisher's tea taster and his convicted twins.
  [table(3, 1, 1, 3), 0.4857142857],
  [table(2, 15, 10, 3), 0.0005367241],
  [table(1, 9, 11, 3), 0.002759456],
  [table(10, 0, 0, 10), 2 / 184756],
  [table(0, 5, 5, 0), 2 / 252],
  [table(4, 4, 4, 4), 1],
])('Fisher: %o', (counts, p) => {
  expect(fisherExact(counts) / p).toBeCloseTo(1, 6);
});

test('stays finite where counts are large and the table is all but impossible', () => {
  expect(fisherExact(table(4000, 0, 0, 9_000_000))).toBe(0);
  expect(fisherExact(table(0, 3, 400_000, 9_000_000))).toBeCloseTo(1, 6);
});

test('chi-square and its tail', () => {
  expect(chiSquare(table(10, 20, 20, 10))).toBeCloseTo(20 / 3, 12);
  expect(chiSquareTail(3.841458820694124)).toBeCloseTo(0.05, 12);
  expect(chiSquareTail(6.634896601021214)).toBeCloseTo(0.01, 12);
  expect(chiSquareTail(10.82756617046271)).toBeCloseTo(0.001, 12);
  expect(chiSquareTail(0.4549364231195724)).toBeCloseTo(0.5, 12);
  expect(chiSquareTail(100) / 1.523970604832105e-23).toBeCloseTo(1, 9);
  expect(chiSquareTail(0)).toBe(1);
});

test('takes the exact test where some expected count is below five', () => {
  expect(pValue(table(3, 1, 1, 3))).toBeCloseTo(0.4857142857, 9);
  expect(pValue(table(10, 20, 20, 10))).toBeCloseTo(0.00982327, 8);
  // Expected 5 is enough, a little less is not.
  expect(pValue(table(8, 2, 2, 8))).toBe(chiSquareTail(7.2));
  expect(pValue(table(8, 2, 2, 7))).toBe(fisherExact(table(8, 2, 2, 7)));
});

test('says nothing where there is nothing to compare', () => {
  expect(pValue(table(0, 0, 3, 4))).toBe(1);
  expect(pValue(table(3, 0, 4, 0))).toBe(1);
});

test('odds ratio, finite where a cell is empty', () => {
  expect(oddsRatio(table(10, 20, 20, 10))).toBe(0.25);
  expect(oddsRatio(table(6, 2, 3, 4))).toBe(4);
  expect(oddsRatio(table(5, 0, 5, 10))).toBeCloseTo((5.5 * 10.5) / (0.5 * 5.5), 12);
});

test('Benjamini and Hochberg', () => {
  expect(adjusted([0.01, 0.02, 0.03, 0.04])).toEqual([0.04, 0.04, 0.04, 0.04]);
  const p = [0.005, 0.009, 0.05, 0.1, 0.2, 0.3];
  const wanted = [0.027, 0.027, 0.1, 0.15, 0.24, 0.3];
  adjusted(p).forEach((value, i) => expect(value).toBeCloseTo(wanted[i] ?? 0, 12));
  expect(adjusted([0.9, 0.001])).toEqual([0.9, 0.002]);
  expect(adjusted([])).toEqual([]);
});
