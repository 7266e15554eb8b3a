import { expect, test } from 'vitest';
import { isoSeconds, readWindow, windowSeconds, writeWindow } from './iso-duration.ts';

test('a window is whole minutes, hours or days', () => {
  expect(readWindow('P14D')).toEqual({ amount: 14, unit: 'day' });
  expect(readWindow('PT30M')).toEqual({ amount: 30, unit: 'minute' });
  expect(windowSeconds('PT2H')).toBe(7200);
  expect(readWindow('P1M')).toBeNull();
  expect(readWindow('P0D')).toBeNull();
  expect(readWindow('drop table')).toBeNull();
});

test('what is written can be read', () => {
  for (const unit of ['minute', 'hour', 'day'] as const)
    expect(readWindow(writeWindow(7, unit))).toEqual({ amount: 7, unit });
  expect(writeWindow(0.2, 'day')).toBe('P1D');
});

test('rules speak of any duration', () => {
  expect(isoSeconds('P365D')).toBe(365 * 86_400);
  expect(isoSeconds('P1DT12H')).toBe(36 * 3600);
  expect(isoSeconds('PT30M')).toBe(1800);
  expect(isoSeconds('P12M')).toBe(31_557_600);
  expect(isoSeconds('soon')).toBeNull();
});
