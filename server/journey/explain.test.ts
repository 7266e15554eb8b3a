import { describe, expect, it } from 'vitest';
import { planStages } from './conditions.ts';
import type { Facts } from './conditions.ts';
import { explainStage, stageOf } from './explain.ts';
import type { JourneyMap } from './map.ts';
import { retailMap } from './retail.ts';
import type { LifecycleRule } from './rule.ts';

const now = Date.UTC(2026, 5, 1);
const DAY = 86_400_000;

/** Facts by what they say of each track, in the order in which the rule names them. */
function explained(rule: LifecycleRule, values: readonly number[], daysAgo: number, trait = true): string {
  const stage = { key: 'a', name: 'Stage', color: '#000000', description: 'A.', isLost: false };
  const map: JourneyMap = {
    ...retailMap,
    lifecycle: [
      { ...stage, rule },
      { ...stage, key: 'b', rule: {} },
    ],
  };
  const { signals, traits } = planStages(map);
  const facts: Facts = {
    values,
    lastMs: signals.map(() => now - daysAgo * DAY),
    traits: traits.map(() => trait),
  };
  return explainStage(map, facts, now);
}

describe('why a customer is in a stage', () => {
  it.each<[LifecycleRule, readonly number[], number, string]>([
    [{ neverOrdered: true }, [0], 0, 'Stage: no order yet.'],
    [
      { noOrderFor: 'P60D' },
      [1, 0],
      81,
      'Stage: no order for 60 days (the last on 2026-03-12, 81 days ago).',
    ],
    [
      { orders: { atLeast: 3, within: 'P180D' } },
      [4],
      1,
      'Stage: 4 orders in the last 180 days (3 or more).',
    ],
    [{ orders: { atMost: 1 } }, [1], 1, 'Stage: 1 order so far (1 or less).'],
    [
      { revenue: { atLeast: 1000, within: 'P365D' } },
      [1520.5],
      1,
      'Stage: revenue of 1,520.5 in the last 365 days (1,000 or more).',
    ],
    [
      { firstOrderWithin: 'P30D' },
      [1],
      0.5,
      'Stage: the first order came in the last 30 days (on 2026-05-31, less than a day ago).',
    ],
    [
      { cameBack: { within: 'P30D', after: 'P120D' } },
      [1],
      1,
      'Stage: an order in the last 30 days that came after 120 days or more without one (the last on 2026-05-31, 1 day ago).',
    ],
    [
      { did: { match: { events: ['points_viewed'] }, atLeast: 1, atMost: 3, within: 'P7D' } },
      [2],
      1,
      'Stage: 2 "points_viewed" events in the last 7 days (1 to 3).',
    ],
    [
      { notSeenFor: { for: 'P90D' } },
      [5, 0],
      95,
      'Stage: no "any event" event for 90 days (the last on 2026-02-26, 95 days ago).',
    ],
    [
      {
        trait: {
          any: [
            { property: 'tier', values: ['gold', 'silver'] },
            { property: 'vip', op: 'IS_SET' },
          ],
        },
      },
      [],
      1,
      'Stage: tier is gold or silver or vip is set.',
    ],
    [
      { orders: { atLeast: 2, within: 'P30D', where: { property: 'category', values: ['shoes'] } } },
      [2],
      1,
      'Stage: 2 orders where category is shoes in the last 30 days (2 or more).',
    ],
    [
      { revenue: { atMost: 10, where: { property: 'sale', op: 'IS_SET' } } },
      [5],
      1,
      'Stage: revenue of 5 where sale is set so far (10 or less).',
    ],
    [
      { did: { match: { events: ['a'], where: { property: 'b', op: 'GT', values: ['1'] } } } },
      [1],
      1,
      'Stage: 1 "a" event where b gt 1 so far (1 or more).',
    ],
    [{ not: { neverOrdered: true } }, [2], 1, 'Stage: it is not so that there is no order yet.'],
    [
      { all: [{ noOrderFor: 'P30D' }, { did: { match: { events: ['a'] } } }] },
      [1, 0, 1],
      40,
      'Stage: no order for 30 days (the last on 2026-04-22, 40 days ago), and 1 "a" event so far (1 or more).',
    ],
  ])('%j', (rule, values, daysAgo, sentence) => {
    expect(explained(rule, values, daysAgo)).toBe(sentence);
  });

  it('tells only the alternatives that hold', () => {
    const rule = { any: [{ noOrderFor: 'P60D' }, { noOrderFor: 'P30D' }] };
    expect(explained(rule, [1, 1, 0], 40)).toBe(
      'Stage: no order for 30 days (the last on 2026-04-22, 40 days ago).',
    );
  });

  it('tells which stage was before', () => {
    const [first, second, ...rest] = retailMap.lifecycle;
    if (!first || !second) throw new Error('The retail map has stages.');
    const back = { ...second, rule: { stageBefore: ['prospect', 'dormant'] } };
    const kept = { ...second, key: 'kept', rule: { not: { stageBefore: ['at_risk', 'dormant'] } } };
    const map: JourneyMap = { ...retailMap, lifecycle: [first, back, kept, ...rest] };
    const facts = { values: [1], lastMs: [now], traits: [] };
    expect(explainStage(map, { ...facts, stage: 2, before: 1 }, now)).toBe(
      'Lost: Prospect as the stage before.',
    );
    expect(explainStage(map, { ...facts, stage: 3, before: 1 }, now)).toBe(
      'Lost: it is not so that there is Dormant or At risk as the stage before.',
    );
  });

  it('says so where no other rule holds', () => {
    expect(explained({ neverOrdered: true }, [1], 1)).toBe('Stage: the rule of no other stage holds.');
  });
});

it('takes a customer of whom nothing is known for one without an order', () => {
  expect(stageOf(retailMap, { values: [], lastMs: [], traits: [] }).key).toBe('prospect');
});

describe('a plan', () => {
  it('holds equal tracks once', () => {
    const { signals, tracks } = planStages(retailMap);
    expect(signals.map(({ kind }) => kind)).toEqual(['order', 'match', 'comeback', 'firstOrder', 'revenue']);
    expect(tracks).toHaveLength(10);
  });
});
