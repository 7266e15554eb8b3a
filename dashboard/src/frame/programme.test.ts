import { expect, test } from 'vitest';
import { dwellMs, roundText, SHIFT_MS, shiftAt, stopAfter, stopAt, stopsOf } from './programme.ts';

const PAGES = [
  { key: 'overview', path: '/overview', onTelevision: true },
  { key: 'journey', path: '/journey', onTelevision: true },
  { key: 'data', path: '/data' },
];
const REPORTS = [
  { id: 'b', place: 2 },
  { id: 'a', place: 1 },
  { id: 'c', place: null },
];
const round = (asked: string | null, dwell: string | null = null) =>
  stopsOf(asked, dwell, { pages: PAGES, reports: REPORTS });
const keys = (asked: string | null) => round(asked).map(({ key }) => key);

test('the pages marked for television take turns, then the reports on the overview', () => {
  expect(keys('')).toEqual(['overview', 'journey', 'reports/a', 'reports/b']);
  expect(keys('no-such-page,reports/gone')).toEqual(['overview', 'journey', 'reports/a', 'reports/b']);
});

test('an address names others, each once, and how long each stays', () => {
  expect(keys('data, Overview,data')).toEqual(['data', 'overview']);
  expect(round('reports/c:45, overview,reports:1', '30')).toEqual([
    { key: 'reports/c', path: '/reports/c', dwellMs: 45_000 },
    { key: 'overview', path: '/overview', dwellMs: 30_000 },
    { key: 'reports/a', path: '/reports/a', dwellMs: 5_000 },
    { key: 'reports/b', path: '/reports/b', dwellMs: 5_000 },
  ]);
});

test('while the reports are not known a round that names some is not taken for another', () => {
  expect(stopsOf('reports/a', null, { pages: PAGES, reports: null })).toEqual([]);
});

test('a round is written as it is read', () => {
  const text = roundText([
    { key: 'overview', seconds: null },
    { key: 'reports/b', seconds: 2 },
  ]);
  expect(text).toBe('overview,reports/b:5');
  expect(round(text).map(({ key, dwellMs }) => [key, dwellMs])).toEqual([
    ['overview', 20_000],
    ['reports/b', 5_000],
  ]);
});

test('each stays as long as the address says, within reason', () => {
  expect([null, '', 'soon', '-3', '45', '1', '100000'].map(dwellMs)).toEqual([
    20_000, 20_000, 20_000, 20_000, 45_000, 5_000, 3_600_000,
  ]);
});

test('one follows the other and the first the last; a single page stays', () => {
  const stops = round('overview,journey');
  expect(stopAfter(stops, 'overview')?.key).toBe('journey');
  expect(stopAfter(stops, 'journey')?.key).toBe('overview');
  expect(stopAfter(stops, 'data')?.key).toBe('overview');
  expect(stopAfter(round('data'), 'data')).toBeNull();
});

test('the place in the round is the very report, else the page of the address', () => {
  const stops = round('overview,reports');
  expect(stopAt(stops, '/reports/b', 'reports')?.key).toBe('reports/b');
  expect(stopAt(stops, '/', 'overview')?.key).toBe('overview');
  expect(stopAt(stops, '/reports/c', 'reports')).toBeUndefined();
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
