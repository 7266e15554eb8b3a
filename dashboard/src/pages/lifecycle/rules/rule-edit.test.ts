import { describe, expect, it } from 'vitest';
import { retailMap } from '../../../../../server/journey/retail.ts';
import {
  boundKind,
  boundsAs,
  conditionsOf,
  filterOf,
  grouped,
  groupOf,
  joinedWith,
  kindOf,
  KINDS,
  matchOf,
  matchParts,
  newRule,
  readSpan,
  writeSpan,
} from './rule-edit.ts';

describe('a rule', () => {
  it.each(KINDS)('of the kind %s is shown by fields as it is made', (kind) => {
    expect(kindOf(newRule(kind, ['lost']))).toBe(kind);
  });

  it('of the built-in map is shown by fields, each part of it', () => {
    const leaves = (rule: unknown): unknown[] => groupOf(rule)?.parts.flatMap(leaves) ?? [rule];
    for (const { rule } of retailMap.lifecycle.slice(0, -1))
      for (const leaf of leaves(rule)) expect(kindOf(leaf), JSON.stringify(leaf)).not.toBeNull();
  });

  it.each([
    { noOrderFor: 'P1M2D' },
    { did: { match: { anyOf: [{ events: ['a'] }] } } },
    { orders: { atLeast: 1, where: { any: [{ property: 'a', values: ['1'] }] } } },
    { neverOrdered: true, noOrderFor: 'P1D' },
    { gone: true },
    'text',
  ])('that fields cannot show is edited as text: %j', (rule) => expect(kindOf(rule)).toBeNull());

  it('is joined with another: in its group, or in a new one', () => {
    const [one, two] = [newRule('neverOrdered'), newRule('noOrderFor')];
    expect(joinedWith(one, two)).toEqual({ all: [one, two] });
    expect(joinedWith({ any: [one] }, two)).toEqual({ any: [one, two] });
    expect(joinedWith({}, two)).toBe(two);
    expect(grouped('any', [one])).toBe(one);
    expect(grouped('any', [])).toEqual({});
  });
});

describe('a span', () => {
  it.each([
    ['P60D', 60, 'day'],
    ['PT12H', 12, 'hour'],
    ['P3M', 3, 'month'],
    ['P2W', 2, 'week'],
    ['P1Y', 1, 'year'],
  ] as const)('%s is %d %s', (iso, amount, unit) => {
    expect(readSpan(iso)).toEqual({ amount, unit });
    expect(writeSpan(amount, unit)).toBe(iso);
  });
  it('of several units is not one', () => expect(readSpan('P1DT2H')).toBeNull());
});

describe('what is matched', () => {
  it('comes back as it was', () => {
    const match = {
      events: ['a', 'b'],
      channels: ['web'],
      where: {
        all: [
          { property: 'price', op: 'GT', values: ['10'] },
          { property: 'tier', of: 'CUSTOMER', op: 'IS_SET' },
        ],
      },
    };
    expect(matchOf(matchParts(match) ?? { events: [], stage: null, channels: [], where: [] })).toEqual(match);
    expect(matchOf({ events: [], stage: null, channels: [], where: [] })).toBeUndefined();
  });

  it('keeps conditions that are not finished, and speaks of the customer in traits alone', () => {
    const [empty] = conditionsOf({ property: '', op: 'IS', values: [] }) ?? [];
    expect(empty).toEqual({ property: '', of: 'EVENT', op: 'IS', values: [] });
    expect(filterOf(conditionsOf({ property: 'tier', values: ['a'] }, 'CUSTOMER') ?? [], true)).toEqual({
      property: 'tier',
      op: 'IS',
      values: ['a'],
    });
  });
});

describe('bounds', () => {
  it('keep their numbers when they change their kind', () => {
    expect(boundsAs('between', { atLeast: 3 })).toEqual({ atLeast: 3, atMost: 3 });
    expect(boundsAs('atMost', { atLeast: 2, atMost: 5 })).toEqual({ atMost: 5 });
    expect(boundsAs('never', { atLeast: 2 })).toEqual({ atMost: 0 });
    expect(boundsAs('atLeast', { atMost: 0 })).toEqual({ atLeast: 1 });
    expect(boundKind({ atMost: 0 }, true)).toBe('never');
    expect(boundKind({ atMost: 0 }, false)).toBe('atMost');
  });
});
