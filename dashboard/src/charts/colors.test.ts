import { expect, test } from 'vitest';
import { categoryPlaces } from './colors.ts';

test('values of one picture differ in colour; channels keep their own; the rest is grey', () => {
  const places = categoryPlaces(['x', 'y', 'z', 'web', 'app', null]);
  expect(places.slice(3, 5)).toEqual([0, 1]);
  expect(places.at(-1)).toBe(-1);
  expect(new Set(places).size).toBe(places.length);
  expect(categoryPlaces(Array.from({ length: 12 }, (_, i) => `v${i}`))).toHaveLength(12);
});
