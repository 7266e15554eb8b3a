/** Segment's tracking API over real HTTP: what comes in, what is refused and how, what is kept. */
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { param, sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

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

interface TrackingAnswer {
  readonly status: number;
  readonly body: {
    readonly success: boolean;
    readonly message?: string;
    readonly accepted?: number;
    readonly duplicates?: number;
    readonly rejected?: readonly { readonly index: number; readonly reason: string }[];
  };
}

async function post(
  path: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
): Promise<TrackingAnswer> {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: body as string,
  });
  return { status: response.status, body: (await response.json()) as TrackingAnswer['body'] };
}

const send = (path: string, body: unknown): Promise<TrackingAnswer> => post(path, JSON.stringify(body));
const batch = (messages: readonly unknown[]): Promise<TrackingAnswer> =>
  send('/v1/batch', { batch: messages });
const view = (userId: string, more: object = {}): object => ({
  type: 'track',
  event: 'Product Viewed',
  userId,
  ...more,
});

interface StoredRow {
  readonly event: string;
  readonly channel: string;
  readonly time: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

async function storedOf(customerId: string): Promise<readonly StoredRow[]> {
  const { rows } = await engine.query<{ event: string; channel: string; time: string; properties: string }>({
    name: 'test.tracked',
    sql: sql`SELECT event, channel, toString(time) AS time, toJSONString(properties) AS properties
FROM events WHERE customer_id = ${param.string(customerId)} ORDER BY time, event_id`,
  });
  return rows.map((row) => ({
    ...row,
    properties: JSON.parse(row.properties) as StoredRow['properties'],
  }));
}

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
      const answer = await post('/v1/batch', body, { 'content-encoding': encoding, 'content-type': type });
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
    const answer = await post('/v1/batch', body);
    expect(answer).toMatchObject({ status: 400, body: { success: false } });
    expect(answer.body.message).toMatch(/\.$/);
  });

  it.each(['[]', 'null', '"x"', '{}', 'x=1'])('%s as a message: 400', async (body) => {
    expect((await post('/v1/track', body)).status).toBe(400);
  });

  it('says 413 with the limit for a body over it, packed or not, and within a second for a bomb', async () => {
    const large = JSON.stringify({ batch: [view('large', { properties: { a: 'x'.repeat(5 * MB) } })] });
    const packed = { 'content-encoding': 'gzip' };
    for (const [body, headers] of [
      [large, {}],
      [gzipSync(large), packed],
      [gzipSync(gzipSync(Buffer.alloc(200 * MB))), packed],
      [gzipSync(Buffer.alloc(400 * MB)), packed],
    ] as const) {
      const answer = await post('/v1/batch', body, headers);
      expect([400, 413]).toContain(answer.status);
      if (answer.status === 413) expect(answer.body.message).toContain('4 MB');
    }
    expect((await post('/v1/batch', large)).status).toBe(413);
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
      expect((await post('/v1/batch', bytes, headers)).status).toBe(400);
    }
    for (const encoding of ['zstd', 'gzip, gzip', 'x', '__proto__']) {
      expect((await post('/v1/batch', whole, { 'content-encoding': encoding })).status).toBe(415);
    }
    expect(await storedOf('broken')).toEqual([]);
  });

  it('says 400 for more messages than a call may bring, 404 for an address that is none', async () => {
    expect((await batch(Array.from({ length: 10_001 }, () => 1))).status).toBe(400);
    expect((await fetch(`${server.url}/v1/nothing`, { method: 'POST', body: '{}' })).status).toBe(404);
  });
});

