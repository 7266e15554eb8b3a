/** `waymark import` as a user runs it: what it prints and its exit status. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../../scripts/build.mjs';
import type { Connection } from '../../server/engine/client.ts';
import { testConnection } from '../support/engine.ts';

let folder: string;
let connection: Connection;
beforeAll(async () => {
  await ensureBuilt('server');
  connection = await testConnection();
  folder = await mkdtemp(join(tmpdir(), 'waymark-command-'));
  await writeFile(join(folder, 'good.csv'), 'user_id,event,time\nann,view,2026-01-01\n,view,2026-01-01\n');
  await writeFile(join(folder, 'odd.csv'), 'wer,was,wann\nbob,view,2026-01-01\n');
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...args: readonly string[]): Promise<{ status: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [join(process.cwd(), 'dist/server/main.js'), 'import', ...args], {
    cwd: folder,
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

it('says how many rows counted, and ends with 0', async () => {
  const first = await run('good.csv');
  expect(first).toMatchObject({ status: 0 });
  expect(first.out).toMatch(/^good\.csv: 2 rows in .*: 1 accepted, 0 already known, 1 rejected\.$/m);
  expect((await run('good.csv')).out).toMatch(/0 accepted, 1 already known, 1 rejected/);
});

it('takes a map, and says how to give one', async () => {
  const unknown = await run('odd.csv');
  expect(unknown.status).toBe(1);
  expect(unknown.err).toContain(
    'odd.csv: No column is known to hold the customer; columns are wer, was, wann.',
  );
  const mapped = await run('odd.csv', '--map', 'customer_id=wer', '--map', 'event=was', '--map', 'time=wann');
  expect(mapped.out).toMatch(/1 accepted/);
});

it('goes on with the other files when one is missing, and ends with 1', async () => {
  const { status, out, err } = await run('missing.csv', 'good.csv');
  expect(status).toBe(1);
  expect(err).toContain('missing.csv: there is no such file.');
  expect(out).toMatch(/good\.csv: 2 rows/);
});

it('ends with 2 when it is used wrongly', async () => {
  expect((await run()).status).toBe(2);
  expect((await run('good.csv', '--map', 'customer')).status).toBe(2);
});
