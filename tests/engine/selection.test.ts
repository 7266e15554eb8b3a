import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { compileAudience, normaliseAudience } from '../../server/query/audience.ts';
import type { AudienceRequest } from '../../server/query/audience.ts';
import { compileMatch, normaliseMatch } from '../../server/query/event-match.ts';
import type { EventMatchRequest } from '../../server/query/event-match.ts';
import type { CompileScope } from '../../server/query/events.ts';
import { compileFilter, normaliseFilter } from '../../server/query/filter.ts';
import type { FilterRequest } from '../../server/query/filter.ts';
import { INTERVALS, intervalStart, startOfInterval } from '../../server/query/period.ts';
import { param, sql } from '../../server/query/sql.ts';
import { WEEK_STARTS } from '../../server/query/time-range.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';

const vocabulary = {
  stages: new Map([['purchase', ['bought']]]),
  orderEvents: ['bought'],
  returnEvents: ['returned'],
};
const scope: CompileScope = {
  nowMs: Date.parse('2026-01-31T00:00Z'),
  vocabulary,
  hasMergedIdentities: false,
  customersInLifecycleStages: () => sql`SELECT toUInt64(0)`,
};

let engine: Engine;

beforeAll(async () => {
  engine = await testEngine();
  await storeEvents(engine, [
    customer('ann')
      .did('looked', '2026-01-01T10:00Z', {
        id: 'a1',
        channel: 'web',
        price: 9.5,
        tags: 'red shoe',
        vip: true,
      })
      .did('bought', '2026-01-02T10:00Z', { id: 'a2', channel: 'store', revenue: 120, orderId: 'o1' }),
    customer('bob')
      .did('looked', '2026-01-03T10:00Z', {
        id: 'b1',
        channel: 'app',
        price: 20,
        名前: '李雷',
        'a.b': 'dotted',
      })
      .did('looked', '2026-01-20T10:00Z', { id: 'b2', channel: 'web', at: '2026-05-01T00:00:00Z' }),
    customer('cem').did('bought', '2026-01-04T10:00Z', { id: 'c1', channel: 'web', revenue: 30 }),
  ]);
  await engine.insert('customer_traits', [
    {
      customer_key: await keyOf('ann'),
      customer_id: 'ann',
      traits: { tier: 'gold', city: 'Köln' },
      updated_at: '2026-01-01 00:00:00',
    },
    {
      customer_key: await keyOf('bob'),
      customer_id: 'bob',
      traits: { tier: 'silver' },
      updated_at: '2026-01-01 00:00:00',
    },
  ]);
});

afterAll(() => engine.close());

async function keyOf(id: string): Promise<string> {
  const key = {
    name: 'test',
    sql: sql`SELECT cityHash64(${param.string(id)}) AS key`,
    row: undefined as { key: string } | undefined,
  };
  return (await engine.query(key)).rows[0]?.key ?? '';
}

async function eventIds(condition: ReturnType<typeof sql>): Promise<string[]> {
  const query = {
    name: 'test',
    sql: sql`SELECT event_id AS id FROM events WHERE ${condition} ORDER BY id`,
    row: undefined as { id: string } | undefined,
  };
  return (await engine.query(query)).rows.map((row) => row.id);
}

const filtered = (filter: FilterRequest): Promise<string[]> =>
  eventIds(compileFilter(normaliseFilter(filter, 'where')));
const matched = (match: EventMatchRequest): Promise<string[]> =>
  eventIds(compileMatch(normaliseMatch(match, vocabulary, 'match'), vocabulary));

