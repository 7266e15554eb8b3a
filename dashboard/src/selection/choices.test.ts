import { expect, test } from 'vitest';
import { allChoices, narrowed } from './choices.ts';

const choices = allChoices(
  {
    events: [
      { name: 'page_viewed', count: 5, stage: 'awareness' },
      { name: 'product_viewed', count: 9, stage: 'consideration' },
      { name: 'viewed_later', count: 1, stage: 'consideration' },
    ],
    stages: [{ key: 'consideration', name: 'Consideration' }],
    channels: ['web'],
  },
  (match) => (match.value === 'product_viewed' ? '浏览商品' : match.value),
);

test('events stand by frequency, a stage counts its events', () => {
  expect(choices.map((choice) => choice.value)).toEqual([
    'product_viewed',
    'page_viewed',
    'viewed_later',
    'consideration',
    'web',
    '*',
  ]);
  expect(choices[3]?.count).toBe(10);
});

test('what is typed is found in the name and in the value as sent; beginnings first', () => {
  expect(narrowed(choices, '商品').map((choice) => choice.value)).toEqual(['product_viewed']);
  expect(narrowed(choices, 'Product V').map((choice) => choice.value)).toEqual(['product_viewed']);
  expect(narrowed(choices, 'viewed').map((choice) => choice.value)).toEqual([
    'viewed_later',
    'product_viewed',
    'page_viewed',
  ]);
  expect(narrowed(choices, 'nothing')).toEqual([]);
});

test('a name typed in full is first, whatever its kind', () => {
  const web = { on: 'event', value: 'web_login', name: 'web_login', count: 4 } as const;
  expect(narrowed([web, ...choices], 'web').map((choice) => choice.value)).toEqual(['web', 'web_login']);
  expect(narrowed([web, ...choices], 'we')[0]?.value).toBe('web_login');
});
