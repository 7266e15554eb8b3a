/** Keys from their making to their end, over the real server: the first one, expiry, revocation, two servers. */
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { askOver, makeKey, socketWith, streamWith } from '../support/keys.ts';
import { acknowledged } from '../support/raw-socket.ts';
import { serveTest } from '../support/server.ts';
import type { Answer, TestServer, TestServerOptions } from '../support/server.ts';
import { until } from '../support/until.ts';

const CREATE = `mutation ($name: String!, $role: Role!, $expiresAt: DateTime) {
  createApiKey(name: $name, role: $role, expiresAt: $expiresAt) {
    secret key { id name role createdAt lastUsedAt expiresAt }
  }
}`;
const REVOKE = 'mutation ($id: ID!) { revokeApiKey(id: $id) }';
const LIST = '{ apiKeys { id name role lastUsedAt expiresAt } }';
const VIEWER = '{ viewer { name role } }';
const FIGURE = `subscription { metric(input: { measure: EVENTS, range: { last: "P1D" } }) { total meta { sql } } }`;

interface Created {
  readonly createApiKey: {
    readonly secret: string;
    readonly key: { readonly id: string; readonly name: string };
  };
}

let engine: Engine;
const servers: TestServer[] = [];
const serve = async (options?: TestServerOptions): Promise<TestServer> => {
  const server = await serveTest(engine, options);
  servers.push(server);
  return server;
};
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const problemOf = ({ errors }: Answer): unknown =>
  (errors?.[0]?.extensions?.['problems'] as { code?: string }[] | undefined)?.[0]?.code;

function withStoresOfTheirOwn(): void {
  beforeEach(async () => {
    engine = await testEngine();
  });

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
    await engine.close();
  });
}

describe('the first key', () => {
  withStoresOfTheirOwn();

  it('is an ADMIN key, leaves its maker able to go on, and shuts the doors for all others', async () => {
    const server = await serve();
    const socket = await acknowledged(server);
    const refused = await server.ask(CREATE, { name: 'Site', role: 'WRITER' });
    expect(refused).toMatchObject({
      errors: [{ message: expect.stringContaining('first key must be an ADMIN key') as string }],
    });
    expect(problemOf(refused)).toBe('ADMIN_KEY_FIRST');
    expect((await server.ask(VIEWER)).status).toBe(200);
    const { createApiKey } = await server.query<Created>(CREATE, { name: ' Ann ', role: 'ADMIN' });
    expect(createApiKey.secret).toMatch(/^wm_[0-9A-Za-z]{43}$/);
    expect(createApiKey.key).toMatchObject({ name: 'Ann', role: 'ADMIN', lastUsedAt: null, expiresAt: null });
    expect((await server.ask(VIEWER)).status).toBe(401);
    expect(await socket.closed).toMatchObject({ code: 4403 });
    const { data } = await server.ask(VIEWER, {}, bearer(createApiKey.secret));
    expect(data).toEqual({ viewer: { name: 'Ann', role: 'ADMIN' } });
  });

  it('is told over the connection that it ends', async () => {
    const server = await serve();
    const socket = await acknowledged(server);
    const answer = await askOver(socket, '1', 'mutation { createApiKey(name: "a", role: ADMIN) { secret } }');
    expect(answer).toMatchObject({
      data: { createApiKey: { secret: expect.stringMatching(/^wm_/) as string } },
    });
    expect(await socket.closed).toMatchObject({ code: 4403 });
  });

  it('shuts the doors of every server on the store, and they stay shut when it is gone', async () => {
    const [one, two] = [await serve(), await serve()];
    const admin = await makeKey(one, 'ADMIN');
    await until('the other server knows', async () => (await two.ask(VIEWER)).status === 401);
    expect((await two.ask(VIEWER, {}, admin.headers)).status).toBe(200);
    const last = await one.ask(REVOKE, { id: admin.id }, admin.headers);
    expect(problemOf(last)).toBe('LAST_ADMIN_KEY');
    const other = await makeKey(one, 'ADMIN', Date.now() + 60_000);
    expect(await one.ask(REVOKE, { id: admin.id }, other.headers)).toMatchObject({
      data: { revokeApiKey: true },
    });
    const later = await serve({ now: () => Date.now() + 120_000 });
    expect((await later.ask(VIEWER)).status).toBe(401);
    expect((await later.ask(VIEWER, {}, other.headers)).status).toBe(401);
  });

  it('may be of any role where one is set', async () => {
    const server = await serve({ adminKey: 'the-key-of-this-test' });
    const { status } = await server.ask(
      CREATE,
      { name: 'Site', role: 'WRITER' },
      bearer('the-key-of-this-test'),
    );
    expect(status).toBe(200);
  });
});

