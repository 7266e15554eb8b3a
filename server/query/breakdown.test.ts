import { expect, it } from 'vitest';
import { groupsOf, seriesOf } from './breakdown.ts';
import type { Breakdown } from './breakdown.ts';

const by = (limit: number, properties = ['country']): Breakdown => ({ properties, of: 'EVENT', limit });

it('keeps all values where they fit, the unset one too', () => {
  expect(groupsOf(by(2), ['["DE"]', '[""]'])).toEqual([
    { values: ['DE'], isOther: false, key: '["DE"]' },
    { values: [''], isOther: false, key: '[""]' },
  ]);
});

it('keeps the largest that are set, and the rest, the unset one included, as one', () => {
  const groups = groupsOf(by(2), ['[""]', '["DE"]', '["FR"]', '["IT"]']);
  expect(groups.map(({ values, isOther }) => [values, isOther])).toEqual([
    [['DE'], false],
    [['FR'], false],
    [[], true],
  ]);
});

it('takes several properties together; partly set is set', () => {
  const groups = groupsOf(by(1, ['country', 'device']), ['["",""]', '["","phone"]', '["DE","phone"]']);
  expect(groups.map(({ values }) => values)).toEqual([['', 'phone'], []]);
});

const web = { values: ['web'], isOther: false };
const unset = { values: [''], isOther: false };
const other = { values: [], isOther: true };

it('finds a series by its values, the unset one by an empty text, the rest by none', () => {
  expect(seriesOf([web, unset, other], null)).toEqual([web, unset, other]);
  expect(seriesOf([web, unset, other], ['web'])).toEqual([web]);
  expect(seriesOf([web, unset, other], [''])).toEqual([unset]);
  expect(seriesOf([web, unset, other], [])).toEqual([other]);
  expect(seriesOf([web, unset, other], ['web', 'x'])).toEqual([]);
});
