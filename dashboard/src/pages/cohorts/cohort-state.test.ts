import { expect, test } from 'vitest';
import { checkCohorts, cohortInterval, DEFAULTS, periodsFor, retentionInput } from './cohort-state.ts';

const buy = { on: 'event', value: 'order_completed' } as const;

test('the interval and the columns suit the range', () => {
  expect([7, 30, 90, 365, 1500].map(cohortInterval)).toEqual(['DAY', 'WEEK', 'WEEK', 'MONTH', 'QUARTER']);
  expect(periodsFor(365, 'MONTH')).toBe(13);
  expect(periodsFor(90, 'DAY')).toBe(14);
  expect(periodsFor(1, 'YEAR')).toBe(1);
});

test('money is asked only where it is shown', () => {
  const range = { last: 'P12M' };
  expect(retentionInput(DEFAULTS, buy, range, 365)).toEqual({
    start: { events: ['order_completed'] },
    range,
    interval: 'MONTH',
    periods: 13,
    entry: 'FIRST_TIME',
    mode: 'ON',
  });
  expect(retentionInput({ ...DEFAULTS, show: 'lifetime' }, buy, range, 365).measure).toBe('REVENUE');
});

test('what stood in the address is checked', () => {
  expect(checkCohorts({ interval: 'HOUR', periods: 7, mode: 'ON', show: 'all', start: { on: 1 } })).toEqual({
    start: null,
    back: null,
    mode: 'ON',
  });
});
