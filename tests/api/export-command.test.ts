/** `waymark export` as a user runs it, beside a server on the same store: what it writes, and its exit status. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../scripts/build.mjs';
import { connectEngine } from '../../server/engine/client.ts';
import type { Connection } from '../../server/engine/client.ts';
import type { Engine } from '../../server/engine/port.ts';
import { testConnection } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { makeKey } from '../support/keys.ts';
import type { MadeKey } from '../support/keys.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let connection: Connection;
let engine: Engine;
let server: TestServer;
let key: MadeKey;
let folder: string;
const ids: string[] = [];

const range = { from: '2026-03-01T00:00:00Z', to: '2026-03-08T00:00:00Z' };
const REPORTS = [
  ['Revenue', 'METRIC', { measure: 'REVENUE', range }],
  ['Twice', 'LIFECYCLE', { at: range.to, range, interval: 'DAY' }],
  ['Twice', 'CUSTOMERS', {}],
  ['没有人', 'CUSTOMERS', { search: 'nobody of this name' }],
] as const;

beforeAll(async () => {
  await ensureBuilt('server');
  connection = await testConnection();
  engine = connectEngine(connection);
  server = await serveTest(engine);
  folder = await mkdtemp(join(tmpdir(), 'waymark-export-test-'));
  await storeEvents(engine, [
    customer('ann').did('order_completed', '2026-03-02T10:00Z', { revenue: 90.1, channel: 'web' }),
    customer('bob').did('product_viewed', '2026-03-03T10:00Z', { channel: 'web' }),
  ]);
  key = await makeKey(server, 'ADMIN');
  for (const [name, kind, input] of REPORTS) {
    const { data } = await server.ask(
      'mutation ($name: String!, $kind: ReportKind!, $input: JSON!) { saveReport(name: $name, kind: $kind, input: $input) { id } }',
      { name, kind, input },
      key.headers,
    );
    ids.push((data?.['saveReport'] as { id: string }).id);
  }
});

afterAll(async () => {
  await server.close();
  await engine.close();
  await rm(folder, { recursive: true });
});

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

async function run(...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['dist/server/main.js', 'export', ...args], {
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
const served = async (path: string): Promise<string> => {
  const response = await fetch(`${server.url}/reports/${path}`, { headers: key.headers });
  return Buffer.from(await response.arrayBuffer()).toString();
};

describe('waymark export', () => {
  it('writes to standard output what the server’s address gives, by id or by name', async () => {
    const expected = await served(`${ids[0]}.csv`);
    expect(expected.split('\r\n')).toHaveLength(9);
    for (const wanted of ['Revenue', ids[0] ?? '']) {
      const { status, out, err } = await run(wanted);
      expect([status, out]).toEqual([0, expected]);
      expect(err).toMatch(/^Revenue: 100 %, 7 rows, \S+\/s\n$/);
    }
    expect((await run('Revenue', '--format', 'ndjson')).out).toBe(await served(`${ids[0]}.ndjson`));
    const history = await run(ids[1] ?? '', '--part', 'history', '--format', 'json');
    expect(history.out).toBe(await served(`${ids[1]}.json?part=history`));
  });

  it('writes a file whose ending is the format, and leaves nothing else behind', async () => {
    const out = join(folder, 'people.parquet');
    expect(await run(ids[2] ?? '', '--out', out)).toMatchObject({ status: 0, out: '' });
    const rows = await parquetReadObjects({ file: new Uint8Array(await readFile(out)).buffer });
    expect(rows.map(({ id }) => String(id)).sort()).toEqual(['ann', 'bob']);
    const none = join(folder, 'none.csv');
    expect((await run('没有人', '--out', none)).status).toBe(0);
    expect((await readFile(none)).toString()).toBe(await served(`${ids[3]}.csv`));
    expect((await readdir(folder)).sort()).toEqual(['none.csv', 'people.parquet']);
  });

  it('says which reports have the name, what there is not, and why it cannot write', async () => {
    const twice = await run('Twice');
    expect(twice).toMatchObject({ status: 1, out: '' });
    expect(twice.err).toContain('2 reports are called "Twice"');
    expect(twice.err).toContain(`${ids[1]}  LIFECYCLE`);
    expect(twice.err).toContain(`${ids[2]}  CUSTOMERS`);
    const unknown = await run('Nothing');
    expect(unknown).toMatchObject({ status: 1, out: '' });
    expect(unknown.err).toBe('waymark: There is no report with the id or the name "Nothing".\n');
    const part = await run('Revenue', '--part', 'x');
    expect(part).toMatchObject({ status: 1, out: '' });
    expect(part.err).toBe('waymark: A report of the kind METRIC has the parts series.\n');
    const nowhere = await run('Revenue', '--out', join(folder, 'no', 'file.csv'));
    expect(nowhere).toMatchObject({ status: 1, out: '' });
    expect(nowhere.err).toMatch(/^waymark: ENOENT/);
  });

  it.each([
    [[], 2],
    [['Revenue', '--format', 'xlsx'], 2],
    [['Revenue', 'more'], 2],
    [['--help'], 0],
  ])('%j ends with %d', async (args, status) => {
    const ended = await run(...args);
    expect(ended.status).toBe(status);
    if (status === 0) expect(ended.out).toContain('--part');
  });
});
