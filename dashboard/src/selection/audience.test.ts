import { expect, test } from 'vitest';
import { audienceInput, checkAudience, EVERYBODY } from './audience.ts';

const buy = { on: 'event', value: 'buy' } as const;
const did = { match: buy, isNot: false, times: 2, days: 30 };

test('everybody is no audience; what was not chosen yet is not asked', () => {
  expect(audienceInput(EVERYBODY)).toBeUndefined();
  expect(audienceInput({ stages: [], did: [{ ...did, match: null }] })).toBeUndefined();
});

test('stages, what was done and what was not, and traits hold together', () => {
  const traits = { property: 'country', of: 'CUSTOMER', values: ['DE'] } as const;
  expect(
    audienceInput(
      { stages: ['loyal'], did: [did, { ...did, isNot: true, times: 1, days: null }] },
      { ...traits, values: ['DE'] },
    ),
  ).toEqual({
    where: traits,
    lifecycleStages: ['loyal'],
    did: [{ match: { events: ['buy'] }, atLeast: 2, within: 'P30D' }],
    didNot: [{ match: { events: ['buy'] } }],
  });
});

test('a saved audience holds with the rest', () => {
  expect(audienceInput({ stages: ['loyal'], did: [], saved: 'a1' })).toEqual({
    id: 'a1',
    lifecycleStages: ['loyal'],
  });
  expect(checkAudience({ saved: 'a1' })).toEqual({ stages: [], did: [], saved: 'a1' });
});

test('an address reopens it; what cannot be used is left out', () => {
  expect(checkAudience({ stages: ['loyal', 7], did: [did, 'x'] })).toEqual({ stages: ['loyal'], did: [did] });
  expect(checkAudience({ did: [{ match: 1, times: -1, days: 'x' }] }).did).toEqual([
    { match: null, isNot: false, times: 1, days: null },
  ]);
  expect(checkAudience('all')).toEqual(EVERYBODY);
});
