/** Events and identities through the GraphQL API of a real server. */
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
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

const INGEST = `mutation ($events: [EventInput!]!) {
  ingest(events: $events) { accepted duplicates rejected { index reason } }
}`;
const IDENTIFY = `mutation ($customerId: ID!, $anonymousId: String, $traits: JSON) {
  identify(customerId: $customerId, anonymousId: $anonymousId, traits: $traits) { id firstSeen revenue orders }
}`;

it('takes events once and says what became of each', async () => {
  const events = [
    {
      id: 'e1',
      event: 'view',
      customerId: 'ann',
      time: '2026-01-01T00:00:00Z',
      properties: { a: { b: [1, null] } },
    },
    { id: 'e1', event: 'view', customerId: 'ann', time: '2026-01-01T00:00:00Z' },
    { id: 'e2', event: 'view', customerId: 'null' },
    {
      id: 'e3',
      event: 'purchase',
      anonymousId: 'a1',
      time: '2025-12-01T00:00:00Z',
      revenue: 12.5,
      orderId: 'o1',
    },
  ];
  expect(await server.query(INGEST, { events })).toEqual({
    ingest: {
      accepted: 2,
      duplicates: 1,
      rejected: [{ index: 2, reason: 'customerId "null" is not an id.' }],
    },
  });
});

it('joins a visitor with all of its past to a customer', async () => {
  const variables = { customerId: 'ann', anonymousId: 'a1', traits: { tier: 'gold' } };
  expect(await server.query(IDENTIFY, variables)).toEqual({
    identify: { id: 'ann', firstSeen: '2025-12-01T00:00:00.000Z', revenue: 12.5, orders: 1 },
  });
});

it('answers for a customer of whom only traits are known', async () => {
  const answer = await server.query<{ identify: { id: string; revenue: number } }>(IDENTIFY, {
    customerId: 'newcomer',
    traits: { tier: 'new' },
  });
  expect(answer.identify).toMatchObject({ id: 'newcomer', revenue: 0 });
});

it('says in one sentence what is wrong', async () => {
  const tooMany = await server.ask(INGEST, {
    events: Array.from({ length: 10_001 }, () => ({ event: 'e', customerId: 'c' })),
  });
  expect(tooMany.errors).toMatchObject([
    {
      message: 'events: A call takes at most 10,000 events; these are 10,001.',
      extensions: { code: 'BAD_USER_INPUT' },
    },
  ]);
  await server.query(IDENTIFY, { customerId: 'bob' });
  const joined = await server.ask(IDENTIFY, { customerId: 'bob', anonymousId: 'ann' });
  expect(joined.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  expect(joined.errors?.[0]?.message).toContain('both known customers');
});
