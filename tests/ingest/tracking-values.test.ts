/** Odd values by way of the tracking API: each by a rule of docs/semantics.md, none at the cost of its neighbours. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { post, sendBatch, trackedOf, view } from '../support/tracking.ts';
import type { TrackingAnswer } from '../support/tracking.ts';

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
const batch = (messages: readonly unknown[]): Promise<TrackingAnswer> => sendBatch(server, messages);
const storedOf = (customerId: string) => trackedOf(engine, customerId);

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
    const { body } = await call('/v1/batch', `{"batch":[${[good, ...bad, good].join(',')}]}`);
    expect(body).toMatchObject({ success: true, accepted: 2 });
    expect(body.rejected?.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5]);
    expect(body.rejected?.[0]?.reason).toContain('32 kB');
  });

  it('keeps whole numbers beyond 2^53 exactly, as text, and all others as numbers', async () => {
    await call(
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
    expect((await call('/v1/batch', `{"batch":[${odd}]}`)).body).toMatchObject({ accepted: 1 });
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
