import { expect, test } from 'vitest';
import { attributionInput, checkJourney, DEFAULTS, pathsInput, withNode } from './journey-state.ts';

const range = { last: 'P30D' };
const about = { range, where: { property: 'channel', values: ['web'] } };

test('the question says what differs and what bounds the answer', () => {
  expect(pathsInput(DEFAULTS, about)).toEqual({
    ...about,
    node: 'TOUCHPOINT',
    maxSteps: 5,
    maxEdges: 30,
    sessionGap: 'PT30M',
  });
  expect(
    pathsInput(
      { ...DEFAULTS, startAt: '/', endAt: 'order_completed', exclude: ['x'], groups: ['/c/*'] },
      range,
    ),
  ).toMatchObject({ startAt: '/', endAt: 'order_completed', exclude: ['x'], groups: ['/c/*'] });
});

test('a property is asked only where it names the steps, and awaited there', () => {
  expect(pathsInput({ ...DEFAULTS, property: 'category' }, { range })).not.toHaveProperty('property');
  expect(pathsInput({ ...DEFAULTS, node: 'PROPERTY' }, { range })).toBeNull();
  expect(pathsInput({ ...DEFAULTS, node: 'PROPERTY', property: 'category' }, { range })).toMatchObject({
    node: 'PROPERTY',
    property: 'category',
  });
});

test('whatever stands in the address, only what can be used is taken', () => {
  expect(
    checkJourney({ node: 'TABLE', steps: 99, edges: '30', gap: 'soon', startAt: 7, exclude: 'x' }),
  ).toEqual({
    property: null,
    startAt: null,
    endAt: null,
    exclude: [],
    groups: [],
    conversion: null,
  });
  expect(
    checkJourney({ node: 'STAGE', steps: 4, exclude: ['a', 'a', '', 3], groups: ['/x/*'] }),
  ).toMatchObject({
    node: 'STAGE',
    steps: 4,
    exclude: ['a'],
    groups: ['/x/*'],
  });
});

test('names of one kind of step do not outlive it', () => {
  const before = { ...DEFAULTS, startAt: '/', exclude: ['/x'], steps: 7 };
  expect({ ...before, ...withNode('EVENT') }).toEqual({ ...DEFAULTS, node: 'EVENT', steps: 7 });
});

test('credit is asked in the order of the models, whatever order they were chosen in', () => {
  const chosen = checkJourney({
    models: ['MARKOV', 'GUESS', 'FIRST_TOUCH'],
    by: 'utm_source',
    lookback: 'P7D',
  });
  const conversion = { on: 'event' as const, value: 'order_completed' };
  expect(attributionInput({ ...DEFAULTS, ...chosen }, conversion, { range })).toEqual({
    conversion: { events: ['order_completed'] },
    by: 'utm_source',
    models: ['FIRST_TOUCH', 'MARKOV'],
    lookback: 'P7D',
    range,
  });
  expect(checkJourney({ models: [] })).not.toHaveProperty('models');
});