describe('filters on events', () => {
  it.each<[string, FilterRequest, string[]]>([
    ['a built-in', { property: 'channel', values: ['store', 'app'] }, ['a2', 'b1']],
    ['a number compares as text for IS', { property: 'price', values: ['9.5'] }, ['a1']],
    ['a boolean as text', { property: 'vip', values: ['true'] }, ['a1']],
    ['what is unset is not x', { property: 'price', op: 'IS_NOT', values: ['20'] }, ['a1', 'a2', 'b2', 'c1']],
    ['contains ignores case', { property: 'tags', op: 'CONTAINS', values: ['SHOE'] }, ['a1']],
    [
      'not contains holds for the unset',
      { property: 'tags', op: 'NOT_CONTAINS', values: ['shoe'] },
      ['a2', 'b1', 'b2', 'c1'],
    ],
    ['starts with', { property: 'tags', op: 'STARTS_WITH', values: ['red', 'blue'] }, ['a1']],
    ['a pattern', { property: 'tags', op: 'MATCHES', values: ['^red\\s'] }, ['a1']],
    ['numbers as numbers', { property: 'price', op: 'GT', values: ['10'] }, ['b1']],
    [
      'between includes both ends',
      { property: 'revenue', op: 'BETWEEN', values: ['30', '120'] },
      ['a2', 'c1'],
    ],
    ['times as times', { property: 'at', op: 'LT', values: ['2026-05-01T02:00:00+01:00'] }, ['b2']],
    ['set', { property: 'orderId', op: 'IS_SET' }, ['a2']],
    ['not set', { property: 'revenue', op: 'IS_NOT_SET' }, ['a1', 'b1', 'b2']],
    ['Chinese names', { property: '名前', values: ['李雷'] }, ['b1']],
    ['dotted names', { property: 'a.b', values: ['dotted'] }, ['b1']],
    ['a trait', { property: 'tier', of: 'CUSTOMER', values: ['gold'] }, ['a1', 'a2']],
    [
      'a trait that some have not',
      { property: 'tier', of: 'CUSTOMER', op: 'IS_NOT', values: ['gold'] },
      ['b1', 'b2', 'c1'],
    ],
    ['a trait not set', { property: 'tier', of: 'CUSTOMER', op: 'IS_NOT_SET' }, ['c1']],
    [
      'nested',
      { all: [{ property: 'channel', values: ['web'] }, { not: { property: 'event', values: ['bought'] } }] },
      ['a1', 'b2'],
    ],
    [
      'any',
      {
        any: [
          { property: 'customerId', values: ['cem'] },
          { property: 'price', op: 'LTE', values: ['9.5'] },
        ],
      },
      ['a1', 'c1'],
    ],
  ])('%s', async (_name, filter, ids) => {
    expect(await filtered(filter)).toEqual(ids);
  });

  it.each([
    "a') , (select 'PWNED",
    '`; drop table events; --',
    '"',
    '\\',
    '..',
    '{x:Identifier}',
    '__proto__',
    'getSubcolumn',
  ])('the name %j is a name: nothing matches, the table stands', async (property) => {
    expect(await filtered({ property, values: ['x'] })).toEqual([]);
    expect(await filtered({ property, op: 'IS_NOT_SET' })).toHaveLength(5);
  });

  it.each([
    "' OR 1=1 --",
    '{p1:String}',
    '?',
    '$1',
    '\\N',
    '/* */',
    '; SELECT 1',
    'FORMAT Null',
    "file('/etc/passwd')",
  ])('the value %j is a literal', async (value) => {
    for (const op of ['IS', 'CONTAINS', 'STARTS_WITH', 'GT'] as const) {
      expect(await filtered({ property: 'tags', op, values: [value] })).toEqual(
        op === 'GT' ? await textAbove(value) : [],
      );
    }
  });

  const textAbove = async (value: string): Promise<string[]> => ('red shoe' > value ? ['a1'] : []);

  it.each<[string, FilterRequest, RegExp]>([
    ['no form', {}, /exactly one/],
    ['two forms', { property: 'a', values: ['1'], any: [{ property: 'b', values: ['1'] }] }, /exactly one/],
    ['too few values', { property: 'a' }, /IS takes 1 to 1000 values/],
    ['too many values', { property: 'a', op: 'GT', values: ['1', '2'] }, /GT takes 1 values, not 2/],
    ['empty all', { all: [] }, /1 to 100/],
    ['no name', { property: '', values: ['x'] }, /1 to 1024 characters/],
    ['values without a property', { all: [{ property: 'a', op: 'IS_SET' }], values: ['1'] }, /exactly one/],
    [
      'a pattern that RE2 does not take',
      { property: 'a', op: 'MATCHES', values: ['(?=x)'] },
      /not a regular expression/,
    ],
    ['values too long', { property: 'a', values: ['x'.repeat(60_001)] }, /60000 bytes/],
  ])('refuses %s', (_name, filter, message) => {
    expect(() => normaliseFilter(filter, 'where')).toThrow(message);
  });
});

