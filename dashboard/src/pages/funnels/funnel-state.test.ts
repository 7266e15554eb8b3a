import { expect, test } from 'vitest';
import { breakdownBy } from '../../selection/breakdown.ts';
import { brokenDown, checkFunnel, DEFAULTS, funnelInput, moved, spanWithin } from './funnel-state.ts';

const view = { on: 'event', value: 'view' } as const;
const buy = { on: 'event', value: 'buy' } as const;
const back = { on: 'event', value: 'back' } as const;
const range = { last: 'P30D' };

test('an address reopens the funnel; what cannot be used is left out', () => {
  expect(checkFunnel({ steps: [view, { on: 'x' }, buy, buy], order: 'STRICT', window: 'PT30M' })).toEqual({
    steps: [view, buy, buy],
    order: 'STRICT',
    window: 'PT30M',
  });
  expect(checkFunnel({ steps: 'all', order: 'RANDOM', window: '14 days', exclude: 1, trend: 2 })).toEqual({});
  expect(checkFunnel({ steps: Array.from({ length: 30 }, () => view) }).steps).toHaveLength(20);
});

test('an address reopens every option', () => {
  const state = {
    steps: [view, { ...buy, optional: true, occurrence: 'FIRST_EVER' as const }],
    exclude: [{ match: back, fromStep: 0, toStep: 1 }],
    hold: ['productId'],
    breakdown: breakdownBy('channel', 'EVENT'),
    series: 'table' as const,
    trend: { from: 1, to: 2 },
    times: { from: 1, to: null },
  };
  expect(checkFunnel(JSON.parse(JSON.stringify(state)) as Record<string, unknown>)).toEqual(state);
  expect(checkFunnel({ exclude: [{ match: back, fromStep: 2, toStep: 1 }, 'x'] })).toEqual({ exclude: [] });
});

test('the question carries names, and nothing that was not chosen', () => {
  const input = funnelInput(DEFAULTS, [view, { ...buy, label: 'Bought' }], { range }, (step) =>
    step.value === 'view' ? 'Seen' : 'Bought',
  );
  expect(input).toEqual({
    steps: [{ match: { events: ['view'], label: 'Seen' } }, { match: { events: ['buy'], label: 'Bought' } }],
    range: { last: 'P30D' },
    window: 'P14D',
    order: 'ORDERED',
  });
});

test('a step is skippable in order only, and never the first; exclusions stay within the steps', () => {
  const steps = [
    { ...view, optional: true },
    { ...buy, optional: true },
  ];
  const exclude = [
    { match: back, fromStep: 0, toStep: 5 },
    { match: back, fromStep: 3, toStep: 5 },
  ];
  const state = { ...DEFAULTS, exclude, hold: ['productId'] };
  const input = funnelInput(state, steps, { range }, () => undefined);
  expect(input.steps).toEqual([
    { match: { events: ['view'] } },
    { match: { events: ['buy'] }, optional: true },
  ]);
  expect(input.exclude).toEqual([{ match: { events: ['back'] }, fromStep: 0, toStep: 1 }]);
  expect(input.holdConstant).toEqual(['productId']);
  const any = funnelInput({ ...DEFAULTS, order: 'ANY' }, steps, { range }, () => undefined);
  expect(any.steps.some((step) => step.optional)).toBe(false);
});

test('in any order only the first step done gives the value of a breakdown', () => {
  const by = { ...breakdownBy('channel', 'EVENT'), attribution: 'STEP' as const, step: 1 };
  const any = funnelInput({ ...DEFAULTS, order: 'ANY' }, [view, buy], { range }, () => undefined);
  expect(brokenDown(any, by).breakdown?.step).toBe(0);
  expect(brokenDown({ ...any, order: 'ORDERED' }, by).breakdown?.step).toBe(1);
});

test('a span of steps that does not fit is the whole', () => {
  expect(spanWithin({ from: 1, to: 2 }, 4)).toEqual({ fromStep: 1, toStep: 2 });
  expect(spanWithin({ from: 1, to: null }, 4)).toEqual({ fromStep: 1, toStep: 3 });
  expect(spanWithin({ from: 3, to: 4 }, 2)).toEqual({ fromStep: 0, toStep: 1 });
});

test('steps move, and not beyond the ends', () => {
  expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
  expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
});
