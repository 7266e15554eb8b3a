import { describe, expect, it } from 'vitest';
import { alignedPlaces, offsetOf } from './offset.ts';

const dates = (from: string, to: string) => ({ from, to });

describe('the offset', () => {
  it('is as long as the range, in whole weeks and months where it is cut by them', () => {
    expect(offsetOf({ days: 30, dates: null, interval: 'DAY' })).toBe('P30D');
    expect(offsetOf({ days: 90, dates: null, interval: 'WEEK' })).toBe('P91D');
    expect(offsetOf({ days: 365, dates: null, interval: 'MONTH' })).toBe('P12M');
    expect(offsetOf({ days: 365, dates: null, interval: 'QUARTER' })).toBe('P12M');
    expect(offsetOf({ days: 100, dates: null, interval: 'QUARTER' })).toBe('P3M');
  });

  it('of whole months is months', () => {
    expect(offsetOf({ days: 30, dates: dates('2026-11-01', '2026-11-30'), interval: 'DAY' })).toBe('P1M');
    expect(offsetOf({ days: 59, dates: dates('2025-12-01', '2026-02-28'), interval: 'WEEK' })).toBe('P3M');
    expect(offsetOf({ days: 14, dates: dates('2026-11-01', '2026-11-14'), interval: 'DAY' })).toBe('P14D');
  });
});

describe('points that belong together', () => {
  it('are those of one place where there are as many', () => {
    expect(alignedPlaces([10, 20, 30], [1, 2, 3])).toEqual([0, 1, 2]);
  });

  it('are those that lie as far behind where there are not', () => {
    expect(alignedPlaces([100, 110, 120], [0, 10])).toEqual([0, 1, null]);
    expect(alignedPlaces([100, 110], [0, 10, 20])).toEqual([0, 1]);
    expect(alignedPlaces([100], [])).toEqual([null]);
  });
});
