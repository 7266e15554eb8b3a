import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { InputError } from '../query/problem.ts';
import { readJourneyMap } from './read-map.ts';
import { retailMap } from './retail.ts';

describe('the built-in retail map', () => {
  it('is the one that users copy', () => {
    expect(readJourneyMap(parse(readFileSync('journey-map.example.yaml', 'utf8')))).toEqual(retailMap);
  });

  it('passes its own checks', () => {
    expect(readJourneyMap(structuredClone(retailMap))).toEqual(retailMap);
  });

  it('tells the nine stages apart by colour', () => {
    expect(new Set(retailMap.lifecycle.map(({ color }) => color)).size).toBe(9);
  });
});

const stage = { key: 'look', name: 'Look', color: '#112233', description: 'Looks.', events: ['view'] };
const everybody = { key: 'rest', name: 'Rest', color: '#112233', description: 'The rest.' };
const map = (changes: object = {}) => ({
  stages: [stage],
  lifecycle: [everybody],
  orderEvents: ['buy'],
  ...changes,
});
const withRule = (rule: unknown) => map({ lifecycle: [{ ...everybody, key: 'first', rule }, everybody] });

/** `field CODE` of every problem. */
function problemsOf(value: unknown): readonly string[] {
  try {
    readJourneyMap(value);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map(({ field, code }) => `${field} ${code}`);
  }
}

describe('a journey map', () => {
  it('needs no more than stages, a lifecycle and order events', () => {
    expect(readJourneyMap(map())).toEqual({
      stages: [stage],
      lifecycle: [{ ...everybody, rule: {}, isLost: false }],
      orderEvents: ['buy'],
      returnEvents: [],
    });
  });

  it.each([
    [
      'is no object',
      'stages',
      ['journeyMap NOT_AN_OBJECT', 'stages NOT_A_LIST', 'orderEvents NOT_A_LIST', 'lifecycle NOT_A_LIST'],
    ],
    ['has an unknown field', map({ stage: [] }), ['journeyMap.stage UNKNOWN_FIELD']],
    ['has no stage', map({ stages: [] }), ['stages NOT_A_LIST']],
    [
      'uses a key twice',
      map({ stages: [stage, { ...stage, events: ['x'] }] }),
      ['stages[1].key DUPLICATE_KEY'],
    ],
    [
      'has an event in two stages',
      map({ stages: [stage, { ...stage, key: 'b' }] }),
      ['stages[1].events DUPLICATE_EVENT'],
    ],
    ['takes back what it counts', map({ returnEvents: ['buy'] }), ['returnEvents DUPLICATE_EVENT']],
    ['has a colour by name', map({ stages: [{ ...stage, color: 'red' }] }), ['stages[0].color BAD_COLOR']],
    ['has a key with a space', map({ stages: [{ ...stage, key: 'to look' }] }), ['stages[0].key BAD_KEY']],
    [
      'lacks texts',
      map({ stages: [{ key: 'a', events: ['b'] }] }),
      ['stages[0].color NOT_A_TEXT', 'stages[0].name NOT_A_TEXT', 'stages[0].description NOT_A_TEXT'],
    ],
    [
      'leaves somebody without a stage',
      map({ lifecycle: [{ ...everybody, rule: { neverOrdered: true } }] }),
      ['lifecycle[0].rule NO_CATCH_ALL'],
    ],
    [
      'has stages that nobody reaches',
      map({ lifecycle: [everybody, { ...everybody, key: 'b' }] }),
      ['lifecycle[0].rule UNREACHABLE_STAGE'],
    ],
  ])('is refused when it %s', (_, value, problems) => {
    expect(problemsOf(value)).toEqual(problems);
  });

  it('is told all its problems at once', () => {
    const bad = map({
      stages: [{ ...stage, color: 'red', key: 'A' }],
      lifecycle: [{ ...everybody, isLost: 1 }],
    });
    expect(problemsOf(bad)).toEqual([
      'stages[0].key BAD_KEY',
      'stages[0].color BAD_COLOR',
      'lifecycle[0].isLost BAD_STAGE',
    ]);
  });
});

