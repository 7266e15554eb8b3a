import { createClient } from 'graphql-sse';
import type { Client, ClientOptions } from 'graphql-sse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { countingEngine } from '../support/counting.ts';
import type { CountingEngine } from '../support/counting.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { watch } from '../support/live.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const QUERY = `subscription ($input: FunnelInput!) { funnel(input: $input) { steps { customers } } }`;
const variables = { input: { steps: [{ match: { events: ['view'] } }], range: { last: 'P7D' } } };
const answer = (customers: number): object => ({ data: { funnel: { steps: [{ customers }] } } });
const KEY = 'a-key-of-some-length';
const authorization = `Bearer ${KEY}`;
const INGEST = 'mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }';

let engine: Engine;
let counted: CountingEngine;
let server: TestServer;
let keyed: TestServer;

beforeAll(async () => {
  engine = await testEngine();
  counted = countingEngine(engine);
  server = await serveTest(counted, { liveLimits: { connectionsPerAddress: 10 } });
  keyed = await serveTest(engine, { adminKey: KEY });
  await storeEvents(engine, [customer('ann').did('view', Date.now() - 60_000)]);
});

afterAll(async () => {
  await server.close();
  await keyed.close();
  await engine.close();
});

const clientOf = ({ url }: TestServer, options: Partial<ClientOptions> = {}): Client =>
  createClient({ url: `${url}/graphql/stream`, retryAttempts: 0, ...options });

const post = (body: unknown, headers: Record<string, string> = {}, on = server): Promise<Response> =>
  fetch(`${on.url}/graphql/stream`, {
    method: 'POST',
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe('a live query as server-sent events', () => {
  it('is told at once, and again when it changed; sharing the computation with WebSockets', async () => {
    counted.runs('funnel');
    const socket = watch(server, QUERY, variables);
    await socket.next();
    const client = clientOf(server);
    const answers = client.iterate({ query: QUERY, variables });
    expect((await answers.next()).value).toEqual(answer(1));
    expect(counted.runs('funnel')).toBe(1);
    await server.query(INGEST, { events: [{ event: 'view', customerId: 'bob' }] });
    expect((await answers.next()).value).toEqual(answer(2));
    await answers.return?.();
    client.dispose();
    await socket.leave();
    await until('nobody is there', () => figure('live_connections', 0));
  });

  it('is neither kept nor packed on its way', async () => {
    const leave = new AbortController();
    const response = await fetch(
      `${server.url}/graphql/stream?query=${encodeURIComponent(QUERY)}&variables=${encodeURIComponent(JSON.stringify(variables))}`,
      { headers: { accept: 'text/event-stream', 'accept-encoding': 'gzip, br' }, signal: leave.signal },
    );
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('cache-control')).toContain('no-transform');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    leave.abort();
    await until('nobody is there', () => figure('live_connections', 0));
  });

  it('is told what is wrong with it, and ends', async () => {
    const client = clientOf(server);
    const asked = { ...variables.input, window: 'two weeks' };
    const answers = client.iterate({ query: QUERY, variables: { input: asked } });
    expect((await answers.next()).value).toMatchObject({
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
    expect((await answers.next()).done).toBe(true);
    const unreadable = client.iterate({ query: 'subscription { hell }' });
    expect((await unreadable.next()).value).toHaveProperty('errors');
    client.dispose();
  });

  it('comes back by itself after the server was away', async () => {
    const first = await serveTest(engine);
    let url = first.url;
    const client = createClient({
      url: () => `${url}/graphql/stream`,
      retryAttempts: 50,
      retry: () => new Promise((resolve) => setTimeout(resolve, 20)),
    });
    const answers = client.iterate({ query: QUERY, variables });
    const before = await answers.next();
    await first.close();
    const second = await serveTest(engine);
    url = second.url;
    expect(await answers.next()).toEqual(before);
    client.dispose();
    await second.close();
  });
});

describe('other operations', () => {
  it('are answered once, by query and by mutation', async () => {
    const client = clientOf(server);
    const asked = client.iterate({ query: '{ viewer { name } }' });
    expect((await asked.next()).value).toMatchObject({ data: { viewer: { name: 'admin' } } });
    expect((await asked.next()).done).toBe(true);
    const events = [{ event: 'other', customerId: 'ann' }];
    const stored = client.iterate({ query: INGEST, variables: { events } });
    expect((await stored.next()).value).toMatchObject({ data: { ingest: { accepted: 1 } } });
    client.dispose();
  });

  it('events come as they arrive', async () => {
    const client = clientOf(server);
    const feed = client.iterate({ query: 'subscription { events { event } }' });
    const next = feed.next();
    await until('the feed has begun', () => figure('live_connections', 1));
    const sending = setInterval(
      () => void server.query(INGEST, { events: [{ event: 'view', customerId: 'ann' }] }),
      100,
    );
    expect((await next).value).toMatchObject({ data: { events: { event: 'view' } } });
    clearInterval(sending);
    client.dispose();
  });
});

describe('the doors', () => {
  it('need the key where one is set', async () => {
    expect((await post({ query: QUERY, variables }, {}, keyed)).status).toBe(401);
    const client = clientOf(keyed, { headers: { authorization } });
    const answers = client.iterate({ query: QUERY, variables });
    expect((await answers.next()).value).toHaveProperty('data');
    client.dispose();
    expect((await fetch(`${keyed.url}/metrics`)).status).toBe(401);
  });

  it.each<[number, string, () => Promise<Response>]>([
    [403, 'a foreign origin', () => post({ query: QUERY }, { origin: 'https://evil.example' })],
    [406, 'no event stream', () => post({ query: QUERY }, { accept: 'application/json' })],
    [400, 'no document', () => post({})],
    [400, 'no object', () => post([{ query: QUERY }])],
    [400, 'variables that are none', () => post({ query: QUERY, variables: [1] })],
    [413, 'more than 64 kB', () => post({ query: QUERY + ' '.repeat(65_536) })],
    [
      400,
      'what a page may send without asking',
      () => post({ query: QUERY }, { 'content-type': 'text/plain' }),
    ],
    [
      405,
      'a mutation by GET',
      () =>
        fetch(`${server.url}/graphql/stream?query=mutation{deleteAudience(id:"1")}`, {
          headers: { accept: 'text/event-stream' },
        }),
    ],
    [404, 'single connection mode', () => fetch(`${server.url}/graphql/stream`, { method: 'PUT' })],
  ])('answer %i to %s', async (status, _what, ask) => {
    const response = await ask();
    expect(response.status).toBe(status);
    await response.text();
  });

  it('let in so many of one address', async () => {
    await until('nobody is there', () => figure('live_connections', 0));
    const leave = new AbortController();
    const ask = (): Promise<Response> =>
      fetch(`${server.url}/graphql/stream`, {
        method: 'POST',
        headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
        body: JSON.stringify({ query: QUERY, variables }),
        signal: leave.signal,
      });
    const held = await Promise.all(Array.from({ length: 10 }, ask));
    expect(held.map(({ status }) => status)).toEqual(held.map(() => 200));
    const refused = await ask();
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('5');
    leave.abort();
    await until('nobody is there', () => figure('live_connections', 0));
  });
});

async function figure(name: string, value: number): Promise<boolean> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return text.includes(`\nwaymark_${name} ${value}\n`);
}
