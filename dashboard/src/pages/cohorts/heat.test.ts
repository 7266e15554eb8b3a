import { expect, test } from 'vitest';
import { heatFloor, heatLevel, heatOf } from './heat.ts';

const cell = (period: number, customers: number, size: number, complete = true) => ({
  period,
  customers,
  rate: size ? customers / size : 0,
  value: customers * 10,
  lifetimeValue: period + 1,
  complete,
});
const retention = {
  cohorts: [
    {
      start: '2026-01-01T00:00:00Z',
      size: 100,
      cells: [cell(0, 100, 100), cell(1, 40, 100), cell(2, 20, 100, false)],
    },
    { start: '2026-02-01T00:00:00Z', size: 300, cells: [cell(0, 300, 300), cell(1, 30, 300, false)] },
    { start: '2026-03-01T00:00:00Z', size: 0, cells: [cell(0, 0, 0, false)] },
  ],
  average: [
    { period: 0, rate: 1, low: 1, high: 1, value: 10 },
    { period: 1, rate: 0.4, low: 0.31, high: 0.5, value: 4 },
  ],
};

test('shares leave out the first period and shade by the largest', () => {
  const heat = heatOf(retention, 'rate');
  expect(heat.columns).toEqual([1, 2]);
  expect(heat.most).toBe(0.4);
  expect(heat.rows[0]?.cells.map((found) => found?.level)).toEqual([7, 4]);
  expect(heat.rows[1]?.cells[1]).toBeNull();
  expect(heat.mean).toEqual([{ value: 0.4, low: 0.31, high: 0.5 }, null]);
});

test('a cell that has not ended says so', () => {
  expect(heatOf(retention, 'rate').rows[0]?.cells.map((found) => found?.complete)).toEqual([true, false]);
});

test('revenue is per customer of the cohort; an empty cohort has none', () => {
  const heat = heatOf(retention, 'revenue');
  expect(heat.columns).toEqual([0, 1, 2]);
  expect(heat.rows[1]?.cells[1]?.value).toBe(1);
  expect(heat.rows[2]?.cells[0]?.value).toBeNull();
});

test('mean lifetime value weighs complete cells by cohort size', () => {
  const heat = heatOf(retention, 'lifetime');
  expect(heat.mean.map((mean) => mean?.value ?? null)).toEqual([1, 2, null]);
});

test('no answer, no columns; shades stay on the ramp', () => {
  expect(heatOf({ cohorts: [], average: [] }, 'rate')).toEqual({ columns: [], rows: [], mean: [], most: 0 });
  expect(heatLevel(5, 0)).toBe(0);
  expect(heatLevel(9, 3)).toBe(7);
  expect(heatLevel(null, 3)).toBe(0);
  expect(heatFloor([0.2, 0.25, 0.3])).toBeCloseTo(0.15);
  expect(heatFloor([0, 0.4])).toBe(0);
  expect(heatFloor([])).toBe(0);
});
