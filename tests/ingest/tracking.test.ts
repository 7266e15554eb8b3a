/** Segment's tracking API over real HTTP: what comes in, what is refused and how, what is kept. */
import { connect } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { param, sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { post, sendBatch, trackedOf, view } from '../support/tracking.ts';
import type { TrackingAnswer } from '../support/tracking.ts';

const MB = 1024 * 1024;
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

const call = (
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<TrackingAnswer> => post(server, path, body, headers);
const send = (path: string, body: unknown): Promise<TrackingAnswer> => call(path, JSON.stringify(body));
const batch = (messages: readonly unknown[]): Promise<TrackingAnswer> => sendBatch(server, messages);
const storedOf = (customerId: string) => trackedOf(engine, customerId);

async function keptAside(reason: string): Promise<readonly string[]> {
  const { rows } = await engine.query<{ payload: string }>({
    name: 'test.kept_aside',
    sql: sql`SELECT payload FROM rejected_events WHERE reason = ${param.string(reason)} AND source = 'segment'`,
  });
  return rows.map(({ payload }) => payload);
}

describe('what comes in', () => {
  it('takes each kind of message at its own address, by its long and its short name', async () => {
    for (const path of ['track', 't']) {
      expect(await send(`/v1/${path}`, { userId: 'kinds', event: 'Product Viewed' })).toEqual({
        status: 200,
        body: { success: true, accepted: 1, duplicates: 0, rejected: [] },
      });
    }
    for (const path of ['page', 'p']) await send(`/v1/${path}`, { userId: 'kinds', name: 'Home' });
    for (const path of ['screen', 's']) await send(`/v1/${path}`, { userId: 'kinds', category: 'Shop' });
    for (const path of ['identify', 'i']) {
      expect((await send(`/v1/${path}`, { userId: 'kinds', traits: { tier: 'gold' } })).body.accepted).toBe(
        1,
      );
    }
    for (const path of ['group', 'g']) {
      await send(`/v1/${path}`, { userId: 'kinds', groupId: 'club', traits: { plan: 'plus' } });
    }
    for (const path of ['alias', 'a']) {
      expect((await send(`/v1/${path}`, { userId: 'kinds', previousId: `was-${path}` })).body.accepted).toBe(
        1,
      );
    }
    expect((await storedOf('kinds')).map(({ event, channel }) => `${event} ${channel}`)).toEqual(
      expect.arrayContaining(['Product Viewed ', 'page_viewed web', 'screen_viewed app']),
    );
    const { rows } = await engine.query<{ traits: string }>({
      name: 'test.traits',
      sql: sql`SELECT toJSONString(traits) AS traits FROM customer_traits FINAL WHERE customer_id = 'kinds'`,
    });
    expect(JSON.parse(rows[0]?.traits ?? '')).toEqual({
      tier: 'gold',
      groupId: 'club',
      group: { plan: 'plus' },
    });
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['identity', (text: string) => Buffer.from(text)],
  ] as const)('unpacks %s, whatever the type says', async (encoding, pack) => {
    const body = pack(JSON.stringify({ batch: [view('packed')] }));
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
      const answer = await call('/v1/batch', body, { 'content-encoding': encoding, 'content-type': type });
      expect(answer).toMatchObject({ status: 200, body: { accepted: 1 } });
    }
  });

  it('counts an id once: in a batch, across calls and addresses, and when sent again at another time', async () => {
    const sale = { event: 'Order Completed', userId: 'once', messageId: 'm-once', properties: { total: 9 } };
    const message = { type: 'track', ...sale };
    expect((await batch([message, message, { ...message, timestamp: '2026-01-01' }])).body).toMatchObject({
      accepted: 1,
      duplicates: 2,
    });
    expect((await send('/v1/track', sale)).body).toMatchObject({ accepted: 0, duplicates: 1 });
    expect(await storedOf('once')).toHaveLength(1);
  });

  it('counts the same batch once that is sent 50 times at once', async () => {
    const messages = Array.from({ length: 20 }, (_, i) => view('crowd', { messageId: `crowd-${i}` }));
    const answers = await Promise.all(Array.from({ length: 50 }, () => batch(messages)));
    expect(answers.reduce((sum, { body }) => sum + (body.accepted ?? 0), 0)).toBe(20);
    expect(answers.reduce((sum, { body }) => sum + (body.duplicates ?? 0), 0)).toBe(49 * 20);
  });

  it('keeps a bad message aside with its reason, without the key, and stores its neighbours', async () => {
    const bad = { type: 'track', event: '', userId: 'x', writeKey: 'secret' };
    const answer = await batch([
      view('neighbour'),
      null,
      'text',
      bad,
      { type: 'sing' },
      view('neighbour', { properties: 'x' }),
      { type: 'identify' },
      { type: 'alias', userId: 'x' },
      view('neighbour'),
    ]);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ success: true, accepted: 2, duplicates: 0 });
    expect(answer.body.rejected?.map(({ index, reason }) => [index, reason])).toEqual([
      [1, 'A message is an object.'],
      [2, 'A message is an object.'],
      [3, 'The event has no name.'],
      [4, 'The type of a message is one of track, identify, page, screen, alias, group.'],
      [5, 'properties is not an object.'],
      [6, expect.stringContaining('customerId is missing.')],
      [7, 'An alias needs a previousId.'],
    ]);
    const [kept] = await keptAside('The event has no name.');
    expect(JSON.parse(kept ?? '')).toEqual({ type: 'track', event: '', userId: 'x' });
  });
});

