/** Intervals that are remembered are those that are worked out anew. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allStarts, intervalNames, isRegular } from './interval-names.ts';
import { intervalStarts, INTERVALS, startOfInterval } from './period.ts';

const frame = fc.record({
  timeZone: fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/Sao_Paulo',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
  ),
  weekStart: fc.constantFrom('MONDAY' as const, 'SUNDAY' as const, 'SATURDAY' as const),
});
const interval = fc.constantFrom(...INTERVALS);
const YEAR = 365 * 86_400_000;
const at = fc.integer({ min: 48 * YEAR, max: 50 * YEAR });

it('names the interval of every instant, in whatever order they come', () => {
  const property = fc.property(frame, interval, fc.array(at), (frame, interval, times) => {
    fc.pre(isRegular(48 * YEAR, 50 * YEAR, interval, frame));
    const nameOf = intervalNames(interval, frame);
    expect(times.map(nameOf)).toEqual(times.map((ms) => startOfInterval(ms, interval, frame)));
  });
  fc.assert(property, { numRuns: 300 });
});

it('lists the starts that a range has', () => {
  const property = fc.property(frame, interval, at, fc.nat(1000), (frame, interval, fromMs, days) => {
    const toMs = fromMs + 1 + days * (interval === 'HOUR' ? 3_600_000 : 86_400_000);
    const range = { ...frame, fromMs, toMs, isRolling: false };
    expect(allStarts(fromMs, toMs, interval, frame)).toEqual(intervalStarts(range, interval));
  });
  fc.assert(property, { numRuns: 100 });
});

it('tells where hours begin at another minute after a change of clocks', () => {
  const range = [Date.UTC(2026, 0, 1), Date.UTC(2026, 6, 1)] as const;
  const isSo = (timeZone: string, interval: 'HOUR' | 'DAY') =>
    isRegular(...range, interval, { timeZone, weekStart: 'MONDAY' });
  expect(isSo('Australia/Lord_Howe', 'HOUR')).toBe(false);
  expect(isSo('Australia/Lord_Howe', 'DAY')).toBe(true);
  expect(isSo('Asia/Kathmandu', 'HOUR')).toBe(true);
  expect(isSo('Europe/Berlin', 'HOUR')).toBe(true);
});
