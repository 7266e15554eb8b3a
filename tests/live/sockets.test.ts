import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { countingEngine } from '../support/counting.ts';
import type { CountingEngine } from '../support/counting.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { watch } from '../support/live.ts';
import { makeKey, socketWith, streamWith } from '../support/keys.ts';
import { acknowledged, rawSocket } from '../support/raw-socket.ts';
import type { RawSocket } from '../support/raw-socket.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

const INPUT = `{ steps: [{ match: { events: ["view"] } }], range: { last: "P7D" } }`;
const QUERY = `subscription { funnel(input: ${INPUT}) { steps { customers } } }`;

let engine: Engine;
let counted: CountingEngine;
let server: TestServer;

beforeAll(async () => {
  engine = await testEngine();
  counted = countingEngine(engine);
  server = await serveTest(counted, { liveLimits: { connectionsPerAddress: 20 } });
  await storeEvents(engine, [customer('ann').did('view', Date.now() - 60_000)]);
});

afterAll(async () => {
  await server.close();
  await engine.close();
});

async function figure(name: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(new RegExp(`^waymark_${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

const subscribe = (id: unknown, query = QUERY): object => ({ id, type: 'subscribe', payload: { query } });

describe('viewers of one question', () => {
  it('share its computation, however each wrote it', async () => {
    counted.runs('funnel');
    const ways = [
      QUERY,
      `subscription Wall { funnel(every: "PT1S", input: ${INPUT}) { steps { customers } } }`.replace(
        ', input',
        ' # on the wall\n input',
      ),
      `subscription Other($b: Duration, $a: FunnelInput!) { funnel(input: $a, every: $b) { steps { customers } } }`,
      `subscription ($a: FunnelInput!, $b: Duration) { funnel(every: $b, input: $a) { steps { customers } } }`,
    ];
    const variables = {
      b: 'PT1S',
      a: { range: { last: 'P7D' }, steps: [{ match: { events: ['view'] } }] },
    };
    const viewers = ways.map((query) => watch(server, query, /\$/.test(query) ? variables : {}));
    for (const viewer of viewers)
      expect(await viewer.next()).toEqual({ funnel: { steps: [{ customers: 1 }] } });
    // By variables, by values, and by values with `every`: three forms of one statement, which runs once.
    expect(await figure('live_queries')).toBe(3);
    expect(counted.runs('funnel')).toBe(1);
    await Promise.all(viewers.map((viewer) => viewer.leave()));
  });

  it('come and go ten thousand times and leave nothing behind', async () => {
    const raw = await acknowledged(server);
    counted.runs('funnel');
    for (let i = 0; i < 10_000; i += 1) {
      raw.send(subscribe(String(i)));
      raw.send({ id: String(i), type: 'complete' });
      if (i % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const last = once(raw.socket, 'message');
    raw.send({ type: 'ping' });
    await last;
    expect(counted.runs('funnel')).toBeLessThan(50);
    expect(await figure('live_viewers')).toBe(0);
    await until('no query is kept up', async () => (await figure('live_queries')) === 0, 10_000);
    expect(raw.socket.readyState).toBe(raw.socket.OPEN);
    raw.socket.close();
    await raw.closed;
  });
});

describe('a viewer that stops reading', () => {
  it('holds up nobody, and is told the newest when it reads on', async () => {
    const slow = await acknowledged(server);
    slow.send(subscribe('slow'));
    await until('it has its first answer', () => slow.received.length > 1);
    slow.socket.pause();
    const viewer = watch(server, QUERY);
    const events = (i: number): object => ({ events: [{ event: 'view', customerId: `new-${i}` }] });
    const ingest = 'mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }';
    for (let i = 1; i <= 3; i += 1) {
      await viewer.next();
      await server.query(ingest, events(i));
    }
    const newest = await viewer.next();
    expect(newest).toEqual({ funnel: { steps: [{ customers: 4 }] } });
    slow.socket.resume();
    await until('it was told the newest', () => {
      const { payload } = slow.received.at(-1) as { payload?: { data: unknown } };
      return JSON.stringify(payload?.data) === JSON.stringify(newest);
    });
    await viewer.leave();
    slow.socket.terminate();
  });
});

describe('limits', () => {
  it('a hundred subscriptions over one connection; the others go on', async () => {
    const raw = await acknowledged(server);
    for (let i = 0; i < 101; i += 1) raw.send(subscribe(String(i)));
    await until('all are answered', () => raw.received.length >= 102);
    const refused = raw.received.filter(({ type }) => type === 'error');
    expect(refused).toMatchObject([
      { id: '100', payload: [{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }] },
    ]);
    raw.send({ id: '0', type: 'complete' });
    raw.send(subscribe('again'));
    await until('a place is free again', () => raw.received.some(({ id }) => id === 'again'));
    raw.socket.close();
    await raw.closed;
  });

  it('so many subscriptions of one key over all its connections; freed when they end', async () => {
    const adminKey = 'a-key-of-some-length';
    const authorization = `Bearer ${adminKey}`;
    // A store of its own: where keys were made, nobody comes in without one.
    const own = await testEngine();
    const keyed = await serveTest(own, { adminKey, liveLimits: { followedPerKey: 3 } });
    const key = await makeKey(keyed, 'VIEWER');
    const isRefused = async (raw: RawSocket, id: string): Promise<boolean> => {
      raw.send(subscribe(id));
      await until('it is answered', () => raw.received.some((message) => message['id'] === id));
      const { type, payload } = raw.received.find((message) => message['id'] === id) ?? {};
      if (type !== 'error') return false;
      expect(payload).toMatchObject([
        {
          message: expect.stringContaining('At most 3 a key') as string,
          extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' },
        },
      ]);
      return true;
    };
    const [one, two] = [await socketWith(keyed, key), await socketWith(keyed, key)];
    expect([await isRefused(one, 'a'), await isRefused(one, 'b')]).toEqual([false, false]);
    const stream = await streamWith(keyed, key, QUERY);
    expect(stream.status).toBe(200);
    expect(await isRefused(two, 'c')).toBe(true);
    const late = await streamWith(keyed, key, QUERY);
    expect(late.status).toBe(429);
    await late.cancel();
    const other = await socketWith(keyed, await makeKey(keyed, 'VIEWER'));
    expect(await isRefused(other, 'a')).toBe(false);
    // A stream that is left, a subscription that ends and a socket that breaks each give their places back.
    let asked = 0;
    const hasPlace = async (): Promise<boolean> => !(await isRefused(two, `again-${(asked += 1)}`));
    await stream.cancel();
    await until('the stream has given its place back', hasPlace);
    one.send({ id: 'a', type: 'complete' });
    await until('the subscription has', hasPlace);
    expect(await hasPlace()).toBe(false);
    one.socket.terminate();
    await until('the socket has', hasPlace);
    await keyed.services.keys.revoke(key.id);
    expect((await two.closed).code).toBe(4403);
    await until('the other key alone is there', async () => {
      const headers = { authorization };
      const text = await (await fetch(`${keyed.url}/metrics`, { headers })).text();
      return /^waymark_live_connections 1$/m.test(text) && /^waymark_live_viewers 1$/m.test(text);
    });
    other.socket.close();
    await keyed.close();
    await own.close();
  });

  it('so many connections of one address; the others go on', async () => {
    await until('nobody is there', async () => (await figure('live_connections')) === 0);
    const held = await Promise.all(Array.from({ length: 20 }, () => acknowledged(server)));
    const refused = await rawSocket(server);
    expect(await refused.closed).toMatchObject({ code: 1013 });
    held[0]?.socket.close();
    await held[0]?.closed;
    const viewer = await acknowledged(server);
    viewer.send(subscribe('a'));
    await until('it is answered', () => viewer.received.length > 1);
    for (const { socket } of [...held, viewer]) socket.terminate();
  });
});

describe('what breaks the protocol is closed with a code', () => {
  const init = { type: 'connection_init' };
  it.each<[string, number, (object | string | Buffer)[]]>([
    ['a second init', 4429, [init, init]],
    ['subscribe before the acknowledgement', 4401, [subscribe('a')]],
    ['no JSON', 4400, ['{']],
    ['an unknown type', 4400, [{ type: 'hello' }]],
    ['no id', 4400, [init, subscribe(undefined)]],
    ['binary', 4400, [Buffer.from(JSON.stringify(init))]],
    ['more than 64 kB', 1009, [init, subscribe('a', `${QUERY}${' '.repeat(65_536)}`)]],
    ['nothing within three seconds', 4408, []],
  ])('%s', async (_what, code, messages) => {
    const raw = await rawSocket(server);
    for (const message of messages) raw.send(message);
    expect((await raw.closed).code).toBe(code);
  });

  it('the same id twice', async () => {
    const raw = await acknowledged(server);
    raw.send(subscribe('a'));
    raw.send(subscribe('a'));
    expect((await raw.closed).code).toBe(4409);
  });

  it('another subprotocol', async () => {
    await expect(rawSocket(server, { protocol: 'graphql-ws' })).rejects.toThrow();
  });

  it('and none of it hurts others: nested without end, names of JavaScript', async () => {
    const raw = await acknowledged(server);
    raw.send(
      `{"id":"deep","type":"subscribe","payload":{"query":"subscription ($a: FunnelInput!) { funnel(input: $a) { steps { label } } }","variables":{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}}}`,
    );
    raw.send(subscribe('__proto__'));
    raw.send(subscribe('constructor'));
    await until('all are answered', () => new Set(raw.received.map(({ id }) => id)).size >= 4);
    raw.socket.close();
    await raw.closed;
  });
});
