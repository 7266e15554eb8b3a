import { expect, test } from 'vitest';
import { breakdownBy, breakdownInput, checkBreakdown, seriesId } from './breakdown.ts';

test('the address brings a breakdown back; what cannot be used is left out', () => {
  const by = { ...breakdownBy('channel', 'EVENT'), limit: 10, attribution: 'STEP' as const, step: 2 };
  expect(checkBreakdown(JSON.parse(JSON.stringify(by)))).toEqual(by);
  expect(checkBreakdown({ properties: ['a', 'b', 'c', 'd', 7], of: 'X', limit: 7, step: -1 })).toEqual({
    ...breakdownBy('a', 'EVENT'),
    properties: ['a', 'b', 'c'],
  });
  expect(checkBreakdown({ properties: [] })).toBeNull();
  expect(checkBreakdown('channel')).toBeNull();
});

test('only a funnel is asked with an attribution, its step within the funnel', () => {
  const by = { ...breakdownBy('channel', 'EVENT'), attribution: 'STEP' as const, step: 7 };
  expect(breakdownInput(by)).toEqual({ properties: ['channel'], limit: 5 });
  expect(breakdownInput(by, { steps: 3 })).toEqual({
    properties: ['channel'],
    limit: 5,
    attribution: 'STEP',
    step: 2,
  });
  expect(breakdownInput({ ...by, of: 'CUSTOMER' }, { steps: 3 })).toEqual({
    properties: ['channel'],
    of: 'CUSTOMER',
    limit: 5,
  });
});

test('the unset value and the rest are told apart', () => {
  expect(seriesId({ values: [''], isOther: false })).not.toBe(seriesId({ values: [], isOther: true }));
});
