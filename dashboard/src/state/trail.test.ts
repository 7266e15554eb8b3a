import { expect, test } from 'vitest';
import { beginTrail, followed, standing } from './trail.ts';
import type { Entry, Trail } from './trail.ts';

const q = (value: unknown): Entry => ({ q: JSON.stringify(value) });
const walk = (entries: readonly Entry[], everyMs = 5000): Trail =>
  entries.reduce((trail, entry, i) => followed(trail, entry, (i + 1) * everyMs), beginTrail({}));

test('each change is a step; what follows an undo replaces what was undone', () => {
  const trail = walk([q({ steps: ['a'] }), q({ steps: ['a', 'b'] })]);
  expect(trail.entries).toEqual([{}, q({ steps: ['a'] }), q({ steps: ['a', 'b'] })]);
  const undone = followed(trail, q({ steps: ['a'] }), 20_000);
  expect([undone.at, undone.entries.length]).toEqual([1, 3]);
  const other = followed(undone, q({ steps: ['a', 'c', 'd'] }), 30_000);
  expect(other.entries).toEqual([{}, q({ steps: ['a'] }), q({ steps: ['a', 'c', 'd'] })]);
});

test('a condition counts from when it can be asked', () => {
  const made = (...values: string[]) => q([{ property: 'channel', of: 'EVENT', op: 'IS', values }]);
  const typed = walk([q([{ property: 'ch', of: 'EVENT', op: 'IS', values: [] }]), made(), made('web')]);
  expect(typed.entries).toEqual([{}, made('web')]);
  const behaviour = (match: unknown) =>
    q({ stages: [], did: [{ match, isNot: false, times: 1, days: null }] });
  expect(walk([behaviour(null), behaviour({ on: 'event', value: 'buy' })]).entries).toHaveLength(2);
});

test('a number typed digit by digit is one change; the same changed slowly is several', () => {
  const window = (days: number) => q({ window: `P${days}D` });
  expect(walk([window(1), window(10), window(100)], 200).entries).toEqual([{}, window(100)]);
  expect(walk([window(1), window(10), window(100)]).entries).toHaveLength(4);
});

test('two things added quickly are two changes', () => {
  const trail = walk([q({ steps: ['a'] }), q({ steps: ['a', 'b'] }), q({ steps: ['a', 'b', 'c'] })], 50);
  expect(trail.entries).toHaveLength(4);
  expect(standing(trail)).toEqual(q({ steps: ['a', 'b', 'c'] }));
});
