/** Recency, frequency and monetary value, asked of the schema: literal stories, literal scores. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { InputError } from '../../server/query/problem.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';

let engine: Engine;
const NOW = '2026-06-11T12:00:00Z';

/** Ten buyers: the i-th ordered i times, the last time on June i, for 10 each. */
beforeAll(async () => {
  engine = await testEngine();
  const buyers = Array.from({ length: 10 }, (_, i) => {
    const story = customer(`buyer-${i + 1}`);
    for (let n = i; n >= 0; n -= 1) {
      story.did('purchase', Date.UTC(2026, 5, i + 1 - n), { revenue: 10, channel: 'web' });
    }
    return story;
  });
  await storeEvents(engine, [
    ...buyers,
    customer('looker').did('visit', '2026-06-01T00:00Z'),
    customer('returner').did('return', '2026-06-01T00:00Z', { revenue: -5 }),
    customer('later').did('purchase', '2026-06-12T00:00Z', { revenue: 1000 }),
  ]);
});
afterAll(() => engine.close());

interface Answer {
  readonly segments: readonly {
    readonly name: string;
    readonly customers: number;
    readonly revenue: number;
  }[];
}

const ask = (source: string, variables = {}) => askOf(engine, { now: NOW })(source, variables);
const segmentsOf = async (input: object): Promise<Record<string, number>> => {
  const { rfm } = await askOf(engine, { now: NOW })<{ rfm: Answer }>(
    `query ($input: RfmInput!) { rfm(input: $input) { segments { name customers revenue } } }`,
    { input },
  );
  return Object.fromEntries(rfm.segments.filter((s) => s.customers > 0).map((s) => [s.name, s.customers]));
};

describe('segments', () => {
  it('are eleven, in one order, and hold everybody who is known once', async () => {
    const { rfm } = await askOf(engine, { now: NOW })<{ rfm: Answer }>(
      `{ rfm(input: {}) { segments { name customers share revenue } } }`,
    );
    expect(rfm.segments).toEqual([
      { name: 'champions', customers: 2, share: 2 / 12, revenue: 190 },
      { name: 'loyal', customers: 2, share: 2 / 12, revenue: 150 },
      { name: 'active', customers: 0, share: 0, revenue: 0 },
      { name: 'promising', customers: 0, share: 0, revenue: 0 },
      { name: 'new', customers: 0, share: 0, revenue: 0 },
      { name: 'needs attention', customers: 2, share: 2 / 12, revenue: 110 },
      { name: 'almost lost', customers: 0, share: 0, revenue: 0 },
      { name: 'at risk', customers: 0, share: 0, revenue: 0 },
      { name: 'previously loyal', customers: 0, share: 0, revenue: 0 },
      { name: 'dormant', customers: 4, share: 4 / 12, revenue: 100 },
      { name: 'prospects', customers: 2, share: 2 / 12, revenue: -5 },
    ]);
  });

  it('are those of the instant asked for: what came later is not known yet', async () => {
    expect(await segmentsOf({ at: '2026-06-01T00:00:00Z' })).toEqual({ dormant: 10, prospects: 2 });
    expect(await segmentsOf({ at: '2026-05-01T00:00:00Z' })).toEqual({});
  });

  it('count the orders of the range alone; who has none in it is a prospect', async () => {
    const range = { from: '2026-06-09T00:00:00Z', to: '2026-06-11T00:00:00Z' };
    expect(await segmentsOf({ range })).toEqual({ dormant: 1, 'needs attention': 1, prospects: 10 });
  });

  it('are of the audience, with its own fifths', async () => {
    const audience = { did: [{ match: { events: ['purchase'] }, atLeast: 9 }] };
    expect(await segmentsOf({ audience })).toEqual({ dormant: 1, 'needs attention': 1 });
  });

  it('open into their people, prospects too', async () => {
    expect(
      await ask(`{ rfm(input: {}) {
        champions: segments(name: "champions") { members { totalCount nodes { id } } }
        prospects: segments(name: "prospects") { members { totalCount nodes { id rfm { r } } } }
      } }`),
    ).toEqual({
      rfm: {
        champions: [{ members: { totalCount: 2, nodes: [{ id: 'buyer-10' }, { id: 'buyer-9' }] } }],
        prospects: [
          {
            members: {
              totalCount: 2,
              nodes: expect.arrayContaining([
                { id: 'looker', rfm: null },
                { id: 'returner', rfm: null },
              ]) as unknown,
            },
          },
        ],
      },
    });
  });
});

it('has all 25 cells, which open into their people', async () => {
  const answer = await ask(`{ rfm(input: {}) {
    all: cells { recency frequency }
    best: cells(recency: 5, frequency: 5) { customers averageMonetary members { nodes { id } } }
    empty: cells(recency: 5, frequency: 1) { customers averageMonetary members { totalCount } }
  } }`);
  expect(answer).toMatchObject({
    rfm: {
      best: [
        { customers: 2, averageMonetary: 95, members: { nodes: [{ id: 'buyer-10' }, { id: 'buyer-9' }] } },
      ],
      empty: [{ customers: 0, averageMonetary: 0, members: { totalCount: 0 } }],
    },
  });
  expect((answer as { rfm: { all: unknown[] } }).rfm.all).toHaveLength(25);
});

it('tells the scores of a customer, and nothing of a prospect', async () => {
  const scores = 'rfm { recencyDays frequency monetary r f m segment }';
  const answer = await ask(`{
    buyer: customer(id: "buyer-6") { ${scores} }
    looker: customer(id: "looker") { ${scores} }
  }`);
  expect(answer).toEqual({
    buyer: {
      rfm: { recencyDays: 5.5, frequency: 6, monetary: 60, r: 3, f: 3, m: 3, segment: 'needs attention' },
    },
    looker: { rfm: null },
  });
});

it('asks once for the scores of a whole list', async () => {
  const names: string[] = [];
  const watched: Engine = {
    ...engine,
    query: (query, options) => {
      names.push(query.name);
      return engine.query(query, options);
    },
  };
  await askOf(watched, { now: NOW })(`{ customers(input: {}) { nodes { rfm { segment } } } }`);
  expect(names.filter((name) => name === 'customer_rfm')).toHaveLength(1);
});

describe('what cannot be answered', () => {
  const range = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' };
  it.each([
    ['an instant before the range', { at: '2026-02-01T00:00:00Z', range }, ['at', 'BAD_INSTANT']],
    ['an instant that no event can have', { at: '2200-01-01T00:00:00Z' }, ['at', 'BAD_INSTANT']],
    ['a reversed range', { range: { from: range.to, to: range.from } }, ['range', 'BAD_RANGE']],
    [
      'an unknown stage',
      { audience: { lifecycleStages: ['x'] } },
      ['audience.lifecycleStages', 'UNKNOWN_STAGE'],
    ],
  ])('%s', async (_, input, [field, code]) => {
    const error = await ask(`query ($input: RfmInput!) { rfm(input: $input) { cells { customers } } }`, {
      input,
    }).then(
      () => null,
      (found: Error) => (found.cause as { originalError?: unknown }).originalError,
    );
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).problems).toMatchObject([{ field, code }]);
  });
});