describe('a key', () => {
  withStoresOfTheirOwn();

  it('is listed without its secret, with when it was used last', async () => {
    const server = await serve();
    const admin = await makeKey(server, 'ADMIN');
    const screen = await makeKey(server, 'VIEWER', Date.now() + 3_600_000);
    await server.ask(VIEWER, {}, screen.headers);
    const { data } = await server.ask(LIST, {}, admin.headers);
    expect(data).toEqual({
      apiKeys: [
        {
          id: admin.id,
          name: 'ADMIN of a test',
          role: 'ADMIN',
          lastUsedAt: expect.any(String) as string,
          expiresAt: null,
        },
        {
          id: screen.id,
          name: 'VIEWER of a test',
          role: 'VIEWER',
          lastUsedAt: expect.any(String) as string,
          expiresAt: expect.any(String) as string,
        },
      ],
    });
    // Kept when the server stops, without a write a call.
    await server.services.keys.close();
    const { rows } = await engine.query<{ n: string }>({
      name: 'test',
      sql: sql`SELECT count() AS n FROM api_key_uses`,
    });
    expect(Number(rows[0]?.n)).toBe(2);
    const after = await serve();
    const [, known] = (await after.ask(LIST, {}, admin.headers)).data?.['apiKeys'] as {
      lastUsedAt: string;
    }[];
    expect(known?.lastUsedAt).not.toBeNull();
  });

  it('has a name of one line, and expires in the future', async () => {
    const server = await serve();
    const admin = await makeKey(server, 'ADMIN');
    for (const [name, expiresAt, code] of [
      [' ', null, 'BAD_NAME'],
      ['x'.repeat(201), null, 'BAD_NAME'],
      ['two\nlines', null, 'BAD_NAME'],
      ['x', '2020-01-01T00:00:00Z', 'BAD_EXPIRY'],
      ['x', '2300-01-01T00:00:00Z', 'BAD_EXPIRY'],
    ])
      expect(problemOf(await server.ask(CREATE, { name, role: 'VIEWER', expiresAt }, admin.headers))).toBe(
        code,
      );
    expect((await server.services.keys.list()).length).toBe(1);
  });

  it('that is revoked ends within seconds on every server, for what is open too', async () => {
    const [one, two] = [await serve(), await serve()];
    const admin = await makeKey(one, 'ADMIN');
    const viewer = await makeKey(one, 'ANALYST');
    // Until it knows of the first key it is open, whatever key is brought.
    await until('the other server knows', async () => (await two.ask(VIEWER)).status === 401);
    const sockets = [await socketWith(one, viewer), await socketWith(two, viewer)];
    for (const socket of sockets) socket.send({ id: 'f', type: 'subscribe', payload: { query: FIGURE } });
    const streams = [await streamWith(one, viewer, FIGURE), await streamWith(two, viewer, FIGURE)];
    for (const stream of streams)
      expect(await stream.next()).toMatchObject({ data: { metric: { total: 0 } } });
    const others = await socketWith(two, admin);
    const begun = Date.now();
    expect(await one.ask(REVOKE, { id: viewer.id }, admin.headers)).toMatchObject({
      data: { revokeApiKey: true },
    });
    expect((await one.ask(VIEWER, {}, viewer.headers)).status).toBe(401);
    for (const socket of sockets)
      expect(await socket.closed).toEqual({ code: 4403, reason: 'The key was revoked or has expired' });
    expect(Date.now() - begun).toBeLessThan(5000);
    const heard = sockets.map(({ received }) => received.length);
    await storeEvents(engine, [...customer('ann').did('product_viewed', Date.now() - 1000)]);
    for (const stream of streams) {
      expect(await stream.next()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
      expect(await stream.next()).toBeNull();
    }
    expect(sockets.map(({ received }) => received.length)).toEqual(heard);
    expect((await two.ask(VIEWER, {}, viewer.headers)).status).toBe(401);
    expect(others.socket.readyState).toBe(others.socket.OPEN);
    expect(await one.ask(REVOKE, { id: viewer.id }, admin.headers)).toMatchObject({
      data: { revokeApiKey: false },
    });
  });

  it('that expires ends then', async () => {
    const server = await serve();
    const admin = await makeKey(server, 'ADMIN');
    const expiresMs = Date.now() + 4000;
    const { createApiKey } = (
      await server.ask(CREATE, { name: 'x', role: 'VIEWER', expiresAt: new Date(expiresMs) }, admin.headers)
    ).data as unknown as Created;
    const key = {
      id: createApiKey.key.id,
      secret: createApiKey.secret,
      headers: bearer(createApiKey.secret),
    };
    const socket = await socketWith(server, key);
    expect((await server.ask(VIEWER, {}, key.headers)).status).toBe(200);
    expect((await socket.closed).code).toBe(4403);
    expect(Date.now()).toBeGreaterThanOrEqual(expiresMs);
    expect(Date.now()).toBeLessThan(expiresMs + 20_000);
    expect((await server.ask(VIEWER, {}, key.headers)).status).toBe(401);
  });
});

describe('a secret', () => {
  withStoresOfTheirOwn();

  it('stands in no log line and nowhere in the store', async () => {
    const lines: string[] = [];
    const write = (chunk: Buffer, _encoding: unknown, done: () => void): void => {
      lines.push(chunk.toString());
      done();
    };
    const server = await serve({ log: pino({ level: 'trace' }, new Writable({ write })) });
    const admin = await makeKey(server, 'ADMIN');
    const writer = await makeKey(server, 'WRITER');
    await server.ask(VIEWER, {}, admin.headers);
    await server.ask('{ viewer { name', {}, admin.headers);
    await server.ask(LIST, {}, writer.headers);
    await fetch(`${server.url}/v1/track`, { method: 'POST', headers: writer.headers, body: '{"event"' });
    (await socketWith(server, admin)).socket.close();
    await (await streamWith(server, writer, FIGURE)).next();
    const { rows } = await engine.query<{ line: string }>({
      name: 'test',
      sql: sql`SELECT concat(id, name, role, toString(digest)) AS line FROM api_keys`,
    });
    expect(rows).toHaveLength(2);
    for (const { secret } of [admin, writer]) {
      const found = [...lines, ...rows.map(({ line }) => line)].filter((line) =>
        line.includes(secret.slice(3)),
      );
      expect(found).toEqual([]);
    }
  });
});
