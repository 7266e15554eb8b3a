import { expect, test } from 'vitest';
import { checkList, DEFAULTS, listed } from './reports-list.ts';

const reports = [
  { name: 'Web funnel 10', kind: 'FUNNEL' as const },
  { name: 'web Funnel 9', kind: 'FUNNEL' as const },
  { name: '月度同期群', kind: 'RETENTION' as const },
];
const names = (state: object) => listed(reports, { ...DEFAULTS, ...state }, 'en').map(({ name }) => name);

test('all words must stand in the name, whatever the case', () => {
  expect(names({ find: 'funnel WEB' })).toEqual(['Web funnel 10', 'web Funnel 9']);
  expect(names({ find: '同期' })).toEqual(['月度同期群']);
  expect(names({ find: 'web', kind: 'RETENTION' })).toEqual([]);
});

test('by name numbers stand in their order', () => {
  expect(names({ order: 'name' }).slice(0, 2)).toEqual(['web Funnel 9', 'Web funnel 10']);
  expect(reports[0]?.name).toBe('Web funnel 10');
});

test('what cannot be used of the address is left out', () => {
  expect(checkList({ find: 3, kind: 'X', order: 'name' })).toEqual({ order: 'name' });
});
