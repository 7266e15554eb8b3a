/** `waymark keys` as a user runs it, beside a server on the same store: what it prints, and its exit status. */
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../../scripts/build.mjs';
import { connectEngine } from '../../server/engine/client.ts';
import type { Connection } from '../../server/engine/client.ts';
import type { Engine } from '../../server/engine/port.ts';
import { testConnection } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let connection: Connection;
let engine: Engine;
let server: TestServer;

beforeAll(async () => {
  await ensureBuilt('server');
  connection = await testConnection();
  engine = connectEngine(connection);
  server = await serveTest(engine);
});

afterAll(async () => {
  await server.close();
  await engine.close();
});

async function keys(
  ...args: readonly string[]
): Promise<{ status: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['dist/server/main.js', 'keys', ...args], {
    env: {
      PATH: process.env['PATH'],
      CLICKHOUSE_URL: connection.url,
      CLICKHOUSE_USER: connection.user,
      CLICKHOUSE_PASSWORD: connection.password,
      CLICKHOUSE_DATABASE: connection.database,
    },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (data) => (out += String(data)));
  child.stderr.on('data', (data) => (err += String(data)));
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, out, err };
}

it('makes, lists and revokes; the key stands alone on standard output, once', async () => {
  const early = await keys('create', 'Site', '--role', 'WRITER');
  expect(early).toMatchObject({ status: 1, out: '' });
  expect(early.err).toMatch(/^waymark: .*The first key must be an ADMIN key/);

  const made = await keys('create', 'Ann', '--role', 'ADMIN');
  expect(made).toMatchObject({ status: 0, out: expect.stringMatching(/^wm_[0-9A-Za-z]{43}\n$/) as string });
  expect((await server.ask('{ viewer { name } }')).status).toBe(401);
  const headers = { authorization: `Bearer ${made.out.trim()}` };
  expect((await server.ask('{ viewer { name } }', {}, headers)).data).toEqual({ viewer: { name: 'Ann' } });

  const screen = await keys('create', 'Lobby screen', '--role', 'VIEWER', '--expires', 'P1Y');
  expect(screen.status).toBe(0);
  const { out } = await keys('list');
  expect(out.split('\n')).toHaveLength(3);
  expect(out).toMatch(/^[0-9a-f-]{36} {2}ADMIN {4}Ann {2}made \S+ {2}.* {2}never expires$/m);
  expect(out).toMatch(/VIEWER {3}Lobby screen {2}made \S+ {2}never used {2}expires \S+$/m);
  expect(out).not.toContain('wm_');
  const rows = (await keys('list', '--json')).out.trim().split('\n');
  const [admin, viewer] = rows.map((row) => JSON.parse(row) as { id: string; name: string });
  expect(viewer?.name).toBe('Lobby screen');

  expect(await keys('revoke', viewer?.id ?? '')).toMatchObject({ status: 0, out: 'The key is revoked.\n' });
  expect(await keys('revoke', viewer?.id ?? '')).toMatchObject({ status: 1, out: '' });
  expect((await keys('revoke', admin?.id ?? '')).err).toContain('last ADMIN key');
}, 120_000);

it.each([
  [[], 2],
  [['create', 'x'], 2],
  [['create', 'x', '--role', 'KING'], 2],
  [['create', 'x', '--role', 'ADMIN', '--expires', 'tomorrow'], 2],
  [['revoke'], 2],
  [['--help'], 0],
  [['create', '--help'], 0],
])('%j ends with %d', async (args, status) => {
  const ended = await keys(...args);
  expect(ended.status).toBe(status);
  if (status === 0) expect(ended.out).toContain('VIEWER');
});
