/** Two real servers on one store: what is sent to both at the same time counts once, and is joined once. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { param, sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let engine: Engine;
let servers: readonly [TestServer, TestServer];
beforeAll(async () => {
  engine = await testEngine();
  servers = [await serveTest(engine), await serveTest(engine)];
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await engine.close();
});

const INGEST = `mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted duplicates rejected { index } } }`;
const IDENTIFY = `mutation ($customerId: ID!, $anonymousId: String) {
  identify(customerId: $customerId, anonymousId: $anonymousId) { id }
}`;

interface Receipt {
  readonly ingest: { readonly accepted: number; readonly duplicates: number };
}

function buys(prefix: string, count: number): object[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `${prefix}-${i}`,
    customerId: prefix,
    event: 'purchase',
    time: new Date(Date.UTC(2026, 4, 1) + i * 60_000).toISOString(),
    revenue: 2.5,
  }));
}

/** Events, ids, revenue, and what the customers' view counted. */
async function stored(prefix: string): Promise<readonly number[]> {
  const customer = sql`customer_key = cityHash64(${param.string(prefix)})`;
  const { rows } = await engine.query<Record<string, string>>({
    name: 'test.stored',
    sql: sql`SELECT count() AS events, uniqExact(event_id) AS ids, sum(revenue) AS revenue,
  (SELECT sum(customers.events) FROM customers WHERE ${customer}) AS counted,
  (SELECT sum(customers.revenue) FROM customers WHERE ${customer}) AS sums
FROM events WHERE ${customer}`,
  });
  return Object.values(rows[0] ?? {}).map(Number);
}

it('counts a batch once that ten clients send to each of two servers at the same moment', async () => {
  for (let round = 0; round < 4; round += 1) {
    const prefix = `both-${round}`;
    const events = buys(prefix, 50);
    const receipts = await Promise.all(
      Array.from({ length: 20 }, (_, i) => servers[i % 2 === 0 ? 0 : 1].query<Receipt>(INGEST, { events })),
    );
    const sum = (part: 'accepted' | 'duplicates'): number =>
      receipts.reduce((total, { ingest }) => total + ingest[part], 0);
    expect([sum('accepted'), sum('duplicates')]).toEqual([50, 19 * 50]);
    expect(await stored(prefix)).toEqual([50, 50, 125, 50, 125]);
  }
});

it('counts each event once where two servers are sent overlapping batches all the time', async () => {
  const send = async (server: TestServer, step: number): Promise<number> => {
    let accepted = 0;
    for (let i = 0; i < 25; i += 1) {
      const from = (i * step) % 300;
      const { ingest } = await server.query<Receipt>(INGEST, {
        events: buys('overlap', 400).slice(from, from + 100),
      });
      accepted += ingest.accepted;
    }
    return accepted;
  };
  const accepted = await Promise.all([send(servers[0], 17), send(servers[1], 29), send(servers[0], 41)]);
  const [events, ids, revenue, counted, sums] = await stored('overlap');
  expect(accepted.reduce((a, b) => a + b, 0)).toBe(events);
  expect([ids, revenue, counted, sums]).toEqual([events, events! * 2.5, events, events! * 2.5]);
});

it('joins a visitor to one of two customers that two servers ask for at the same moment', async () => {
  for (let round = 0; round < 6; round += 1) {
    const anonymousId = `tablet-${round}`;
    const answers = await Promise.all(
      servers.map((server, i) => server.ask(IDENTIFY, { customerId: `c${round}-${i}`, anonymousId })),
    );
    const refused = answers.filter(({ errors }) => errors !== undefined);
    expect(refused.map(({ errors }) => errors?.[0]?.extensions?.['code'])).toEqual(['BAD_USER_INPUT']);
    const { rows } = await engine.query<{ customer_id: string }>({
      name: 'test.joined',
      sql: sql`SELECT DISTINCT customer_id FROM identities WHERE alias = ${param.string(anonymousId)} AND alias != customer_id`,
    });
    expect(rows).toHaveLength(1);
  }
});

it('takes at one server what was erased at the other, and is sent again', async () => {
  const [one, other] = servers;
  const { ingestion } = other.services;
  const events = buys('erased', 20);
  expect(await ingestion.accept(events)).toMatchObject({ accepted: 20, duplicates: 0 });
  await one.query('mutation { eraseCustomer(id: "erased") }');
  expect(await stored('erased')).toEqual([0, 0, 0, 0, 0]);
  expect(await ingestion.accept(events)).toMatchObject({ accepted: 20, duplicates: 0 });
  expect(await stored('erased')).toEqual([20, 20, 50, 20, 50]);
});
