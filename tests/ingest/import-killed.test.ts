/** An import that is killed leaves nothing, or is completed by the next: every event once. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../../scripts/build.mjs';
import type { Connection } from '../../server/engine/client.ts';
import { connectEngine } from '../../server/engine/client.ts';
import { migrate } from '../../server/engine/migrations.ts';
import type { Engine } from '../../server/engine/port.ts';
import { importFile } from '../../server/ingest/import/import.service.ts';
import type { ImportState } from '../../server/ingest/import/imports-log.ts';
import { param, sql } from '../../server/query/sql.ts';
import { testConnection } from '../support/engine.ts';
import { startTestStore } from '../support/test-store.ts';

const ROWS = 200_000;
let folder: string;
let path: string;

beforeAll(async () => {
  await ensureBuilt('server');
  folder = await mkdtemp(join(tmpdir(), 'waymark-killed-'));
  path = join(folder, 'events.csv');
  const row = (i: number): string =>
    `k-${i},u${i % 5000},view,${new Date(Date.UTC(2025, i % 12, 1, 0, 0, i % 86_400)).toISOString()},0.25,sku ${i % 300}`;
  const rows = Array.from({ length: ROWS }, (_, i) => row(i));
  await writeFile(path, ['event_id,user_id,event,time,revenue,product', ...rows].join('\n'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Events, their ids, revenue, and what the customers' view counted. */
async function totals(engine: Engine): Promise<readonly number[]> {
  const { rows } = await engine.query<Record<string, string>>({
    name: 'test.totals',
    sql: sql`SELECT (SELECT count() FROM events) AS events, (SELECT uniqExact(event_id) FROM events) AS ids,
  (SELECT uniqExact(id_hash) FROM known_ids) AS known, (SELECT sum(revenue) FROM events) AS revenue,
  (SELECT sum(customers.events) FROM customers) AS counted, (SELECT sum(customers.revenue) FROM customers) AS sums,
  (SELECT count() FROM import_rows) AS left`,
  });
  return Object.values(rows[0] ?? {}).map(Number);
}
const WHOLE = [ROWS, ROWS, ROWS, ROWS / 4, ROWS, ROWS / 4, 0];

/** Runs `waymark import` as a process of its own. */
function startImport(connection: Connection) {
  const child = spawn(process.execPath, ['dist/server/main.js', 'import', path], {
    env: {
      ...process.env,
      CLICKHOUSE_URL: connection.url,
      CLICKHOUSE_USER: connection.user,
      CLICKHOUSE_PASSWORD: connection.password,
      CLICKHOUSE_DATABASE: connection.database,
      LOG_LEVEL: 'silent',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, ended, output: () => output };
}

/** Polls, with a bound, until an import is in the state and its statement under way. */
async function until(engine: Engine, state: ImportState, statement: string): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (Date.now() < deadline) {
    const { rows } = await engine.query<{ found: number }>({
      name: 'test.import_state',
      sql: sql`SELECT count() > 0 AND (SELECT count() FROM system.processes
  WHERE current_database = currentDatabase() AND startsWith(Settings['log_comment'], ${param.string(statement)})) > 0 AS found
FROM imports FINAL WHERE state = ${param.string(state)}`,
    });
    if (rows[0]?.found === 1) return;
  }
  throw new Error(`no import came to be ${state}`);
}

it('leaves nothing when it is killed while it reads', async () => {
  const connection = await testConnection();
  const engine = connectEngine(connection);
  const { child, ended } = startImport(connection);
  await until(engine, 'staging', 'import.prepare');
  child.kill('SIGKILL');
  await ended;
  expect((await totals(engine)).slice(0, 2)).toEqual([0, 0]);
  const result = await importFile({ engine, path });
  expect(result).toMatchObject({ rows: ROWS, accepted: ROWS, duplicates: 0, completed: [] });
  expect(await totals(engine)).toEqual(WHOLE);
  await engine.close();
});

it('is completed by the next when it is killed while it stores', async () => {
  const connection = await testConnection();
  const engine = connectEngine(connection);
  const { child, ended } = startImport(connection);
  await until(engine, 'committing', 'import.store');
  child.kill('SIGKILL');
  await ended;
  const again = await importFile({ engine, path });
  expect(again).toMatchObject({ rows: ROWS, accepted: 0, duplicates: ROWS, completed: [path] });
  expect(await totals(engine)).toEqual(WHOLE);
  await engine.close();
});

it('is completed by the next when the engine is killed while it stores', async () => {
  const store = await startTestStore();
  try {
    await migrate(store.connection);
    const importing = importFile({ engine: store.engine, path }).then(
      () => 'done',
      () => 'failed',
    );
    await until(store.engine, 'committing', 'import.store');
    process.kill(store.pid, 'SIGKILL');
    expect(await importing).toBe('failed');
    const again = await importFile({ engine: store.engine, path });
    expect(again).toMatchObject({ rows: ROWS, accepted: 0, duplicates: ROWS, completed: [path] });
    expect(await totals(store.engine)).toEqual(WHOLE);
  } finally {
    await store.close();
  }
});

it('two imports of one file at the same time count it once', async () => {
  const connection = await testConnection();
  const engine = connectEngine(connection);
  const other = startImport(connection);
  const mine = await importFile({ engine, path });
  expect(await other.ended, other.output()).toBe(0);
  expect(other.output()).toMatch(/200,000 rows in .* already known, 0 rejected/);
  expect(mine.accepted + mine.duplicates).toBe(ROWS);
  expect(await totals(engine)).toEqual(WHOLE);
  await engine.close();
});
