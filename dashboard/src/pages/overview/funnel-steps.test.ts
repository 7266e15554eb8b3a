import { expect, test } from 'vitest';
import { mainSteps } from './funnel-steps.ts';

const event = (name: string, stage: string | null, count = 10) => ({
  name,
  stage,
  count,
  lastSeen: '2026-01-01T00:00:00Z',
});
const names = (events: Parameters<typeof mainSteps>[0]) =>
  mainSteps(events).map((step) => `${step.event}:${step.repeat}`);

test('the usual way to an order is taken where the store has it', () => {
  const events = ['product_viewed', 'product_added', 'checkout_started', 'order_completed', 'chat_started'];
  expect(names(events.map((name) => event(name, null)))).toEqual([
    'product_viewed:1',
    'product_added:1',
    'checkout_started:1',
    'order_completed:1',
  ]);
});

test('other names are found by their stage, the most frequent first', () => {
  const events = [
    event('view', 'consideration', 90),
    event('cart', 'decision', 30),
    event('wish', 'decision', 20),
    event('purchase', 'purchase', 9),
  ];
  expect(names(events)).toEqual(['view:1', 'cart:1', 'purchase:1']);
});

test('a store of orders alone shows how many order again', () => {
  expect(names([event('purchase', 'purchase')])).toEqual(['purchase:1', 'purchase:2', 'purchase:3']);
});

test('an empty store has no funnel', () => {
  expect(mainSteps([])).toEqual([]);
});
