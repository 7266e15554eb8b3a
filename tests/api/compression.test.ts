/** Answers over HTTP: compressed as the caller accepts, the same for all, and alone or together alike. */
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

const SMALL = '{ viewer { name } }';
const LARGE = '{ __schema { types { name description } } }';
const MATRIX = `{ lifecycle(input: { range: { from: "2025-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z" }, interval: DAY }) {
  growth { start new } } }`;

let engine: Engine;
let server: TestServer;

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine, { origins: ['https://bi.example.com'] });
});

afterAll(async () => {
  await server.close();
  await engine.close();
});

interface Reply {
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

function post(query: string, headers: Record<string, string>): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const call = request(
      `${server.url}/graphql`,
      { method: 'POST', headers: { 'content-type': 'application/json', ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ headers: response.headers, bytes: Buffer.concat(chunks) }));
      },
    );
    call.on('error', reject).end(JSON.stringify({ query }));
  });
}

const plain = (reply: Reply): string => {
  const encoding = reply.headers['content-encoding'];
  if (encoding === 'br') return brotliDecompressSync(reply.bytes).toString();
  return (encoding === 'gzip' ? gunzipSync(reply.bytes) : reply.bytes).toString();
};

describe.each([
  ['gzip', 'gzip'],
  ['gzip, deflate, br', 'br'],
  ['br;q=0.1, gzip;q=0.8', 'gzip'],
  ['*', 'gzip'],
])('a caller who accepts %s', (accepted, encoding) => {
  it.each([LARGE, MATRIX])('is answered in the encoding it likes best: %s', async (query) => {
    const [one, other, bare] = await Promise.all([
      post(query, { 'accept-encoding': accepted, origin: 'https://bi.example.com' }),
      post(query, { 'accept-encoding': accepted }),
      post(query, {}),
    ]);
    expect(one.headers).toMatchObject({
      'content-encoding': encoding,
      'content-length': String(one.bytes.length),
      'cache-control': 'no-store',
    });
    expect(one.headers.vary?.toLowerCase().split(', ')).toEqual(['origin', 'accept-encoding']);
    expect(other.bytes.equals(one.bytes)).toBe(true);
    expect(bare.headers['content-encoding']).toBeUndefined();
    expect(plain(one)).toBe(bare.bytes.toString());
    expect(one.bytes.length).toBeLessThan(bare.bytes.length / 2);
  });
});

describe('an answer', () => {
  it.each(['identity', 'br;q=0, gzip;q=0', 'zstd'])('goes as it is to who accepts %s', async (accepted) => {
    const { headers, bytes } = await post(LARGE, { 'accept-encoding': accepted });
    expect(headers['content-encoding']).toBeUndefined();
    expect(JSON.parse(bytes.toString())).toHaveProperty('data');
  });

  it('that is small goes as it is', async () => {
    const { headers, bytes } = await post(SMALL, { 'accept-encoding': 'br, gzip' });
    expect(headers['content-encoding']).toBeUndefined();
    expect(bytes.toString()).toBe('{"data":{"viewer":{"name":"admin"}}}\n');
  });
});