describe('properties', () => {
  it('keep the very text that was sent, also where it looks like a date', async () => {
    const query = {
      name: 'test',
      sql: sql`SELECT toJSONString(properties) AS text FROM events WHERE event_id = 'b2'`,
      row: undefined as { text: string } | undefined,
    };
    const { rows } = await engine.query(query);
    expect(JSON.parse(rows[0]?.text ?? '')).toEqual({ at: '2026-05-01T00:00:00Z' });
  });
});

describe('event matches', () => {
  it.each<[string, EventMatchRequest, string[]]>([
    ['anything', {}, ['a1', 'a2', 'b1', 'b2', 'c1']],
    ['by name', { events: ['looked'] }, ['a1', 'b1', 'b2']],
    ['by stage', { stage: 'purchase' }, ['a2', 'c1']],
    ['name and channel', { events: ['looked'], channels: ['web'] }, ['a1', 'b2']],
    ['any of', { anyOf: [{ stage: 'purchase' }, { channels: ['app'] }] }, ['a2', 'b1', 'c1']],
  ])('%s', async (_name, match, ids) => {
    expect(await matched(match)).toEqual(ids);
  });

  it('refuses an unknown stage and names those there are', () => {
    expect(() => normaliseMatch({ stage: 'nirvana' }, vocabulary, 'm')).toThrow(/there are purchase/);
  });
});

describe('audiences', () => {
  it.each<[string, AudienceRequest, string[]]>([
    ['did', { did: [{ match: { events: ['bought'] } }] }, ['ann', 'cem']],
    ['did not', { didNot: [{ match: { events: ['bought'] } }] }, ['bob']],
    ['at least twice', { did: [{ match: { events: ['looked'] }, atLeast: 2 }] }, ['bob']],
    [
      'at most once, zero too',
      { did: [{ match: { events: ['looked'] }, atLeast: 0, atMost: 1 }] },
      ['ann', 'cem'],
    ],
    ['within a window', { did: [{ match: { events: ['looked'] }, within: 'P14D' }] }, ['bob']],
    ['by trait', { where: { property: 'tier', of: 'CUSTOMER', values: ['gold'] } }, ['ann']],
    ['by an event property', { where: { property: 'channel', values: ['store'] } }, ['ann']],
    [
      'any of, except',
      {
        anyOf: [{ did: [{ match: { stage: 'purchase' } }] }],
        except: { where: { property: 'city', of: 'CUSTOMER', values: ['Köln'] } },
      },
      ['cem'],
    ],
  ])('%s', async (_name, request, ids) => {
    const condition = compileAudience(normaliseAudience(request, vocabulary, ['active'], 'audience'), scope);
    const query = {
      name: 'test',
      sql: sql`SELECT DISTINCT customer_id AS id FROM events WHERE ${condition} ORDER BY id`,
      row: undefined as { id: string } | undefined,
    };
    expect((await engine.query(query)).rows.map((row) => row.id)).toEqual(ids);
  });

  it('refuses an unknown lifecycle stage', () => {
    expect(() => normaliseAudience({ lifecycleStages: ['asleep'] }, vocabulary, ['active'], 'a')).toThrow(
      /there are active/,
    );
  });
});

describe('intervals', () => {
  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Asia/Shanghai',
  ];

  it('begin at the same instants in SQL and in code, daylight saving and all', async () => {
    const times = Array.from({ length: 400 }, (_, i) => Date.parse('2025-01-01T00:17:00Z') + i * 90_400_000);
    for (const timeZone of zones) {
      for (const weekStart of WEEK_STARTS) {
        const frame = { timeZone, weekStart };
        const starts = INTERVALS.map((interval) => intervalStart(sql`t`, interval, frame));
        const [hour, day, week, month, quarter, year] = starts as [
          ReturnType<typeof sql>,
          ...ReturnType<typeof sql>[],
        ];
        const query = {
          name: 'test',
          sql: sql`SELECT [${hour}, ${day!}, ${week!}, ${month!}, ${quarter!}, ${year!}] AS starts FROM (SELECT arrayJoin(${param.times(times)}) AS t)`,
          row: undefined as { starts: number[] } | undefined,
        };
        const { rows } = await engine.query(query);
        const expected = times.map((ms) =>
          INTERVALS.map((interval) => startOfInterval(ms, interval, frame) / 1000),
        );
        expect(rows.map((row) => row.starts)).toEqual(expected);
      }
    }
  });
});
