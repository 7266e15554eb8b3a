import { expect, test } from 'vitest';
import { purchaseEvent, usualSteps } from './usual-steps.ts';

const STAGES = ['awareness', 'consideration', 'decision', 'purchase', 'loyalty'];
const event = (name: string, stage: string | null, count: number) => ({ name, stage, count });
const names = (events: ReturnType<typeof event>[]) => usualSteps(events, STAGES).map((step) => step.value);

test('a shop with the usual events gets the usual way to an order', () => {
  const events = ['order_completed', 'product_viewed', 'checkout_started', 'product_added', 'page_viewed'];
  expect(names(events.map((name, i) => event(name, null, i)))).toEqual([
    'product_viewed',
    'product_added',
    'checkout_started',
    'order_completed',
  ]);
});

test('other events go by the stages of the journey map', () => {
  const events = [
    event('purchase', 'purchase', 10),
    event('refund', 'purchase', 90),
    event('product_view', 'consideration', 500),
    event('add_to_cart', 'decision', 50),
    event('points_viewed', 'loyalty', 900),
  ];
  expect(names(events)).toEqual(['product_view', 'add_to_cart', 'purchase']);
});

test('a store of purchases alone asks for the second', () => {
  expect(names([event('purchase', 'purchase', 10), event('return', 'purchase', 2)])).toEqual([
    'purchase',
    'purchase',
  ]);
});

test('events without a stage, and none at all', () => {
  expect(names([event('ping', null, 1), event('pong', null, 5)])).toEqual(['pong', 'pong']);
  expect(names([])).toEqual([]);
  expect(purchaseEvent([])).toBeNull();
});