describe('odd values', () => {
  it('rejects an event over 32 kB, too deep or of too many properties alone', async () => {
    const deep = (depth: number): string => '{"x":'.repeat(depth) + '1' + '}'.repeat(depth);
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`p${i}`, i]));
    const properties = [
      JSON.stringify({ a: '值'.repeat(11_000) }),
      JSON.stringify({ a: 'x'.repeat(1_000_000) }),
      JSON.stringify(many),
      deep(1_001),
      deep(100_000),
    ];
    const bad = properties.map(
      (text) => `{"type":"track","event":"e","userId":"limits","properties":${text}}`,
    );
    const good = JSON.stringify(view('limits'));
    const { body } = await post('/v1/batch', `{"batch":[${[good, ...bad, good].join(',')}]}`);
    expect(body).toMatchObject({ success: true, accepted: 2 });
    expect(body.rejected?.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5]);
    expect(body.rejected?.[0]?.reason).toContain('32 kB');
  });

  it('keeps whole numbers beyond 2^53 exactly, as text, and all others as numbers', async () => {
    await post(
      '/v1/track',
      '{"userId":"numbers","event":"e","properties":{"big":18446744073709551616,"low":-9007199254740993,"safe":9007199254740991,"share":0.12345678901234567890,"text":"12345678901234567890","much":1e20}}',
    );
    expect((await storedOf('numbers'))[0]?.properties).toEqual({
      big: '18446744073709551616',
      low: '-9007199254740993',
      safe: '9007199254740991', // as ClickHouse writes whole numbers
      share: expect.closeTo(0.123456789, 6) as number,
      text: '12345678901234567890',
      much: '100000000000000000000',
    });
  });

  it('stores odd names and texts as they are', async () => {
    const properties =
      '{"__proto__":"p","constructor":"c","toString":"t","length":"l","hasOwnProperty":false,"a.b":"ab","twice":"1","twice":"2","e":"","n":null,"u":"\\u0000\\u202e\\u2028","s":"\\ud800","nfc":"é","nfd":"e\\u0301","emoji":"🙂"}';
    const odd = `{"type":"track","event":"__proto__","userId":"constructor","messageId":"toString","properties":${properties}}`;
    expect((await post('/v1/batch', `{"batch":[${odd}]}`)).body).toMatchObject({ accepted: 1 });
    const [row] = await storedOf('constructor');
    expect(row?.event).toBe('__proto__');
    expect(row?.properties).toMatchObject({
      constructor: 'c',
      length: 'l',
      twice: '2',
      u: '\u0000\u202e\u2028',
      s: '\ufffd',
    });
    expect(row?.properties).toMatchObject({ nfc: 'é', nfd: 'e\u0301', emoji: '🙂' });
    expect(row?.properties).not.toHaveProperty('n');
    expect(({} as Record<string, unknown>)['p']).toBeUndefined();
  });

  it.each(['', null, undefined, 'null', 'undefined', '[object Object]', '0', 0, ' ', {}, true])(
    '%j names nobody',
    async (userId) => {
      const { status, body } = await batch([view('x', { userId })]);
      expect(status).toBe(200);
      expect(body).toMatchObject({ accepted: 0, rejected: [{ index: 0 }] });
    },
  );

  it('takes the anonymous visitor where the user is empty, and numbers as ids', async () => {
    await batch([view('', { anonymousId: 'visitor-1' }), view('', { userId: 4711 })]);
    expect(await storedOf('visitor-1')).toHaveLength(1);
    expect(await storedOf('4711')).toHaveLength(1);
  });

  it.each([
    ['0000-00-00', null],
    ['1899-12-31', null],
    ['2026-02-30', null],
    ['', null],
    [0, null],
    [1e300, null],
    ['2016-02-29T10:00:00Z', '2016-02-29 10:00:00.000'],
    [1_767_225_600, '2026-01-01 00:00:00.000'],
    [1_767_225_600_123, '2026-01-01 00:00:00.123'],
  ])('time %j is %j', async (timestamp, expected) => {
    const user = `at-${String(timestamp)}`;
    const { body } = await batch([view(user, { timestamp })]);
    expect(body.accepted).toBe(expected === null ? 0 : 1);
    if (expected !== null) expect((await storedOf(user))[0]?.time).toBe(expected);
  });
});
