import { expect, test } from 'vitest';
import { found } from './search.ts';

const NAMES = [
  'product_viewed',
  'page_viewed',
  'viewed_later',
  '加入购物车',
  'Order Completed',
  'cart_viewed',
];
const search = (typed: string) => found(NAMES, typed, (name) => [name]).map(({ item }) => item);

test('what begins with it comes first, then words that do, then what holds it', () => {
  expect(search('viewed')).toEqual(['viewed_later', 'product_viewed', 'page_viewed', 'cart_viewed']);
  expect(search('')).toEqual(NAMES);
});

test('words may stand in any order, and separators are all the same', () => {
  expect(search('viewed cart')).toEqual(['cart_viewed']);
  expect(search('order-comp')).toEqual(['Order Completed']);
});

test('Chinese is found by any part of it', () => {
  expect(search('购物')).toEqual(['加入购物车']);
});

test('where nothing holds it, what is near is offered', () => {
  expect(search('prodcut')).toEqual(['product_viewed']);
  expect(search('ordercomplted')).toEqual(['Order Completed']);
  expect(search('pgv')).toEqual(['page_viewed']);
  expect(search('zzz')).toEqual([]);
});
