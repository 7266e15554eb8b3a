import { expect, test } from 'vitest';
import { namesOf, narrowedNames } from './names.ts';

const sources = {
  events: [
    { name: 'product_viewed', count: 5 },
    { name: 'order_completed', count: 9 },
  ],
  stages: [
    { key: 'b', name: 'B' },
    { key: 'a', name: 'A' },
  ],
  channels: ['web', 'app'],
  touchpoints: [
    { name: '/', events: 3 },
    { name: '/', events: 4 },
    { name: '/sale', events: 9 },
  ],
  found: ['/new', '/'],
  shown: ['', '...', '/gone'],
};
const values = (kind: Parameters<typeof namesOf>[0]) =>
  namesOf(kind, sources, (name) => name.toUpperCase()).map(({ value, count }) => [value, count]);

test('each kind of step has its names, each once, most first', () => {
  expect(values('TOUCHPOINT')).toEqual([
    ['/sale', 9],
    ['/', 7],
    ['/new', null],
    ['/gone', null],
  ]);
  expect(values('EVENT').slice(0, 2)).toEqual([
    ['order_completed', 9],
    ['product_viewed', 5],
  ]);
  expect(values('STAGE').slice(0, 2)).toEqual([
    ['b', null],
    ['a', null],
  ]);
});

test('what is typed is looked for in what is read and in what was sent', () => {
  const names = namesOf('EVENT', { ...sources, shown: [] }, (name) =>
    name === 'order_completed' ? 'Bought' : name,
  );
  expect(narrowedNames(names, 'bou').map(({ value }) => value)).toEqual(['order_completed']);
  expect(narrowedNames(names, 'ORDER').map(({ value }) => value)).toEqual(['order_completed']);
  expect(narrowedNames(names, 'ed').map(({ value }) => value)).toEqual(['order_completed', 'product_viewed']);
  expect(narrowedNames(names, ' ')).toHaveLength(2);
});
