import { expect, test } from 'vitest';
import { ANY_EVENT, checkMatch, filterInput, isComplete, matchInput, withConditions } from './match.ts';
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

test('several names count alike: of one kind as a list, of several kinds as alternatives', () => {
  const viewed = { on: 'event', value: 'viewed' } as const;
  const added = { on: 'event', value: 'added' } as const;
  const decision = { on: 'stage', value: 'decision' } as const;
  expect(matchInput({ ...viewed, or: [added], where: [web] })).toEqual({
    events: ['viewed', 'added'],
    where: { property: 'channel', values: ['web'] },
  });
  expect(matchInput({ ...viewed, or: [decision, { on: 'channel', value: 'app' }, added] })).toEqual({
    anyOf: [{ events: ['viewed', 'added'] }, { stage: 'decision' }, { channels: ['app'] }],
  });
  expect(matchInput(ANY_EVENT)).toEqual({});
  expect(matchInput({ ...ANY_EVENT, where: [web] })).toEqual({
    where: { property: 'channel', values: ['web'] },
  });
  expect(checkMatch({ ...viewed, or: [added, { on: 'table', value: 'x' }, 7] })).toEqual({
    ...viewed,
    or: [added],
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

test('any of several conditions may be enough', () => {
  const app: Condition = { ...web, values: ['app'] };
  const match = checkMatch({ on: 'event', value: 'a', where: [web, app], isAnyEnough: true });
  expect(match && matchInput(match).where).toEqual({
    any: [
      { property: 'channel', values: ['web'] },
      { property: 'channel', values: ['app'] },
    ],
  });
  expect(match && withConditions(match, [web])).toEqual({ on: 'event', value: 'a', where: [web] });
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
