import { expect, test } from 'vitest';
import { checkMatch, filterInput, isComplete, matchInput } from './match.ts';
import type { Condition } from './match.ts';

const web: Condition = { property: 'channel', of: 'EVENT', op: 'IS', values: ['web'] };

test('a match names an event, a stage or a channel, with its conditions', () => {
  expect(matchInput({ on: 'event', value: 'order_completed' })).toEqual({ events: ['order_completed'] });
  expect(matchInput({ on: 'stage', value: 'decision', where: [web] })).toEqual({
    stage: 'decision',
    where: { property: 'channel', values: ['web'] },
  });
  expect(matchInput({ on: 'channel', value: 'app', label: 'In the app' })).toEqual({
    channels: ['app'],
    label: 'In the app',
  });
});

test('a condition without its values is not asked', () => {
  expect(isComplete({ ...web, values: [] })).toBe(false);
  expect(isComplete({ ...web, op: 'IS_SET', values: [] })).toBe(true);
  expect(isComplete({ ...web, op: 'BETWEEN', values: ['1'] })).toBe(false);
  expect(isComplete({ ...web, op: 'GT', values: ['1', '2'] })).toBe(false);
  expect(filterInput([{ ...web, values: [''] }])).toBeUndefined();
});

test('several conditions must all hold', () => {
  const gold: Condition = { property: 'tier', of: 'CUSTOMER', op: 'IS_NOT', values: ['gold', 'silver'] };
  expect(filterInput([web, gold])).toEqual({
    all: [
      { property: 'channel', values: ['web'] },
      { property: 'tier', of: 'CUSTOMER', op: 'IS_NOT', values: ['gold', 'silver'] },
    ],
  });
});

test('whatever stands in the address, only what can be used is taken', () => {
  expect(checkMatch(null)).toBeNull();
  expect(checkMatch({ on: 'table', value: 'x' })).toBeNull();
  expect(checkMatch({ on: 'event', value: '' })).toBeNull();
  expect(
    checkMatch({
      on: 'event',
      value: 'a',
      where: [{ property: 'b', op: 'DROP', values: ['c', 4] }, 7],
      x: 1,
    }),
  ).toEqual({
    on: 'event',
    value: 'a',
    where: [{ property: 'b', of: 'EVENT', op: 'IS', values: ['c'] }],
  });
});
