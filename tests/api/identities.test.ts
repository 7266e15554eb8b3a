/** One customer under several ids, over the wire: lists, lookup, stages and timeline. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let engine: Engine;
let server: TestServer;

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
  const time = new Date(Date.now() - 3_600_000).toISOString();
  await server.query(`mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }`, {
    events: [
      { event: 'product_viewed', anonymousId: 'visitor-7', channel: 'web', time },
      { event: 'order_completed', customerId: 'ann', channel: 'store', revenue: 30, time },
      { event: 'page_viewed', customerId: 'bob', channel: 'web', time },
    ],
  });
  await server.query(
    `mutation { identify(customerId: "ann", anonymousId: "visitor-7", traits: { name: "Ann" }) { id } }`,
  );
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

const ANN =
  '{ id aliases traits orders revenue lifecycleStage { key } events { totalCount nodes { event } } channels { name } }';

it('answers as one customer, found by each of the ids', async () => {
  const answer = await server.query<Record<'own' | 'joined', object>>(
    `{ own: customer(id: "ann") ${ANN} joined: customer(id: "visitor-7") ${ANN} }`,
  );
  expect(answer.own).toMatchObject({
    id: 'ann',
    aliases: ['visitor-7'],
    traits: { name: 'Ann' },
    orders: 1,
    revenue: 30,
    lifecycleStage: { key: 'new' },
    events: { totalCount: 2 },
  });
  expect(answer.joined).toEqual(answer.own);
});

it('lists and counts the customer once, found by the joined id too', async () => {
  expect(
    await server.query(`{ all: customers(input: {}) { totalCount }
      found: customers(input: { search: "visitor" }) { totalCount nodes { id } }
      catalog { totalCustomers }
      lifecycle(input: {}) { stages { stage { key } customers } } }`),
  ).toMatchObject({
    all: { totalCount: 2 },
    found: { totalCount: 1, nodes: [{ id: 'ann' }] },
    catalog: { totalCustomers: 2 },
    lifecycle: {
      stages: expect.arrayContaining([
        { stage: { key: 'new' }, customers: 1 },
        { stage: { key: 'prospect' }, customers: 1 },
      ]) as unknown,
    },
  });
});
