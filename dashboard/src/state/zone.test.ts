import { expect, test } from 'vitest';
import { instantOf, isZone } from './zone.ts';

test('a day begins at midnight of its zone', () => {
  expect(instantOf('2026-01-15', 'UTC')).toBe('2026-01-15T00:00:00.000Z');
  expect(instantOf('2026-01-15', 'Asia/Shanghai')).toBe('2026-01-14T16:00:00.000Z');
  expect(instantOf('2026-01-15', 'America/New_York')).toBe('2026-01-15T05:00:00.000Z');
});

test('the day after a change of the clocks begins by the new offset', () => {
  expect(instantOf('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z');
  expect(instantOf('2026-03-30', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z');
});

test('an unknown zone is told apart', () => {
  expect(isZone('Asia/Shanghai')).toBe(true);
  expect(isZone('Mars/Olympus')).toBe(false);
});
