import { describe, expect, it } from 'vitest';
import { assigned, checkDraft, freeKey, moveStage, rekeyed, withoutStage, withStage } from './map-draft.ts';
import type { DraftMap } from './map-draft.ts';

const stage = (key: string, rule: unknown = { neverOrdered: true }) => ({
  ...{ key, name: key, color: '#a3acb0', description: key, rule },
  isLost: false,
});
const map: DraftMap = {
  stages: [
    { key: 'look', name: 'Look', color: '#81cae2', description: 'Looks', events: ['view'] },
    { key: 'buy', name: 'Buy', color: '#c9860f', description: 'Buys', events: ['order'] },
  ],
  lifecycle: [stage('one'), stage('two', { all: [{ stageBefore: ['one', 'rest'] }] }), stage('rest', {})],
  orderEvents: ['order'],
  returnEvents: [],
};
const keys = ({ lifecycle }: DraftMap): string[] => lifecycle.map(({ key }) => key);

describe('lifecycle stages', () => {
  it('come above the last, which is everybody else, wherever they are put', () => {
    const { key: _, ...added } = stage('New one');
    expect(keys(withStage(map, { ...added, name: 'New one' }))).toEqual(['one', 'two', 'new_one', 'rest']);
    expect(keys(withStage(map, { ...added, name: 'Zwei' }, 9))).toEqual(['one', 'two', 'zwei', 'rest']);
  });

  it('move among each other, and never below the last', () => {
    expect(keys(moveStage(map, 1, 0))).toEqual(['two', 'one', 'rest']);
    for (const [from, to] of [
      [0, 2],
      [2, 0],
      [0, -1],
      [0, 0],
    ] as const)
      expect(moveStage(map, from, to)).toBe(map);
  });

  it('keep a key of their own: of the name in plain letters, else numbered', () => {
    expect(freeKey('Très fidèle!', map.lifecycle)).toBe('tres_fidele');
    expect(freeKey('One', map.lifecycle)).toBe('one_2');
    expect(freeKey('忠诚客户', map.lifecycle)).toBe('stage_2');
    expect(freeKey('2nd chance', map.lifecycle)).toBe('nd_chance');
  });

  it('take rules that name them along to another key', () => {
    const next = rekeyed(map, 'one', 'first');
    expect(keys(next)).toEqual(['first', 'two', 'rest']);
    expect(next.lifecycle[1]?.rule).toEqual({ all: [{ stageBefore: ['first', 'rest'] }] });
  });

  it('can be taken out', () => expect(keys(withoutStage(map, 0))).toEqual(['two', 'rest']));
});

describe('an event', () => {
  it('stands in one journey stage or none', () => {
    expect(assigned(map, 'view', 'buy').stages.map(({ events }) => events)).toEqual([[], ['order', 'view']]);
    expect(assigned(map, 'view', null).stages.map(({ events }) => events)).toEqual([[], ['order']]);
  });
});

describe('a kept draft', () => {
  it('is read back as it was', () => expect(checkDraft(JSON.parse(JSON.stringify(map)))).toEqual(map));
  it.each([
    null,
    'text',
    {},
    { ...map, lifecycle: [] },
    { ...map, stages: [{}] },
    { ...map, lifecycle: [{ key: 'one' }] },
    { ...map, orderEvents: 'order' },
  ])('is left aside where it is none: %j', (raw) => expect(checkDraft(raw)).toBeNull());
});