describe('a lifecycle rule', () => {
  it.each([
    [{ noOrderFor: 'P60D' }],
    [{ orders: { atLeast: 3, within: 'P180D' } }],
    [{ revenue: { atLeast: 0.5, atMost: 10 } }],
    [{ did: {} }],
    [{ did: { match: { anyOf: [{ events: ['a'] }, { stage: 'look' }] }, atMost: 0 } }],
    [{ notSeenFor: { for: 'P1M', match: { channels: ['store'] } } }],
    [
      {
        trait: {
          any: [
            { property: 'tier', values: ['gold'] },
            { property: 'vip', op: 'IS_SET' },
          ],
        },
      },
    ],
    [{ all: [{ any: [{ not: { neverOrdered: true } }] }] }],
    [{ orders: { atLeast: 2, where: { property: 'category', values: ['shoes'] } } }],
    [{ revenue: { atLeast: 2, within: 'P1Y', where: { not: { property: 'sale', op: 'IS_SET' } } } }],
    [{ stageBefore: ['rest'] }],
    [{ all: [{ orders: { atLeast: 1, within: 'P30D' } }, { not: { stageBefore: ['rest'] } }] }],
  ])('may be %j', (rule) => {
    expect(problemsOf(withRule(rule))).toEqual([]);
  });

  const at = 'lifecycle[0].rule';
  it.each([
    ['days', [`${at} NOT_AN_OBJECT`]],
    [{ noOrder: 'P60D' }, [`${at}.noOrder UNKNOWN_FIELD`]],
    [{ noOrderFor: '60 days' }, [`${at}.noOrderFor BAD_DURATION`]],
    [{ noOrderFor: 60 }, [`${at}.noOrderFor BAD_DURATION`]],
    [{ neverOrdered: false }, [`${at}.neverOrdered BAD_RULE`]],
    [{ neverOrdered: true, noOrderFor: 'P1D' }, [`${at} BAD_RULE`]],
    [{ orders: { within: 'P1D' } }, [`${at}.orders BAD_RULE`]],
    [{ orders: { atLeast: 1.5 } }, [`${at}.orders BAD_COUNT`]],
    [{ orders: { atLeast: 3, atMost: 2 } }, [`${at}.orders BAD_COUNT`]],
    [{ revenue: { atLeast: '9' } }, [`${at}.revenue BAD_COUNT`]],
    [{ cameBack: { within: 'P1D' } }, [`${at}.cameBack.after BAD_DURATION`]],
    [{ did: { match: { stage: 'nowhere' } } }, [`${at}.did.match.stage UNKNOWN_STAGE`]],
    [{ did: { match: { event: 'view' } } }, [`${at}.did.match.event UNKNOWN_FIELD`]],
    [{ did: { match: { events: 'view' } } }, [`${at}.did.match.events NOT_A_LIST`]],
    [{ trait: { property: 'tier', of: 'EVENT', values: ['a'] } }, [`${at}.trait BAD_RULE`]],
    [{ trait: { property: 'tier' } }, [`${at}.trait.values BAD_FILTER`]],
    [{ trait: 'gold' }, [`${at}.trait NOT_AN_OBJECT`]],
    [{ trait: { property: 'tier', op: 'EQUALS', values: ['a'] } }, [`${at}.trait.op BAD_FILTER`]],
    [{ trait: { property: 'tier', values: 'gold' } }, [`${at}.trait.values NOT_A_LIST`]],
    [{ trait: { property: 'age', op: 'GT', values: [30] } }, [`${at}.trait.values[0] NOT_A_TEXT`]],
    [{ trait: { tier: 'gold' } }, [`${at}.trait.tier UNKNOWN_FIELD`]],
    [{ orders: { atLeast: 1, where: {} } }, [`${at}.orders.where BAD_FILTER`]],
    [
      { orders: { atLeast: 1, where: { property: 5, values: ['a'] } } },
      [`${at}.orders.where.property NOT_A_TEXT`],
    ],
    [{ orders: { atLeast: 1, match: {} } }, [`${at}.orders.match UNKNOWN_FIELD`]],
    [{ revenue: { where: { property: 'a', op: 'IS_SET' } } }, [`${at}.revenue BAD_RULE`]],
    [{ did: { match: { stage: 5 } } }, [`${at}.did.match.stage NOT_A_TEXT`]],
    [
      { did: { match: { anyOf: [{ where: { property: 'a', of: 'THING', op: 'IS_SET' } }] } } },
      [`${at}.did.match.anyOf[0].where.of BAD_FILTER`],
    ],
    [{ stageBefore: 'rest' }, [`${at}.stageBefore NOT_A_LIST`]],
    [{ stageBefore: [] }, [`${at}.stageBefore NOT_A_LIST`]],
    [{ stageBefore: ['rest', 7] }, [`${at}.stageBefore[1] NOT_A_TEXT`]],
    [{ any: [{ stageBefore: ['rest', 'gone'] }] }, [`${at}.any[0].stageBefore[1] UNKNOWN_STAGE`]],
    [{ not: { stageBefore: ['first'] } }, [`${at}.not.stageBefore[0] BAD_RULE`]],
    [{ all: [] }, [`${at}.all NOT_A_LIST`]],
    [{ any: [{ noOrderFor: 'x' }] }, [`${at}.any[0].noOrderFor BAD_DURATION`]],
  ])('may not be %j', (rule, problems) => {
    expect(problemsOf(withRule(rule))).toEqual(expect.arrayContaining(problems));
  });

  it('that is refused says what there is', () => {
    const refused = () => readJourneyMap(withRule({ stageBefore: ['gone'] }));
    expect(refused).toThrow('There is no lifecycle stage "gone"; there are first, rest.');
  });

  it('looks at so many different things only', () => {
    const many = Array.from({ length: 120 }, (_, i) => ({ did: { match: { events: [`e${i}`] } } }));
    expect(problemsOf(withRule({ any: many }))).toEqual(['lifecycle TOO_MANY_RULES']);
  });

  it('nests only so deep', () => {
    const deep = Array.from({ length: 9 }).reduce<object>((rule) => ({ not: rule }), { neverOrdered: true });
    expect(problemsOf(withRule(deep)).join()).toContain('RULE_TOO_DEEP');
  });
});
