/** Lists of customers, one customer, the timeline: on the real engine, through the schema. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { storeTraits } from '../support/traits.ts';

let engine: Engine;
const now = '2026-06-01T00:00:00Z';

const STORIES = [
  customer('ann')
    .did('product_viewed', '2026-03-01T10:00Z', { channel: 'web', category: 'shoes', size: 38 })
    .did('order_completed', '2026-03-01T10:05Z', { channel: 'web', orderId: 'a1', revenue: 100 })
    .did('order_completed', '2026-03-01T10:05Z', { channel: 'web', orderId: 'a1', revenue: 20 })
    .did('order_refunded', '2026-03-05T10:00Z', { channel: 'store', orderId: 'a1', revenue: -20 })
    .did('points_viewed', '2026-05-20T10:00Z', { channel: 'app' }),
  customer('bob').did('page_viewed', '2026-05-30T10:00Z', { channel: 'web' }),
  customer('cleo')
    .did('order_completed', '2025-12-01T10:00Z', { channel: 'store', revenue: 50 })
    .did('order_completed', '2026-05-25T10:00Z', { channel: 'store', revenue: 60 })
    .did('review_submitted', '2026-05-25T10:00Z', { channel: 'app' }),
  customer('dave').did('order_completed', '2026-04-15T10:00Z', { channel: 'web', revenue: 2000 }),
];

beforeAll(async () => {
  engine = await testEngine();
  await storeEvents(engine, STORIES);
  await storeTraits(engine, { bob: { name: 'Robert Müller', tier: 'gold', visits: 3 } });
});
afterAll(() => engine.close());

const ask = <T>(source: string, variables?: Record<string, unknown>) =>
  askOf(engine, { now })<T>(source, variables);

interface Connection {
  customers: {
    totalCount: number;
    nodes: { id: string }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  };
}
const LIST = `query ($input: CustomersInput!, $first: Int, $after: String) {
  customers(input: $input, first: $first, after: $after) {
    totalCount nodes { id orders revenue } pageInfo { hasNextPage endCursor } } }`;

const idsOf = async (input: object) =>
  (await ask<Connection>(LIST, { input })).customers.nodes.map(({ id }) => id);

describe('customers', () => {
  it.each([
    ['LAST_SEEN', ['bob', 'cleo', 'ann', 'dave']],
    ['FIRST_SEEN', ['bob', 'dave', 'ann', 'cleo']],
    ['REVENUE', ['dave', 'cleo', 'ann', 'bob']],
  ])('are listed by %s, largest or newest first', async (orderBy, ids) => {
    expect(await idsOf({ orderBy })).toEqual(ids);
  });

  it('are listed by orders, each order id once', async () => {
    const { customers } = await ask<Connection>(LIST, { input: { orderBy: 'ORDERS' } });
    const orders = Object.fromEntries(customers.nodes.map((node) => [node.id, node]));
    expect(customers.nodes[0]).toEqual({ id: 'cleo', orders: 2, revenue: 110 });
    expect(orders['ann']).toEqual({ id: 'ann', orders: 1, revenue: 100 });
    expect(orders['bob']).toEqual({ id: 'bob', orders: 0, revenue: 0 });
  });

  it.each(['LAST_SEEN', 'FIRST_SEEN', 'REVENUE', 'ORDERS'])(
    'come page by page, each once, by %s',
    async (orderBy) => {
      const seen: string[] = [];
      let after: string | null = null;
      for (let page = 0; page < 10; page += 1) {
        const { customers }: Connection = await ask(LIST, { input: { orderBy }, first: 1, after });
        expect(customers.totalCount).toBe(4);
        seen.push(...customers.nodes.map(({ id }) => id));
        after = customers.pageInfo.endCursor;
        if (!customers.pageInfo.hasNextPage) break;
      }
      expect(seen).toEqual(await idsOf({ orderBy }));
    },
  );

  it('keep their total past the last page, and with a page of none', async () => {
    const { customers } = await ask<Connection>(LIST, { input: {}, first: 4 });
    const past = await ask<Connection>(LIST, { input: {}, after: customers.pageInfo.endCursor });
    expect(past.customers).toMatchObject({ totalCount: 4, nodes: [], pageInfo: { hasNextPage: false } });
    const none = await ask<Connection>(LIST, { input: {}, first: 0 });
    expect(none.customers).toMatchObject({ totalCount: 4, nodes: [] });
  });

  it('are found by a part of the id, ignoring case', async () => {
    expect(await idsOf({ search: 'AV' })).toEqual(['dave']);
    expect(await idsOf({ search: '  ' })).toHaveLength(4);
    expect(await idsOf({ search: "'; DROP TABLE events" })).toEqual([]);
  });

  it('are found by name, and carry their traits as sent', async () => {
    expect(await idsOf({ search: 'MÜLL' })).toEqual(['bob']);
    expect(await idsOf({ search: 'GOLD' })).toEqual(['bob']);
    expect(await idsOf({ search: 'tier' })).toEqual([]);
    expect(await idsOf({ search: '"' })).toEqual([]);
    expect(await idsOf({ search: 'robert mü' })).toEqual(['bob']);
    expect(await ask('{ customer(id: "bob") { traits } }')).toEqual({
      customer: { traits: { name: 'Robert Müller', tier: 'gold', visits: 3 } },
    });
  });

  it('are narrowed by lifecycle stage', async () => {
    expect(await idsOf({ audience: { lifecycleStages: ['at_risk', 'prospect'] } })).toEqual(['bob', 'ann']);
    await expect(idsOf({ audience: { lifecycleStages: ['vip'] } })).rejects.toThrow(
      'There is no lifecycle stage "vip"',
    );
  });

  it('refuse a cursor that is not theirs', async () => {
    await expect(ask(LIST, { input: {}, after: 'bogus' })).rejects.toThrow('cursor');
  });
});

describe('a customer', () => {
  it('shows stage and reason, history, channels and journey stage', async () => {
    const { ann } = await ask<{ ann: unknown }>(`{ ann: customer(id: "ann") {
      id firstSeen lastSeen orders revenue aliases traits
      lifecycleStage { key } lifecycleReason lifecycleHistory { at from to }
      journeyStage { key } channels { name events revenue customers } } }`);
    expect(ann).toEqual({
      id: 'ann',
      firstSeen: '2026-03-01T10:00:00.000Z',
      lastSeen: '2026-05-20T10:00:00.000Z',
      orders: 1,
      revenue: 100,
      aliases: [],
      traits: {},
      lifecycleStage: { key: 'at_risk' },
      lifecycleReason: 'At risk: no order for 60 days (the last on 2026-03-01, 91 days ago).',
      lifecycleHistory: [
        { at: '2026-03-01T10:00:00.000Z', from: null, to: 'prospect' },
        { at: '2026-03-01T10:05:00.000Z', from: 'prospect', to: 'new' },
        { at: '2026-03-31T10:05:00.000Z', from: 'new', to: 'active' },
        { at: '2026-04-30T10:05:00.000Z', from: 'active', to: 'at_risk' },
      ],
      journeyStage: { key: 'loyalty' },
      channels: [
        { name: 'web', events: 3, revenue: 120, customers: 1 },
        { name: 'app', events: 1, revenue: 0, customers: 1 },
        { name: 'store', events: 1, revenue: -20, customers: 1 },
      ],
    });
  });

  it('is null where nobody has the id', async () => {
    expect(await ask('{ customer(id: "nobody") { id } }')).toEqual({ customer: null });
  });

  it('takes the furthest stage where the newest events share an instant', async () => {
    expect(await ask('{ customer(id: "cleo") { journeyStage { key } lifecycleReason } }')).toEqual({
      customer: {
        journeyStage: { key: 'advocacy' },
        lifecycleReason:
          'Won back: an order in the last 30 days that came after 120 days or more without one (the last on 2026-05-25, 6 days ago).',
      },
    });
  });

  it('loads the details of a whole list with one statement a kind', async () => {
    let statements = 0;
    const counting: Engine = Object.assign(Object.create(engine) as Engine, {
      query: (...args: Parameters<Engine['query']>) => {
        statements += 1;
        return engine.query(...args);
      },
    });
    await askOf(counting, { now })(`{ customers(input: {}) { nodes {
      orders lifecycleStage { key } lifecycleReason journeyStage { key } channels { name } aliases traits
      lifecycleHistory { to } } } }`);
    // Of so few customers the newest rows do not tell the page: it is asked for a second time, in full.
    expect(statements).toBe(3 + 7);
  });
});

describe("a customer's events", () => {
  const TIMELINE = `query ($first: Int, $after: String, $match: EventMatchInput) { customer(id: "ann") {
    events(first: $first, after: $after, match: $match) { totalCount
      nodes { id event time channel stage { key } orderId revenue sessionId properties customer { id } }
      pageInfo { hasNextPage endCursor } } } }`;
  interface Timeline {
    customer: {
      events: {
        totalCount: number;
        nodes: { id: string; event: string }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
    };
  }

  it('come newest first, page by page, each once also at one instant', async () => {
    const all = (await ask<Timeline>(TIMELINE)).customer.events;
    expect(all.nodes.map(({ event }) => event)).toEqual([
      'points_viewed',
      'order_refunded',
      'order_completed',
      'order_completed',
      'product_viewed',
    ]);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { events }: Timeline['customer'] = (await ask<Timeline>(TIMELINE, { first: 1, after })).customer;
      expect(events.totalCount).toBe(5);
      seen.push(...events.nodes.map(({ id }) => id));
      after = events.pageInfo.hasNextPage ? events.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(all.nodes.map(({ id }) => id));
  });

  it('carry what was sent', async () => {
    const { events } = (await ask<Timeline>(TIMELINE, { match: { stage: 'consideration' } })).customer;
    expect(events.totalCount).toBe(1);
    expect(events.nodes[0]).toMatchObject({
      event: 'product_viewed',
      time: '2026-03-01T10:00:00.000Z',
      channel: 'web',
      stage: { key: 'consideration' },
      orderId: null,
      revenue: null,
      sessionId: null,
      properties: { category: 'shoes', size: 38 },
      customer: { id: 'ann' },
    });
  });
});
