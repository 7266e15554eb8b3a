import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

const KEY = 'the-key-of-this-test';
const VIEWER = '{ viewer { name role } }';

let engine: Engine;
let open: TestServer;
let locked: TestServer;

beforeAll(async () => {
  engine = await testEngine();
  open = await serveTest(engine, { origins: ['https://bi.example.com'] });
  locked = await serveTest(engine, { adminKey: KEY });
});

afterAll(async () => {
  await open.close();
  await locked.close();
  await engine.close();
});

/** fetch does not send another Host; this does. */
function statusOf(server: TestServer, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request(`${server.url}${path}`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    call.on('error', reject).end();
  });
}

/** How a socket that may not come in is told so. */
function closeOf(server: TestServer, headers: Record<string, string>, payload?: object): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      headers,
    });
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload })));
    socket.on('message', (data) => {
      resolve((data as Buffer).toString());
      socket.close();
    });
    socket.on('close', (code, reason) => resolve(`${code} ${String(reason)}`));
    socket.on('error', (error) => resolve(error.message));
  });
}

describe('doors over HTTP', () => {
  it('are open, as ADMIN, where no key is set', async () => {
    expect(await open.query(VIEWER)).toEqual({ viewer: { name: 'admin', role: 'ADMIN' } });
  });

  it('need the key where one is set, and say so', async () => {
    const refused = await locked.ask(VIEWER);
    expect(refused).toEqual({
      status: 401,
      errors: [
        {
          message: expect.stringContaining('Bearer KEY') as string,
          extensions: { code: 'UNAUTHENTICATED' },
        },
      ],
    });
    expect((await locked.ask(VIEWER, {}, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await locked.ask(VIEWER, {}, { authorization: `Bearer ${KEY}` })).status).toBe(200);
  });

  it('refuse a foreign Host on every route, so that no page reaches a local store by another name', async () => {
    for (const path of ['/', '/graphql', '/config.json', '/healthz']) {
      expect(await statusOf(open, path, { host: 'evil.example.com' })).toBe(403);
    }
    expect(await statusOf(open, '/healthz', {})).toBe(200);
  });

  it('refuse a foreign Origin, let in those allowed, and never answer with a star', async () => {
    const call = (origin: string): Promise<Response> =>
      fetch(`${open.url}/graphql`, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/json' },
        body: JSON.stringify({ query: VIEWER }),
      });
    expect((await call('https://evil.example.com')).status).toBe(403);
    expect((await call('null')).status).toBe(403);
    const allowed = await call('https://bi.example.com');
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://bi.example.com');
  });

  it('refuse what a page may send without asking first (CSRF)', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const answer = await fetch(`${open.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': type },
        body: JSON.stringify({ query: VIEWER }),
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
    const get = await fetch(`${open.url}/graphql?query=${encodeURIComponent(VIEWER)}`);
    expect(get.status).toBe(400);
  });
});

describe('doors over WebSocket', () => {
  it('need the key where one is set', async () => {
    expect(await closeOf(locked, {})).toBe('4403 Forbidden');
    expect(await closeOf(locked, {}, { authorization: 'Bearer wrong' })).toBe('4403 Forbidden');
    expect(await closeOf(locked, {}, { authorization: `Bearer ${KEY}` })).toContain('connection_ack');
    expect(await closeOf(open, {})).toContain('connection_ack');
  });

  it('refuse foreign Hosts and Origins before the handshake', async () => {
    expect(await closeOf(open, { origin: 'https://evil.example.com' })).toContain('403');
    expect(await closeOf(open, { host: 'evil.example.com' })).toContain('403');
    expect(await closeOf(open, { origin: 'https://bi.example.com' })).toContain('connection_ack');
  });

  it('speak to the public client', async () => {
    const client = createClient({
      url: `${locked.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${KEY}` },
      retryAttempts: 0,
    });
    const answers = client.iterate({ query: VIEWER });
    expect((await answers.next()).value).toMatchObject({ data: { viewer: { role: 'ADMIN' } } });
    await client.dispose();
  });
});
