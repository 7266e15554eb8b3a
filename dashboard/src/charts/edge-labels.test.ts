import { expect, test } from 'vitest';
import { labelPlaces } from './edge-labels.ts';

test('names stand at the middle of their band, from the bottom', () => {
  expect(labelPlaces([0.5, 0.5], 0.1)).toEqual([0.75, 0.25]);
});

test('names of thin bands are pushed apart and stay in the plot', () => {
  const places = labelPlaces([0.01, 0.01, 0.97, 0.01], 0.1);
  for (let i = 1; i < places.length; i++)
    expect((places[i - 1] ?? 0) - (places[i] ?? 0)).toBeGreaterThanOrEqual(0.0999);
  expect(Math.max(...places)).toBeLessThanOrEqual(0.95001);
  expect(Math.min(...places)).toBeGreaterThanOrEqual(0.04999);
});
