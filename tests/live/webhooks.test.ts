/** Webhooks to real servers: signed, in order, tried again after failures and restarts, refused where they must not go. */
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const INGEST = `mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }`;
const SAVE = `mutation ($input: WebhookInput!) { saveWebhook(input: $input) { id url secret isActive paused lifecycle { from to } audienceId } }`;
const LIST = `{ webhooks { id secret lastDelivery failingSince failures nextTry paused } }`;
const LOG = `query ($id: ID!, $after: String) { webhookDeliveries(id: $id, first: 2, after: $after) {
  nodes { moves attempt status problem isTest } pageInfo { hasNextPage endCursor } } }`;

interface Received {
  readonly body: string;
  readonly signature: string;
}
interface Letter {
  readonly webhook: string;
  readonly kind: string;
  readonly moves: readonly {
    readonly id: string;
    readonly customer: { readonly id: string };
    readonly to?: string;
    readonly audience?: object;
  }[];
}
interface Saved {
  readonly saveWebhook: { readonly id: string; readonly secret: string | null; readonly url: string };
}
interface Listed {
  readonly webhooks: readonly {
    readonly id: string;
    readonly secret: null;
    readonly failures: number;
    readonly lastDelivery: string | null;
    readonly failingSince: string | null;
    readonly paused: string | null;
  }[];
}
interface Logged {
  readonly webhookDeliveries: {
    readonly nodes: readonly {
      readonly moves: number;
      readonly attempt: number;
      readonly status: number | null;
      readonly problem: string | null;
      readonly isTest: boolean;
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
  };
}

let engine: Engine;
let server: TestServer;
let receiver: Server;
let url: string;
let received: Received[];
let answer: () => number;
const open = (webhooks: object = {}): Promise<TestServer> =>
  serveTest(engine, { webhooks: { allowPrivate: true, retryMs: 20, ...webhooks } });

beforeEach(async () => {
  received = [];
  answer = () => 200;
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const status = answer();
      received.push({
        body: Buffer.concat(chunks).toString(),
        signature: String(request.headers['waymark-signature']),
      });
      response
        .writeHead(status, status === 302 ? { location: 'http://127.0.0.1:1/' } : {})
        .end('a'.repeat(100));
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  engine = await testEngine();
  server = await open();
});

afterEach(async () => {
  await server.close();
  await engine.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

const orders = (ids: readonly string[]): Promise<unknown> => {
  const time = new Date().toISOString();
  const events = ids.map((customerId) => ({
    event: 'order_completed',
    customerId,
    orderId: customerId,
    revenue: 5,
    time,
  }));
  return server.query(INGEST, { events });
};
const save = async (input: object): Promise<Saved['saveWebhook']> =>
  (await server.query<Saved>(SAVE, { input: { url, ...input } })).saveWebhook;
const letters = (): readonly Letter[] => received.map(({ body }) => JSON.parse(body) as Letter);
const customers = (): readonly string[] =>
  letters().flatMap(({ moves }) => moves.map(({ customer }) => customer.id));
const names = (count: number, prefix = 'c'): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${String(i).padStart(3, '0')}`);
const listed = async (): Promise<Listed['webhooks'][number] | undefined> =>
  (await server.query<Listed>(LIST)).webhooks[0];

describe('a webhook', () => {
  it('gets moves signed, in order, at most 100 in a request, and tells its secret once', async () => {
    const { id, secret } = await save({ lifecycle: { to: 'new' } });
    await orders(names(150));
    await until('all were delivered', () => customers().length >= 150, 20_000);
    expect([...customers()].sort()).toEqual(names(150));
    expect(Math.max(...letters().map(({ moves }) => moves.length))).toBeLessThanOrEqual(100);
    const ids = letters().flatMap(({ moves }) => moves.map((move) => move.id));
    expect(new Set(ids).size).toBe(150);
    for (const { body, signature } of received) {
      const [, seconds, digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
      expect(digest).toBe(
        createHmac('sha256', secret ?? '')
          .update(`${seconds}.${body}`)
          .digest('hex'),
      );
      expect(JSON.parse(body)).toMatchObject({ webhook: id, kind: 'lifecycleChanged' });
    }
    await until('that stands in the list', async () => (await listed())?.lastDelivery != null);
    expect(await listed()).toMatchObject({ id, secret: null, failures: 0, failingSince: null, paused: null });
  });

  it('is tried again after failures and after a restart, nothing lost and nothing out of order', async () => {
    answer = () => 500;
    const { id } = await save({ lifecycle: {} });
    await orders(['ann']);
    await until('it was tried three times', () => received.length >= 3, 20_000);
    await orders(['bob']);
    const failing = await listed();
    expect(failing?.failures).toBeGreaterThan(0);
    expect(failing?.failingSince).not.toBeNull();
    await server.close();
    received = [];
    answer = () => 204;
    server = await open();
    server.services.automation.start();
    await until('both were delivered', () => customers().length >= 2, 20_000);
    expect(customers()).toEqual(['ann', 'bob']);
    await until('that was written down', async () => (await listed())?.failingSince === null);
    const log = await server.query<Logged>(LOG, { id });
    expect(log.webhookDeliveries.nodes[0]).toMatchObject({ status: 204, problem: null });
    const { endCursor, hasNextPage } = log.webhookDeliveries.pageInfo;
    expect(hasNextPage).toBe(true);
    const more = await server.query<Logged>(LOG, { id, after: endCursor });
    expect(more.webhookDeliveries.nodes[0]).toMatchObject({
      status: 500,
      problem: 'Answered 500.',
      moves: 1,
    });
  });

  it('is paused when nothing was taken for too long, says so, and goes on when it is saved again', async () => {
    await server.close();
    server = await open({ giveUpMs: 0 });
    answer = () => 302;
    const { id } = await save({ lifecycle: {} });
    await orders(['ann']);
    await until('it was paused', async () => (await listed())?.paused != null, 20_000);
    expect((await listed())?.paused).toMatch(/^Nothing was taken since .*302: redirects are not followed/);
    answer = () => 200;
    received = [];
    await save({ id, lifecycle: {} });
    await until('it goes on', () => customers().length > 0, 20_000);
    expect(customers()).toEqual(['ann']);
  });

  it('gets who enters an audience; can be tested and deleted; one that fails keeps no other waiting', async () => {
    const document = `mutation ($d: AudienceInput!) { saveAudience(name: "one", definition: $d) { id } }`;
    const d = { did: [{ match: { events: ['order_completed'] } }] };
    const { id: audienceId } = (await server.query<{ saveAudience: { id: string } }>(document, { d }))
      .saveAudience;
    const dead = await save({ url: 'http://127.0.0.1:1/', audienceId });
    const { id } = await save({ audienceId });
    await orders(['ann']);
    await until('it was delivered', () => customers().includes('ann'), 20_000);
    expect(letters()[0]).toMatchObject({
      kind: 'audienceEntered',
      moves: [{ audience: { id: audienceId } }],
    });
    const tested = await server.query(
      `mutation ($id: ID!) { testWebhook(id: $id) { status problem isTest } }`,
      { id },
    );
    expect(tested).toEqual({ testWebhook: { status: 200, problem: null, isTest: true } });
    expect(letters().at(-1)).toEqual({ webhook: id, kind: 'test', moves: [] });
    const refused = await server.query(`mutation ($id: ID!) { testWebhook(id: $id) { status problem } }`, {
      id: dead.id,
    });
    expect(refused).toEqual({ testWebhook: { status: null, problem: 'Nobody listens at the address.' } });
    expect(await server.query(`mutation ($id: ID!) { deleteWebhook(id: $id) }`, { id })).toEqual({
      deleteWebhook: true,
    });
    expect(await server.query(`mutation ($id: ID!) { deleteWebhook(id: $id) }`, { id })).toEqual({
      deleteWebhook: false,
    });
  });

  it('goes to no private address unless that is allowed, by name neither, and names one subject', async () => {
    const strict = await serveTest(engine);
    const problem = async (input: object): Promise<string> =>
      (await strict.ask(SAVE, { input: { url, lifecycle: {}, ...input } })).errors?.[0]?.message ?? '';
    expect(await problem({ url: 'https://127.0.0.1/' })).toMatch(
      /public addresses only.*WEBHOOK_ALLOW_PRIVATE/,
    );
    expect(await problem({ url: 'https://localhost/' })).toMatch(/public addresses only/);
    expect(await problem({})).toMatch(/An https:\/\/ address: what is sent names customers/);
    expect(await problem({ url: 'https://example.com/', lifecycle: null })).toMatch(
      /Either `audienceId` or `lifecycle`/,
    );
    expect(await problem({ url: 'https://8.8.8.8/', lifecycle: { to: 'gone' } })).toMatch(
      /no lifecycle stage "gone"/,
    );
    const { id } = await save({ lifecycle: {} });
    const tested = await strict.query(`mutation ($id: ID!) { testWebhook(id: $id) { status problem } }`, {
      id,
    });
    expect(tested).toMatchObject({ testWebhook: { status: null, problem: 'Not https.' } });
    expect(received).toEqual([]);
    await strict.close();
  });
});
