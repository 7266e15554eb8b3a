/** A test for each rule of what a question is read from. */
import { expect, it } from 'vitest';
import type { EventVocabulary } from './events.ts';
import { noFilter, normaliseFilter } from './filter.ts';
import { eventsThatCount, firstSightSource } from './source.ts';
import { render } from './sql.ts';

const vocabulary: EventVocabulary = { stages: new Map(), orderEvents: ['buy'], returnEvents: ['return'] };
const conditionFor = (counted: Parameters<typeof eventsThatCount>[0]) =>
  render(eventsThatCount(counted, vocabulary));

it('any event counts where customers or events are counted', () => {
  expect(conditionFor('anything')).toEqual({ text: '1', params: {} });
});

it('revenue stands on events that bear any', () => {
  expect(conditionFor('revenue')).toEqual({ text: 'has_revenue', params: {} });
});

it('orders stand on what the map calls an order, and on what has an order id and revenue', () => {
  const { text, params } = conditionFor('orders');
  expect(text).toContain('event IN {p1:Array(String)} OR (has_revenue AND has_order_id');
  expect(params).toMatchObject({ p1: ['buy'], p2: ['return'] });
});

it('both together are what bears revenue and what the map calls an order', () => {
  expect(conditionFor('orders and revenue')).toEqual({
    text: '(has_revenue OR event IN {p1:Array(String)})',
    params: { p1: ['buy'] },
  });
});

it('first sight is known of each customer', () => {
  expect(firstSightSource(noFilter)).toBe('customers');
});

it('first sight by some events only is told by the events', () => {
  expect(firstSightSource(normaliseFilter({ property: 'channel', values: ['web'] }, 'where'))).toBe('events');
});
