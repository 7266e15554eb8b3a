import { expect, test } from 'vitest';
import { audienceInput, checkAudience, EVERYBODY } from './audience.ts';
import type { Behaviour } from './audience.ts';
import { audienceOf, partsOf, placedAt } from './parts.ts';

const buy: Behaviour = { match: { on: 'event', value: 'buy' }, isNot: false, times: 1, days: null };

test('an audience is its parts, and back', () => {
  const audience = {
    saved: 'a',
    stages: ['loyal'],
    did: [buy],
    any: [{ saved: 'b' }],
    none: [{ stages: ['lost'] }],
  };
  expect(audienceOf(partsOf(audience))).toEqual(audience);
  expect(audienceOf(partsOf(EVERYBODY))).toEqual(EVERYBODY);
  expect(checkAudience(JSON.parse(JSON.stringify(audience)))).toEqual(audience);
});

test('any of the parts, and none of them, are asked as such', () => {
  const placed = partsOf({ saved: 'a', stages: ['loyal'], did: [buy] });
  const moved = placedAt(placedAt(placed, 0, 'none'), 1, 'any');
  expect(audienceInput(audienceOf(moved))).toEqual({
    did: [{ match: { events: ['buy'] } }],
    anyOf: [{ lifecycleStages: ['loyal'] }],
    except: { id: 'a' },
  });
  const never = { ...buy, isNot: true };
  expect(audienceInput({ ...EVERYBODY, none: [{ saved: 'a' }, { did: never }] })).toEqual({
    except: { anyOf: [{ id: 'a' }, { didNot: [{ match: { events: ['buy'] } }] }] },
  });
});

test('two saved audiences that must both hold cannot stand: the other takes the place', () => {
  const placed = partsOf({ ...EVERYBODY, saved: 'a', any: [{ saved: 'b' }] });
  expect(audienceOf(placedAt(placed, 1, 'all'))).toEqual({ ...EVERYBODY, saved: 'b', any: [{ saved: 'a' }] });
});

test('how often is asked with both its ends', () => {
  const input = (behaviour: Behaviour) => audienceInput({ ...EVERYBODY, did: [behaviour] })?.did?.[0];
  expect(input({ ...buy, times: 0, most: 2 })).toMatchObject({ atLeast: 0, atMost: 2 });
  expect(input({ ...buy, times: 3, most: 3 })).toMatchObject({ atLeast: 3, atMost: 3 });
  expect(checkAudience({ did: [{ ...buy, times: 0, most: 2 }] }).did[0]).toMatchObject({ times: 0, most: 2 });
  expect(checkAudience({ did: [{ ...buy, times: 0 }] }).did[0]).toMatchObject({ times: 1 });
  expect(checkAudience({ did: [{ ...buy, times: 5, most: 2 }] }).did[0]).toMatchObject({ times: 1, most: 2 });
});
