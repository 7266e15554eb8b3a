import { expect, test } from 'vitest';
import { gridRows, shade, toneOf } from './rfm.ts';

test('the grid has every cell, the best at the top right', () => {
  const rows = gridRows([{ recency: 5, frequency: 5, customers: 9, averageMonetary: 3 }]);
  expect(rows).toHaveLength(5);
  expect(rows.every((row) => row.length === 5)).toBe(true);
  expect(rows[0]?.[4]).toMatchObject({ recency: 5, frequency: 5, customers: 9 });
  expect(rows[4]?.[0]).toEqual({ recency: 1, frequency: 1, customers: 0, averageMonetary: 0 });
});

test('shades go from nothing to the fullest cell', () => {
  expect([shade(0, 100), shade(1, 100), shade(100, 100), shade(5, 0)]).toEqual([0, 1, 7, 0]);
});

test('segments are kept, won back, or have no order', () => {
  expect(['champions', 'dormant', 'prospects', 'else'].map(toneOf)).toEqual([
    'keep',
    'winBack',
    'none',
    'winBack',
  ]);
});
