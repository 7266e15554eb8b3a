import { expect, test } from 'vitest';
import {
  attributionInput,
  checkJourney,
  DEFAULTS,
  pathsInput,
  startOver,
  withNode,
} from './journey-state.ts';

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
    match: null,
    fewest: null,
    most: null,
    conversion: null,
    touchpoints: null,
  });
  expect(checkJourney({ gap: 'PT45M', lookback: 'P45D', fewest: 0, most: 7 })).toMatchObject({
    gap: 'PT45M',
    lookback: 'P45D',
    fewest: null,
    most: 7,
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

test('part of the events, and links by how often they are walked, are asked only when chosen', () => {
  const match = { on: 'channel' as const, value: 'web' };
  expect(pathsInput({ ...DEFAULTS, match, fewest: 2, most: 9 }, { range })).toMatchObject({
    match: { channels: ['web'] },
    minPaths: 2,
    maxPaths: 9,
  });
});

test('each builder starts over alone, and keeps how the answer is looked at', () => {
  const touchpoints = { on: 'channel' as const, value: 'web' };
  const state = { ...DEFAULTS, fewest: 2, paths: 'list' as const, touchpoints };
  expect(startOver(state, 'paths')).toEqual({ fewest: null });
  expect(startOver(state, 'credit')).toEqual({ touchpoints: null });
  expect(startOver({ ...DEFAULTS, paths: 'list' }, 'paths')).toBeNull();
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
  const touchpoints = { on: 'stage' as const, value: 'awareness' };
  expect(attributionInput({ ...DEFAULTS, ...chosen, touchpoints }, conversion, { range })).toEqual({
    conversion: { events: ['order_completed'] },
    touchpoints: { stage: 'awareness' },
    by: 'utm_source',
    models: ['FIRST_TOUCH', 'MARKOV'],
    lookback: 'P7D',
    range,
  });
  expect(checkJourney({ models: [] })).not.toHaveProperty('models');
});
