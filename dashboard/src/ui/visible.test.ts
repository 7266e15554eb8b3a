import { expect, test } from 'vitest';
import { topsOf, visibleAmong, visibleRows } from './visible.ts';

test('of a long list the rows in sight and some around them are drawn', () => {
  expect(visibleRows(100_000, 0, 500, 50)).toEqual({ from: 0, to: 22 });
  expect(visibleRows(100_000, 5_000, 500, 50)).toEqual({ from: 88, to: 122 });
  expect(visibleRows(30, 1_200, 500, 50)).toEqual({ from: 12, to: 30 });
  expect(visibleRows(0, 0, 500, 50)).toEqual({ from: 0, to: 0 });
  // Scrolled past its end, or still below the window.
  expect(visibleRows(30, 9_000, 500, 50)).toEqual({ from: 30, to: 30 });
  expect(visibleRows(30, 0, -900, 50)).toEqual({ from: 0, to: 0 });
});

test('rows of their own heights are found by where they begin', () => {
  const tops = topsOf(20_000, (i) => (i % 10 ? 30 : 60));
  expect(tops.slice(0, 4)).toEqual([0, 60, 90, 120]);
  expect(tops.at(-1)).toBe(20_000 * 33);
  expect(visibleAmong(tops, 33_000, 330)).toEqual({ from: 988, to: 1023 });
  expect(visibleAmong(tops, 0, 0)).toEqual({ from: 0, to: 13 });
  expect(visibleAmong([0], 0, 500)).toEqual({ from: 0, to: 0 });
});
