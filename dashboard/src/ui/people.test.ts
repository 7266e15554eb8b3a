import { expect, test } from 'vitest';
import { customerName, cutMiddle } from './people.ts';

test('a customer is called by name, then e-mail, then id', () => {
  expect(customerName({ id: 'c1', traits: { name: 'Ann', email: 'a@b.c' } })).toBe('Ann');
  expect(customerName({ id: 'c1', traits: { email: 'a@b.c' } })).toBe('a@b.c');
  expect(customerName({ id: 'c1', traits: { firstName: 'Ann', lastName: 'Lee' } })).toBe('Ann Lee');
  expect(customerName({ id: 'c1', traits: null })).toBe('c1');
  expect(customerName({ id: 'c1', traits: { name: 7 } })).toBe('c1');
});

test('a long name keeps both ends', () => {
  expect(cutMiddle('short')).toBe('short');
  expect(cutMiddle('a'.repeat(20) + 'b'.repeat(20), 11)).toBe('aaaaaa…bbbb');
  expect(cutMiddle('上海静安区南京西路旗舰店', 12)).toBe('上海静…舰店');
  expect(cutMiddle('上海静安区', 10)).toBe('上海静安区');
});
