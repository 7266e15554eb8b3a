import { expect, test } from 'vitest';
import { monthStart } from './cohort-range.ts';

test('months begin in the zone, over the turn of the year', () => {
  const now = Date.parse('2026-02-28T20:00:00Z');
  expect(monthStart(now, 0, 'UTC')).toBe('2026-02-01T00:00:00.000Z');
  expect(monthStart(now, 0, 'Asia/Shanghai')).toBe('2026-02-28T16:00:00.000Z');
  expect(monthStart(now, 3, 'UTC')).toBe('2025-11-01T00:00:00.000Z');
});
