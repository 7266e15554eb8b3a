import { expect, test } from 'vitest';
import { checkFunnel, DEFAULTS, funnelInput, moved } from './funnel-state.ts';

const view = { on: 'event', value: 'view' } as const;
const buy = { on: 'event', value: 'buy' } as const;

test('an address reopens the funnel; what cannot be used is left out', () => {
  expect(checkFunnel({ steps: [view, { on: 'x' }, buy, buy], order: 'STRICT', window: 'PT30M' })).toEqual({
    steps: [view, buy, buy],
    order: 'STRICT',
    window: 'PT30M',
  });
  expect(checkFunnel({ steps: 'all', order: 'RANDOM', window: '14 days' })).toEqual({});
  expect(checkFunnel({ steps: Array.from({ length: 30 }, () => view) }).steps).toHaveLength(20);
});

test('the question carries names and only the filters that are complete', () => {
  const where = [{ property: 'channel', of: 'EVENT', op: 'IS', values: [] } as const];
  const input = funnelInput(
    { ...DEFAULTS, where: where.map((part) => ({ ...part, values: [] })) },
    [view, { ...buy, label: 'Bought' }],
    { last: 'P30D' },
    (step) => (step.value === 'view' ? 'Seen' : 'Bought'),
  );
  expect(input).toEqual({
    steps: [{ match: { events: ['view'], label: 'Seen' } }, { match: { events: ['buy'], label: 'Bought' } }],
    range: { last: 'P30D' },
    window: 'P14D',
    order: 'ORDERED',
  });
});

test('steps move, and not beyond the ends', () => {
  expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
  expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b']);
});
