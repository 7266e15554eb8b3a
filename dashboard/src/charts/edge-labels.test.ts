import { expect, test } from 'vitest';
import { labelPlaces } from './edge-labels.ts';

test('names stand at the middle of their band, from the bottom', () => {
  expect(labelPlaces([0.5, 0.5], 0.1)).toEqual([0.75, 0.25]);
});

test('names of thin bands are pushed apart and stay in the plot', () => {
  const places = labelPlaces([0.01, 0.01, 0.97, 0.01], 0.1).map(Number);
  for (let i = 1; i < places.length; i++)
    expect((places[i - 1] ?? 0) - (places[i] ?? 0)).toBeGreaterThanOrEqual(0.0999);
  expect(Math.max(...places)).toBeLessThanOrEqual(0.95001);
  expect(Math.min(...places)).toBeGreaterThanOrEqual(0.04999);
});

test('where there is no room for all, the widest bands have names', () => {
  const places = labelPlaces([0.1, 0.5, 0.15, 0.25], 0.4);
  expect(places).toEqual([null, expect.closeTo(0.65), null, expect.closeTo(0.2)]);
  const many = labelPlaces(
    Array.from({ length: 30 }, (_, i) => i / 435),
    0.1,
  );
  expect(many.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => null));
  expect(many.slice(20).every((place) => place !== null && place > 0 && place < 1)).toBe(true);
});
