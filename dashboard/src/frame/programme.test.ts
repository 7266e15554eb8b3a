import { expect, test } from 'vitest';
import { dwellMs, SHIFT_MS, shiftAt, stopAfter, stopsOf } from './programme.ts';

const PAGES = [
  { key: 'overview', path: '/overview', onTelevision: true },
  { key: 'journey', path: '/journey', onTelevision: true },
  { key: 'data', path: '/data' },
];
const keys = (asked: string | null) => stopsOf(asked, PAGES).map(({ key }) => key);

test('the pages marked for television take turns unless the address names others', () => {
  expect(keys('')).toEqual(['overview', 'journey']);
  expect(keys('data, Overview,data')).toEqual(['data', 'overview']);
  expect(keys('no-such-page')).toEqual(['overview', 'journey']);
});

test('each stays as long as the address says, within reason', () => {
  expect([null, '', 'soon', '-3', '45', '1', '100000'].map(dwellMs)).toEqual([
    20_000, 20_000, 20_000, 20_000, 45_000, 5_000, 3_600_000,
  ]);
});

test('one follows the other and the first the last; a single page stays', () => {
  const stops = stopsOf('', PAGES);
  expect(stopAfter(stops, 'overview')?.key).toBe('journey');
  expect(stopAfter(stops, 'journey')?.key).toBe('overview');
  expect(stopAfter(stops, 'data')?.key).toBe('overview');
  expect(stopAfter(stopsOf('data', PAGES), 'data')).toBeNull();
});

test('the picture moves a little at a time and comes to every side', () => {
  const day = Array.from({ length: 2880 }, (_, i) => shiftAt(i * SHIFT_MS));
  const steps = day.slice(1).map(({ x, y }, i) => Math.max(Math.abs(x - day[i]!.x), Math.abs(y - day[i]!.y)));
  expect(Math.max(...steps)).toBeLessThan(0.15);
  for (const side of ['x', 'y'] as const) {
    expect(Math.max(...day.map((place) => place[side]))).toBeGreaterThan(0.9);
    expect(Math.min(...day.map((place) => place[side]))).toBeLessThan(-0.9);
    expect(Math.max(...day.map((place) => Math.abs(place[side])))).toBeLessThanOrEqual(1);
  }
});
