import { expect, test } from 'vitest';
import { interleaved, median, quantile } from './measure.ts';

test('quantiles lie between their neighbours', () => {
  expect(median([4, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(quantile([0, 10], 0.99)).toBeCloseTo(9.9);
  expect(median([])).toBe(0);
});

test('tasks take turns, each round beginning with another, after one round that does not count', async () => {
  const runs: string[] = [];
  const task = (name: string) => async () => void runs.push(name);
  const ms = await interleaved({ a: task('a'), b: task('b') }, 2);
  expect(runs.join('')).toBe('abbaab');
  expect(Object.keys(ms)).toEqual(['a', 'b']);
});