describe('a call that is not taken', () => {
  it.each([
    '[]',
    'null',
    '"x"',
    '{}',
    '{"batch":{}}',
    '{"batch":"x"}',
    '5',
    '',
    ' ',
    '{"batch":[',
    'NaN',
    '{"batch":[NaN]}',
  ])('%s as a batch: 400 with a sentence', async (body) => {
    const answer = await call('/v1/batch', body);
    expect(answer).toMatchObject({ status: 400, body: { success: false } });
    expect(answer.body.message).toMatch(/\.$/);
  });

  it.each(['[]', 'null', '"x"', '{}', 'x=1'])('%s as a message: 400', async (body) => {
    expect((await call('/v1/track', body)).status).toBe(400);
  });

  it('says 413 with the limit for a body over it, packed or not, a bomb too', async () => {
    const large = JSON.stringify({ batch: [view('large', { properties: { a: 'x'.repeat(5 * MB) } })] });
    const packed = { 'content-encoding': 'gzip' };
    for (const [body, headers] of [
      [large, {}],
      [gzipSync(large), packed],
      [gzipSync(gzipSync(Buffer.alloc(200 * MB))), packed],
      [gzipSync(Buffer.alloc(400 * MB)), packed],
    ] as const) {
      const answer = await call('/v1/batch', body, headers);
      expect([400, 413]).toContain(answer.status);
      if (answer.status === 413) expect(answer.body.message).toContain('4 MB');
    }
    expect((await call('/v1/batch', large)).status).toBe(413);
  });

  it('says 400 for broken and truncated packing, 415 for encodings not known', async () => {
    const whole = gzipSync(JSON.stringify({ batch: [view('broken')] }));
    const headers = { 'content-encoding': 'gzip' };
    for (const bytes of [
      whole.subarray(0, 30),
      whole.subarray(0, -4),
      Buffer.from('{"batch":[]}'),
      Buffer.alloc(0),
    ]) {
      expect((await call('/v1/batch', bytes, headers)).status).toBe(400);
    }
    for (const encoding of ['zstd', 'gzip, gzip', 'x', '__proto__']) {
      expect((await call('/v1/batch', whole, { 'content-encoding': encoding })).status).toBe(415);
    }
    expect(await storedOf('broken')).toEqual([]);
  });

  it('says 400 for more messages than a call may bring, 404 for an address that is none', async () => {
    expect((await batch(Array.from({ length: 10_001 }, () => 1))).status).toBe(400);
    expect((await fetch(`${server.url}/v1/nothing`, { method: 'POST', body: '{}' })).status).toBe(404);
  });
});

describe('who is meant', () => {
  it('keeps the traits of a visitor who has said no name, and takes them along when one is said', async () => {
    await call('/v1/identify', JSON.stringify({ anonymousId: 'shy', traits: { newsletter: true } }));
    await batch([
      view('', { anonymousId: 'shy' }),
      { type: 'identify', userId: 'brave', anonymousId: 'shy' },
    ]);
    const { customers } = await server.query<{ customers: { nodes: readonly object[] } }>(
      '{ customers(input: { search: "brave" }) { nodes { id traits } } }',
    );
    expect(customers.nodes).toEqual([{ id: 'brave', traits: { newsletter: true } }]);
  });

  it('refuses to make one of two customers at a shared device, keeps that aside, and both stay', async () => {
    const identify = (userId: string) => ({ type: 'identify', userId, anonymousId: 'tablet' });
    expect((await batch([identify('eve')])).body).toMatchObject({ accepted: 1 });
    const { body } = await batch([view('adam'), identify('adam')]);
    expect(body).toMatchObject({ accepted: 1, rejected: [{ index: 1 }] });
    const [{ reason = '' } = {}] = body.rejected ?? [];
    expect(reason).toContain('"tablet" already belongs to another customer');
    expect(await keptAside(reason)).toHaveLength(1);
  });
});

it('stores what is sent by those who never wait for the answer', async () => {
  const body = JSON.stringify({ userId: 'hasty', event: 'Seen' });
  const { port, host } = new URL(server.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.end(
    `POST /v1/track HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
  await expect.poll(async () => (await storedOf('hasty')).length, { timeout: 20_000 }).toBe(1);
});
