import { expect, test } from 'vitest';
import { nearestTime, stackedAt } from './stack-place.ts';

test('a moment is told by the nearest time', () => {
  const times = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z'];
  expect(nearestTime(times, Date.parse('2026-01-02T11:00:00Z'))).toBe(1);
  expect(nearestTime(times, Date.parse('2026-01-02T13:00:00Z'))).toBe(2);
  expect(nearestTime([], 0)).toBe(-1);
});

test('a height is told by what is stacked up to it', () => {
  expect([0, 0.29, 0.3, 0.99, 1].map((at) => stackedAt([0.3, 0.5, 0.2], at))).toEqual([0, 0, 1, 2, -1]);
});
