import { expect, test } from 'vitest';
import { binPlace } from './times-chart.ts';
import { rateAt, trendLines } from './trend-chart.ts';

const point = (entered: number, rate: number, complete: boolean) => ({
  start: '2026-01-01T00:00:00Z',
  entered,
  converted: entered * rate,
  rate,
  complete,
});

test('the open part of a trend begins at the last point that ended', () => {
  const points = [point(4, 0.5, true), point(4, 0.25, true), point(4, 0, false)];
  expect(trendLines(points)).toEqual({ ended: [0.5, 0.25, null], open: [null, 0.25, 0] });
});

test('a point that nobody entered has no rate', () => {
  expect(rateAt(point(0, 0, true))).toBeNull();
});

test('a time stands in its bin', () => {
  const bins = [
    { from: 0, to: 60, count: 3 },
    { from: 60, to: 120, count: 1 },
  ];
  expect(binPlace(bins, 30)).toBe(0.5);
  expect(binPlace(bins, 90)).toBe(1.5);
  expect(binPlace(bins, 120)).toBeNull();
  expect(binPlace(bins, null)).toBeNull();
});
