import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import type { Point } from '../query/series.ts';
import { periodOfNow } from './targets.query.ts';
import type { Target } from './targets.query.ts';
import { progressOf, shareByNow, weekPattern } from './targets.result.ts';
import type { Standing } from './targets.result.ts';

const UTC = { timeZone: 'UTC', weekStart: 'MONDAY' } as const;
const BERLIN = { timeZone: 'Europe/Berlin', weekStart: 'MONDAY' } as const;
const at = (text: string): number => Date.parse(text);
const HOUR = 3_600_000;

/** Four weeks of hours before an instant; `orders` by weekday (Monday is 1) and hour of the zone. */
function hoursBefore(end: string, zone: string, orders: (weekday: number, hour: number) => number): Point[] {
  const from = at(end) - 28 * 24 * HOUR;
  return Array.from({ length: 28 * 24 }, (_, i) => {
    const startMs = from + i * HOUR;
    const local = DateTime.fromMillis(startMs, { zone });
    return { startMs, value: orders(local.weekday, local.hour), complete: true };
  });
}

describe('the period of now', () => {
  it('begins where the time zone and the week say', () => {
    const week = { period: 'WEEK', ...BERLIN } as const;
    expect(periodOfNow({ ...week, weekStart: 'SUNDAY' }, at('2026-03-31T12:00Z'))).toEqual({
      beforeMs: at('2026-03-21T23:00Z'),
      fromMs: at('2026-03-28T23:00Z'),
      toMs: at('2026-04-04T22:00Z'),
    });
    expect(periodOfNow({ period: 'MONTH', ...BERLIN }, at('2026-02-28T23:30Z'))).toEqual({
      beforeMs: at('2026-01-31T23:00Z'),
      fromMs: at('2026-02-28T23:00Z'),
      toMs: at('2026-03-31T22:00Z'),
    });
  });
});

describe('the share that should be there by now', () => {
  const november = { fromMs: at('2026-11-01T00:00Z'), toMs: at('2026-12-01T00:00Z') };

  it('is the share of the time where nothing is known of the weeks before', () => {
    expect(weekPattern([], UTC)).toBeNull();
    expect(shareByNow(november, at('2026-11-16T00:00Z'), null, UTC)).toBe(0.5);
    expect(shareByNow(november, at('2026-12-24T00:00Z'), null, UTC)).toBe(1);
  });

  it('is not told from few orders, nor from a store that has only just begun', () => {
    const few = hoursBefore('2026-11-01T00:00Z', 'UTC', (day, hour) => (hour === 9 && day < 3 ? 1 : 0));
    expect(weekPattern(few, UTC)).toBeNull();
    const young = hoursBefore('2026-11-01T00:00Z', 'UTC', () => 1).map((point, i) =>
      i < 400 ? { ...point, value: 0 } : point,
    );
    expect(weekPattern(young, UTC)).toBeNull();
  });

  it('goes by the weekday: November 2026 has five Sundays and Mondays, of which one and none had passed', () => {
    const pattern = weekPattern(
      hoursBefore('2026-11-01T00:00Z', 'UTC', (day) => (day >= 6 ? 3 : 1)),
      UTC,
    );
    // 5 Sundays and 4 Saturdays of 3, 21 other days of 1: 48 in all, 3 after the first (a Sunday).
    expect(shareByNow(november, at('2026-11-02T00:00Z'), pattern, UTC)).toBeCloseTo(3 / 48, 12);
    expect(shareByNow(november, at('2026-11-09T00:00Z'), pattern, UTC)).toBeCloseTo((3 + 5 + 6) / 48, 12);
  });

  it('goes by the hour, and within it by the minute, of the zone', () => {
    const pattern = weekPattern(
      hoursBefore('2026-11-01T23:00Z', 'Europe/Berlin', (_, hour) => (hour >= 10 && hour < 20 ? 1 : 0)),
      BERLIN,
    );
    const day = { fromMs: at('2026-11-01T23:00Z'), toMs: at('2026-11-02T23:00Z') };
    expect(shareByNow(day, at('2026-11-02T08:59Z'), pattern, BERLIN)).toBe(0);
    expect(shareByNow(day, at('2026-11-02T09:30Z'), pattern, BERLIN)).toBeCloseTo(0.05, 12);
    expect(shareByNow(day, at('2026-11-02T19:00Z'), pattern, BERLIN)).toBeCloseTo(1, 12);
  });

  it('counts days of 23 and 25 hours as days', () => {
    const pattern = weekPattern(
      hoursBefore('2026-03-22T23:00Z', 'Europe/Berlin', () => 1),
      BERLIN,
    );
    const week = { fromMs: at('2026-03-22T23:00Z'), toMs: at('2026-03-29T22:00Z') };
    expect(shareByNow(week, at('2026-03-28T23:00Z'), pattern, BERLIN)).toBeCloseTo(6 / 7, 12);
  });
});

describe('progress', () => {
  const target = (kpi: Target['kpi'], value: number) => ({ kpi, value });
  const half = (share = 0.5): Standing['byPattern'] => ({ share, isLinear: false });
  const standing = (value: number | null, more: Partial<Standing> = {}): Standing => ({
    value,
    elapsedShare: 0.5,
    byPattern: null,
    before: null,
    ...more,
  });

  it('of what adds up: so far by what should be there', () => {
    expect(progressOf(target('REVENUE', 1000), standing(520, { byPattern: half() }))).toEqual({
      value: 520,
      share: 0.52,
      expectedShare: 0.5,
      forecast: 1040,
      pace: 1.04,
      isOnTrack: true,
      basis: 'WEEK_PATTERN',
    });
    expect(progressOf(target('ORDERS', 100), standing(0, { byPattern: half() }))).toMatchObject({
      pace: 0,
      isOnTrack: false,
    });
  });

  it('of what grows: as the period before went on from here', () => {
    const before = { part: 0.05, whole: 0.1 };
    expect(progressOf(target('CONVERSION_RATE', 0.12), standing(0.0625, { before }))).toMatchObject({
      expectedShare: 0.5,
      forecast: 0.125,
      isOnTrack: true,
      basis: 'PERIOD_BEFORE',
    });
    expect(progressOf(target('CHURN_RATE', 0.12), standing(0.0625, { before }))).toMatchObject({
      isOnTrack: false,
    });
  });

  it('of an average: as it is', () => {
    expect(progressOf(target('AVERAGE_ORDER_VALUE', 50), standing(49))).toMatchObject({
      expectedShare: null,
      forecast: 49,
      pace: 0.98,
    });
  });

  it('says nothing too early, without a number, or without a period before', () => {
    const nothing = { forecast: null, pace: null, isOnTrack: null, basis: null, expectedShare: null };
    expect(progressOf(target('REVENUE', 10), standing(1, { byPattern: half(0.019) }))).toMatchObject({
      share: 0.1,
      ...nothing,
    });
    expect(progressOf(target('AVERAGE_ORDER_VALUE', 10), standing(null))).toMatchObject({
      share: null,
      ...nothing,
    });
    expect(progressOf(target('ACTIVE_CUSTOMERS', 10), standing(1))).toMatchObject(nothing);
    expect(
      progressOf(target('ACTIVE_CUSTOMERS', 10), standing(1, { before: { part: 0, whole: 9 } })),
    ).toMatchObject(nothing);
  });
});
