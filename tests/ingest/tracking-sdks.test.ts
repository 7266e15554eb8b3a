/** The public SDKs of Segment and RudderStack as clients: nothing but another host. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import RudderStack from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { sendBatch, trackedOf } from '../support/tracking.ts';

const KEY = 'the-write-key-of-this-test';
const AUTH = { authorization: `Bearer ${KEY}` };
let engine: Engine;
let server: TestServer;

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine, { adminKey: KEY });
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

const FUNNEL = `query ($customerId: String!) {
  funnel(input: {
    range: { last: "P2D" }
    where: { property: "campaign", values: ["spring"] }
    steps: [{ match: { events: ["page_viewed"] } }, { match: { events: ["Product Viewed"] } }, { match: { stage: "purchase" } }]
  }) { steps { customers } }
  sales: metric(input: { measure: REVENUE, range: { last: "P2D" }, where: { property: "orderId", values: [$customerId] } }) { total }
}`;

async function ask(customerId: string): Promise<Record<string, unknown> | null | undefined> {
  const { data, errors } = await server.ask(FUNNEL, { customerId }, AUTH);
  expect(errors).toBeUndefined();
  return data;
}

interface Client {
  page(message: object): unknown;
  track(message: object): unknown;
  identify(message: object): unknown;
  alias(message: object): unknown;
  group(message: object): unknown;
  screen(message: object): unknown;
}

/** One customer's way through all kinds of message. */
function shop(client: Client, name: string): void {
  const context = { campaign: { name: 'spring', source: 'mail' }, ip: '203.0.113.9', locale: 'de-DE' };
  const visitor = { anonymousId: `${name}-visitor`, context };
  const customer = { userId: name, context };
  client.page({ ...visitor, name: 'Home', properties: { path: '/' } });
  client.track({ ...visitor, event: 'Product Viewed', properties: { price: 10 } });
  client.identify({ userId: name, anonymousId: `${name}-visitor`, traits: { tier: 'gold' }, context });
  client.track({ ...customer, event: 'Order Completed', properties: { order_id: name, total: 25 } });
  client.screen({ ...customer, name: 'Thanks' });
  client.group({ userId: name, groupId: 'club', traits: { plan: 'plus' }, context });
  client.alias({ userId: name, previousId: `${name}-old`, context });
  client.track({ ...customer, event: 'Order Refunded', properties: { order_id: name, total: 5 } });
}

async function expectShopped(name: string, funnel: readonly number[]): Promise<void> {
  const rows = [...(await trackedOf(engine, `${name}-visitor`)), ...(await trackedOf(engine, name))];
  expect(rows.map(({ event, channel }) => `${event} ${channel}`).sort()).toEqual([
    'Order Completed ',
    'Order Refunded ',
    'Product Viewed ',
    'page_viewed web',
    'screen_viewed app',
  ]);
  for (const { properties } of rows) {
    expect(properties).toMatchObject({ campaign: 'spring', campaign_source: 'mail', locale: 'de-DE' });
    expect(properties).not.toHaveProperty('ip');
    expect(properties).not.toHaveProperty('sent_time');
  }
  const data = await ask(name);
  expect(data).toMatchObject({
    funnel: { steps: funnel.map((customers) => ({ customers })) },
    sales: { total: 20 },
  });
}

const segmentOf = (host: string, more: object = {}): Analytics =>
  new Analytics({ writeKey: KEY, host, flushAt: 5, flushInterval: 100, ...more });

it('takes what Segment for Node sends', async () => {
  const analytics = segmentOf(server.url);
  const errors: unknown[] = [];
  analytics.on('error', (error) => errors.push(error));
  shop(analytics, 'segment');
  await analytics.closeAndFlush();
  expect(errors).toEqual([]);
  await expectShopped('segment', [1, 1, 1]);
});

it('takes what RudderStack for Node sends, packed and unpacked', async () => {
  for (const [name, gzip, reached] of [
    ['rudder', true, 2],
    ['rudder-plain', false, 3],
  ] as const) {
    const client = new RudderStack(KEY, { dataPlaneUrl: server.url, gzip, flushAt: 20, flushInterval: 100 });
    // The first message goes alone, at once.
    shop(client, name);
    await client.flush();
    await client.flush();
    await expectShopped(name, [reached, reached, reached]);
  }
});

it('tells an SDK with a wrong key that it is wrong, and it gives up', async () => {
  const analytics = new Analytics({ writeKey: 'wrong', host: server.url, flushAt: 1 });
  const failed = new Promise<{ reason?: unknown }>((resolve) => analytics.on('error', resolve));
  analytics.track({ userId: 'stranger', event: 'Seen' });
  expect(String((await failed).reason)).toContain('401');
  expect(await trackedOf(engine, 'stranger')).toEqual([]);
});

it('counts once what an SDK sends again because an answer was lost on the way', async () => {
  let calls = 0;
  const proxy = createServer((incoming, outgoing) => {
    calls += 1;
    const isLost = calls === 1;
    const { method, headers } = incoming;
    const onward = request(`${server.url}${incoming.url}`, { method, headers }, (answer) => {
      if (isLost) {
        answer.resume().once('end', () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const analytics = segmentOf(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, { maxRetries: 3 });
  for (let i = 0; i < 5; i += 1) {
    analytics.track({
      userId: 'retried',
      event: 'Order Completed',
      properties: { total: 10, order_id: `r${i}` },
    });
  }
  await analytics.closeAndFlush();
  proxy.closeAllConnections();
  proxy.close();
  expect(calls).toBe(2);
  const rows = await trackedOf(engine, 'retried');
  expect(rows.map(({ revenue }) => Number(revenue))).toEqual([10, 10, 10, 10, 10]);
});

it('answers a batch as the mutation answers the same events', async () => {
  const time = new Date(Date.now() - 60_000).toISOString();
  const sent = Array.from({ length: 6 }, (_, i) => ({
    id: `same-${Math.min(i, 3)}`,
    event: i === 4 ? '' : 'Lesson Booked',
    userId: i === 5 ? 'null' : 'same',
    revenue: i,
    channel: 'store',
    properties: { seat: i },
  }));
  const viaBatch = await sendBatchAs('b');
  const { data } = await server.ask(
    'mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted duplicates rejected { index reason } } }',
    {
      events: sent.map(({ id, event, userId, revenue, channel, properties }) => ({
        ...{ id: `m-${id}`, event, customerId: userId === 'same' ? 'm-same' : userId, time },
        ...{ revenue, channel, properties },
      })),
    },
    AUTH,
  );
  expect(viaBatch).toEqual(data?.['ingest']);
  const [ours, theirs] = [await trackedOf(engine, 'b-same'), await trackedOf(engine, 'm-same')];
  const bare = (rows: typeof ours) => rows.map((row) => ({ ...row, event_id: row.event_id.slice(2) }));
  expect(bare(ours)).toEqual(bare(theirs));

  async function sendBatchAs(prefix: string): Promise<unknown> {
    const messages = sent.map(({ id, event, userId, revenue, channel, properties }) => ({
      ...{ type: 'track', messageId: `${prefix}-${id}`, event, timestamp: time },
      userId: userId === 'same' ? `${prefix}-same` : userId,
      properties: { ...properties, revenue, channel },
    }));
    const { success, ...receipt } = (await sendBatch(server, messages, { writeKey: KEY })).body;
    expect(success).toBe(true);
    return receipt;
  }
});
