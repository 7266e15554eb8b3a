/** Who may send to the tracking API, from where, and what a server that is busy or away says. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Fastify from 'fastify';
import { OPEN_VIEWER } from '../../server/access/role.ts';
import { silentLog } from '../../server/engine/log.ts';
import { EngineError } from '../../server/engine/port.ts';
import type { Engine, EngineErrorCode } from '../../server/engine/port.ts';
import type { Ingestion } from '../../server/ingest/ingest.service.ts';
import { addTracking } from '../../server/ingest/tracking/routes.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { testEngine } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { post } from '../support/tracking.ts';

const KEY = 'the-write-key-of-this-test';
const SHOP = 'https://shop.example.com';
const BODY = { userId: 'ann', event: 'Product Viewed' };

let engine: Engine;
let server: TestServer;

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine, { adminKey: KEY, origins: [SHOP] });
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

const basic = (user: string): string => `Basic ${Buffer.from(user).toString('base64')}`;
const track = (headers: Record<string, string> = {}, body: object = {}, path = '/v1/track') =>
  post(server, path, JSON.stringify({ ...BODY, ...body }), headers);

describe('the write key', () => {
  it.each([
    ['the user of basic auth', { authorization: basic(`${KEY}:`) }, {}],
    ['the user of basic auth, with whatever password', { authorization: basic(`${KEY}:x:y`) }, {}],
    ['a bearer', { authorization: `Bearer ${KEY}` }, {}],
    ['in the body, where no header comes', { 'content-type': 'text/plain' }, { writeKey: KEY }],
  ])('is taken as %s', async (_, headers, body) => {
    expect(await track(headers as Record<string, string>, body)).toMatchObject({
      status: 200,
      body: { accepted: 1 },
    });
  });

  it('is taken in the body of a batch, and in the address of a beacon', async () => {
    const batch = JSON.stringify({ batch: [{ type: 'track', ...BODY }], writeKey: KEY });
    expect((await post(server, '/v1/batch', batch, { 'content-type': 'text/plain' })).status).toBe(200);
    expect(
      (await post(server, `/beacon/v1/batch?writeKey=${KEY}`, batch.replace('writeKey', 'k'))).status,
    ).toBe(200);
  });

  it.each([
    [{}, {}],
    [{ authorization: '' }, {}],
    [{ authorization: basic('wrong:') }, {}],
    [{ authorization: basic('') }, {}],
    [{ authorization: 'Basic !' }, {}],
    [{ authorization: basic(`${KEY}x:`) }, {}],
    [{ authorization: basic(`:${KEY}`) }, {}],
    [{ authorization: `Bearer ${KEY.slice(1)}` }, {}],
    [{ authorization: `Bearer ${'x'.repeat(10_000)}` }, {}],
    [{ authorization: basic('wrong:') }, { writeKey: KEY }],
    [{}, { writeKey: 'wrong' }],
    [{}, { writeKey: { toString: KEY } }],
  ])('is asked for, in one way: %j %j', async (headers, body) => {
    expect(await track(headers as Record<string, string>, body)).toEqual({
      status: 401,
      body: { success: false, message: 'A valid write key is needed: basic auth with the key as user.' },
    });
  });

  it('opens the tracking API alone', async () => {
    expect((await server.ask('{ viewer { name } }', {}, { authorization: basic(`${KEY}:`) })).status).toBe(
      401,
    );
  });
});

describe('pages of other origins', () => {
  it('may ask first, and call, where they are named', async () => {
    const preflight = await fetch(`${server.url}/v1/t`, {
      method: 'OPTIONS',
      headers: {
        origin: SHOP,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-retry-count',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(SHOP);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization,content-type');
    expect(Number(preflight.headers.get('access-control-max-age'))).toBeGreaterThan(600);
    expect((await track({ origin: SHOP, authorization: basic(`${KEY}:`) }, {}, '/v1/t')).status).toBe(200);
  });

  it.each(['https://evil.example.com', 'null'])('%s is refused as SDKs understand it', async (origin) => {
    const answer = await track({ origin, authorization: basic(`${KEY}:`) });
    expect(answer).toMatchObject({ status: 403, body: { success: false } });
  });
});

describe('a server that cannot take a call', () => {
  /** The routes over an ingestion that fails as given. */
  async function answerTo(error: Error) {
    const app = Fastify();
    const ingestion = { take: () => Promise.reject(error) } as unknown as Ingestion;
    const doors = {
      admitWriter: () => Promise.resolve({ admitted: { viewer: OPEN_VIEWER, keyId: 'open' } }),
    };
    await app.register(async (tracking) =>
      addTracking(tracking, {
        ingestion,
        journeyMap: () => Promise.resolve(retailMap),
        doors,
        log: silentLog,
        now: () => 0,
      }),
    );
    const response = await app.inject({ method: 'POST', url: '/v1/track', payload: BODY });
    await app.close();
    return {
      status: response.statusCode,
      retryAfter: response.headers['retry-after'],
      body: response.json<object>(),
    };
  }

  it.each<[EngineErrorCode, number]>([
    ['UNAVAILABLE', 503],
    ['STORAGE', 503],
    ['TIMEOUT', 503],
    ['BUSY', 429],
  ])('%s: %d, and when to come again', async (code, status) => {
    const answer = await answerTo(new EngineError(code, 'SELECT secret FROM events'));
    expect(answer).toMatchObject({ status, retryAfter: '5', body: { success: false } });
    expect(JSON.stringify(answer)).not.toContain('secret');
    const busy = Object.assign(new EngineError(code, ''), { retryAfterSeconds: 0.4 });
    expect(await answerTo(busy)).toMatchObject({ status, retryAfter: '1' });
  });

  it('says nothing of an error that nobody expected', async () => {
    expect(await answerTo(new Error('secret'))).toMatchObject({
      status: 500,
      body: { success: false, message: 'Internal server error' },
    });
  });
});
