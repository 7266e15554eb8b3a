import { expect, test } from 'vitest';
import { visibleRows } from './visible.ts';

test('of a long list the rows in sight and some around them are drawn', () => {
  expect(visibleRows(100_000, 0, 500, 50)).toEqual({ from: 0, to: 22 });
  expect(visibleRows(100_000, 5_000, 500, 50)).toEqual({ from: 88, to: 122 });
  expect(visibleRows(30, 1_200, 500, 50)).toEqual({ from: 12, to: 30 });
  expect(visibleRows(0, 0, 500, 50)).toEqual({ from: 0, to: 0 });
});
