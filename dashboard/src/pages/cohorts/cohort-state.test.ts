import { expect, test } from 'vitest';
import { breakdownBy } from '../../selection/breakdown.ts';
import {
  checkCohorts,
  cohortInterval,
  DEFAULTS,
  intervalInForce,
  periodsFor,
  readBrackets,
  retentionInput,
  spanOf,
} from './cohort-state.ts';

const buy = { on: 'event', value: 'order_completed' } as const;
const range = { last: 'P12M' };

test('the interval and the columns suit the range', () => {
  expect([7, 30, 90, 365, 1500].map(cohortInterval)).toEqual(['DAY', 'WEEK', 'WEEK', 'MONTH', 'QUARTER']);
  expect(periodsFor(365, 'MONTH')).toBe(13);
  expect(periodsFor(90, 'DAY')).toBe(14);
  expect(periodsFor(1, 'YEAR')).toBe(1);
});

test('hours are taken only where they give a picture', () => {
  expect(intervalInForce({ interval: 'HOUR' }, 7)).toBe('HOUR');
  expect(intervalInForce({ interval: 'HOUR' }, 365)).toBe('MONTH');
});

test('money is asked only where it is shown', () => {
  expect(retentionInput(DEFAULTS, buy, { range }, 365)).toEqual({
    start: { events: ['order_completed'] },
    range,
    interval: 'MONTH',
    periods: 13,
    entry: 'FIRST_TIME',
    mode: 'ON',
  });
  expect(retentionInput({ ...DEFAULTS, show: 'lifetime' }, buy, { range }, 365).measure).toBe('REVENUE');
  expect(retentionInput({ ...DEFAULTS, show: 'events' }, buy, { range }, 365).measure).toBe('EVENTS');
});

test('brackets stand instead of periods; periods of no fixed length do not roll', () => {
  const state = { ...DEFAULTS, brackets: [1, 2], minimum: 2, alignment: 'ROLLING' as const };
  const monthly = retentionInput(state, buy, { range }, 365);
  expect(monthly).toMatchObject({ brackets: [1, 2], minimumOccurrences: 2 });
  expect(monthly.periods).toBeUndefined();
  expect(monthly.alignment).toBeUndefined();
  expect(retentionInput({ ...state, interval: 'WEEK' }, buy, { range }, 365).alignment).toBe('ROLLING');
  expect(
    retentionInput({ ...DEFAULTS, breakdown: breakdownBy('channel', 'EVENT') }, buy, { range }, 365),
  ).toMatchObject({ breakdown: { properties: ['channel'], limit: 5 } });
});

test('a list of lengths is read as typed', () => {
  expect(readBrackets('1, 1  2')).toEqual([1, 1, 2]);
  expect(readBrackets('')).toEqual([]);
  expect(readBrackets('1, x')).toBeNull();
  expect(readBrackets('900 900')).toBeNull();
  expect([0, 1, 2, 3].map((period) => spanOf(period, [1, 2, 4]))).toEqual([
    { from: 0, to: 0 },
    { from: 1, to: 1 },
    { from: 2, to: 3 },
    { from: 4, to: 7 },
  ]);
  expect(spanOf(5, [])).toEqual({ from: 5, to: 5 });
});

test('what stood in the address is checked', () => {
  expect(
    checkCohorts({ interval: 'CENTURY', periods: 7, mode: 'ON', show: 'all', start: { on: 1 }, minimum: -1 }),
  ).toEqual({ start: null, back: null, brackets: [], mode: 'ON' });
  const state = { ...DEFAULTS, brackets: [1, 2], breakdown: breakdownBy('channel', 'EVENT'), series: '[]' };
  expect(checkCohorts(JSON.parse(JSON.stringify(state)) as Record<string, unknown>)).toMatchObject({
    brackets: [1, 2],
    breakdown: { properties: ['channel'] },
    series: '[]',
  });
});
