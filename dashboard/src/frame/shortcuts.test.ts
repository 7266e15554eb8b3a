import { expect, test } from 'vitest';
import { meaningOf, PAGE_KEYS } from './shortcuts.ts';

const stroke = { key: 'g', isModified: false, isTyping: false, isAfterG: false };

test('g, then a letter, opens a page; alone the letter belongs to the page', () => {
  expect(meaningOf(stroke)).toEqual({ does: 'await-page' });
  expect(meaningOf({ ...stroke, key: 'o', isAfterG: true })).toEqual({ does: 'page', page: 'overview' });
  expect(meaningOf({ ...stroke, key: 'o' })).toEqual({ does: 'control', key: 'o' });
  expect(meaningOf({ ...stroke, key: 'x', isAfterG: true })).toBeNull();
});

test('nobody who types, and no shortcut of the browser, is disturbed', () => {
  expect(meaningOf({ ...stroke, key: '?', isTyping: true })).toBeNull();
  expect(meaningOf({ ...stroke, key: '/', isModified: true })).toBeNull();
  expect(meaningOf({ ...stroke, key: 'Enter' })).toBeNull();
  expect(meaningOf({ ...stroke, key: '?' })).toEqual({ does: 'sheet' });
});

test('every page has a letter of its own', () => {
  expect(new Set(Object.values(PAGE_KEYS)).size).toBe(Object.keys(PAGE_KEYS).length);
});
