/** A removal that is killed halfway is finished by whoever comes next; what others wrote meanwhile counts once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
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
import { removeImport, resumeRemovals } from '../../server/ingest/removal/removal.service.ts';
import { param, Sql, sql } from '../../server/query/sql.ts';
import { testConnection } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import { balance, storePrint } from '../support/store-print.ts';
import { startTestStore } from '../support/test-store.ts';

const ROWS = 60_000;
let folder: string;
let path: string;

beforeAll(async () => {
  await ensureBuilt('server');
  folder = await mkdtemp(join(tmpdir(), 'waymark-removal-'));
  path = join(folder, 'events.csv');
  const row = (i: number): string =>
    `k-${i},u${i % 3000},view,${new Date(Date.UTC(2025, i % 12, 1, 0, 0, i % 86_400)).toISOString()},0.25`;
  const rows = Array.from({ length: ROWS }, (_, i) => row(i));
  await writeFile(path, ['event_id,user_id,event,time,revenue', ...rows].join('\n'));
});
afterAll(() => rm(folder, { recursive: true }));

function startUndo(connection: Connection, id: string) {
  const child = spawn(process.execPath, ['dist/server/main.js', 'undo-import', id], {
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
  return { child, ended: once(child, 'close').then(([status]) => status as number), output: () => output };
}

const merges = (engine: Engine, word: 'START' | 'STOP', table: string): Promise<void> =>
  engine.command('test.merges', new Sql([`SYSTEM ${word} MERGES ${table}`], []));

/** Polls, with a bound, until a change of the table's rows is under way. */
async function untilChanging(engine: Engine, table: string): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (Date.now() < deadline) {
    const { rows } = await engine.query<{ found: string }>({
      name: 'test.changing',
      sql: sql`SELECT count() AS found FROM system.mutations
WHERE database = currentDatabase() AND table = ${param.string(table)} AND NOT is_done`,
    });
    if (rows[0]?.found !== '0') return;
  }
  throw new Error(`nothing changes ${table}`);
}

const sent = (id: string, customerId: string): object => ({
  id,
  customerId,
  event: 'view',
  time: '2025-01-01T00:00:00Z',
  revenue: 0.25,
});

it.each(['events', 'known_ids', 'customers'])(
  'is finished by the next when it is killed while it changes %s',
  async (table) => {
    const connection = await testConnection();
    const engine = connectEngine(connection);
    const server = await serveTest(engine);
    const ingest = (events: readonly object[]) =>
      server.query('mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted duplicates } }', {
        events,
      });
    await ingest([sent('before', 'u1')]);
    const { id } = await importFile({ engine, path });
    await merges(engine, 'STOP', table);
    const { child, ended } = startUndo(connection, id);
    await untilChanging(engine, table);
    child.kill('SIGKILL');
    await ended;
    // Others write meanwhile: to a customer concerned, and what is gone comes again.
    const again = table === 'customers' ? [sent('k-2', 'u2')] : [];
    await ingest([sent('meanwhile', 'u1'), ...again]);
    await merges(engine, 'START', table);
    await resumeRemovals({ engine });

    const other = connectEngine(await testConnection());
    const clean = await serveTest(other);
    await clean.query('mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }', {
      events: [sent('before', 'u1'), sent('meanwhile', 'u1'), ...again],
    });
    expect(await storePrint(engine)).toEqual(await storePrint(other));
    expect(await balance(engine)).toMatchObject({ removed: ROWS, events: 2 + again.length });
    expect(await importFile({ engine, path })).toMatchObject({ accepted: ROWS - again.length });
    for (const one of [server, clean]) await one.close();
    for (const one of [engine, other]) await one.close();
  },
);

it('says what it did, and ends with 1 where there is nothing to take back', async () => {
  const connection = await testConnection();
  const engine = connectEngine(connection);
  const { id } = await importFile({ engine, path });
  const first = startUndo(connection, id);
  expect(await first.ended).toBe(0);
  expect(first.output()).toContain(`Import ${id} is taken back.`);
  const second = startUndo(connection, id);
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain(`There is no import ${id}, or it was taken back before.`);
  await engine.close();
});

it('is finished after the engine was killed in the middle', async () => {
  const store = await startTestStore();
  const { engine } = store;
  await migrate(store.connection);
  const before = await storePrint(engine);
  const { id } = await importFile({ engine, path });
  await merges(engine, 'STOP', 'events');
  const undone = removeImport({ engine }, Number(id)).catch((error: unknown) => error);
  await untilChanging(engine, 'events');
  process.kill(store.pid, 'SIGKILL');
  expect(await undone).toBeInstanceOf(Error);
  await expect.poll(() => engine.ping(), { timeout: 30_000 }).toBe(true);
  await resumeRemovals({ engine });
  expect(await storePrint(engine)).toEqual(before);
  expect(await balance(engine)).toMatchObject({ removed: ROWS, events: 0 });
  expect(await importFile({ engine, path })).toMatchObject({ accepted: ROWS });
  await store.close();
});
