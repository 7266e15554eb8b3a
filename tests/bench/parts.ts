/**
 * A month that has not been merged yet: the last month's events in 20 parts, in a database of its own with merges
 * stopped, against the same events once merged. The product asks both the same.
 */
import { connectEngine } from '../../server/engine/client.ts';
import type { Connection } from '../../server/engine/client.ts';
import { migrate } from '../../server/engine/migrations.ts';
import type { Engine } from '../../server/engine/port.ts';
import { int, name, param, sql } from '../../server/query/sql.ts';
import type { Sql } from '../../server/query/sql.ts';
import { operation, overviewPage } from './dashboard.ts';
import { print } from './line.ts';
import { interleaved } from './measure.ts';
import { loadPage } from './overview.ts';
import { END_MS, funnelInput } from './questions.ts';
import { uncachedServer } from './server.ts';
import type { BenchServer } from './server.ts';
import { withBenchStore } from './store.ts';
import type { BenchOptions } from './store.ts';

const PARTS = 20;
const MONTH_MS = Date.UTC(2026, 5, 1);
const DAYS = Math.round((END_MS - MONTH_MS) / 86_400_000);
const DATABASES = { unmerged: 'bench_unmerged', merged: 'bench_merged' } as const;
const SECONDS = 3600;

const ASKED: Readonly<Record<string, (server: BenchServer) => Promise<unknown>>> = {
  [`funnel 3 steps ${DAYS} d`]: (server) => funnel(server, 3),
  [`funnel 6 steps ${DAYS} d`]: (server) => funnel(server, 6),
  'Overview page': (server) => loadPage(server, overviewPage()),
};

export async function benchParts({ events, rounds }: BenchOptions): Promise<void> {
  await withBenchStore(events, async ({ engine, connection }) => {
    const unmerged = await copyMonth(engine, connection, DATABASES.unmerged, false);
    const merged = await copyMonth(engine, connection, DATABASES.merged, true);
    const parts = await partsOf(engine, DATABASES.unmerged);
    for (const [asked, ask] of Object.entries(ASKED)) {
      const ms = await interleaved({ unmerged: () => ask(unmerged), merged: () => ask(merged) }, rounds);
      print({
        name: `${asked}, a month in ${parts} unmerged parts`,
        events,
        oursMs: ms.unmerged,
        baseline: 'the same month merged',
        baselineMs: ms.merged,
        parts,
      });
    }
    await Promise.all([unmerged.close(), merged.close()]);
    for (const database of Object.values(DATABASES)) await drop(engine, database);
  });
}

/** A server on a database with the last month's events, inserted in so many pieces. */
async function copyMonth(
  engine: Engine,
  connection: Connection,
  database: string,
  isMerged: boolean,
): Promise<BenchServer> {
  await drop(engine, database);
  const copy = { ...connection, database };
  await migrate(copy);
  const own = connectEngine(copy);
  const source = sql`${name(connection.database)}.events`;
  const tables = await tablesOf(engine, database);
  for (const table of tables) await own.command('bench_stop_merges', sql`SYSTEM STOP MERGES ${table}`);
  for (let part = 0; part < PARTS; part += 1) {
    await own.command(
      'bench_part',
      sql`INSERT INTO events SELECT * FROM ${source}
WHERE time >= ${param.time(MONTH_MS)} AND time < ${param.time(END_MS)} AND sipHash64(event_id) % ${int(PARTS)} = ${int(part)}
SETTINGS max_insert_threads = 1, max_threads = 1, min_insert_block_size_rows = 100000000, min_insert_block_size_bytes = 0, insert_deduplicate = 0`,
      { maxSeconds: SECONDS, maxBytes: 8 * 1024 ** 3 },
    );
  }
  if (isMerged) {
    for (const table of tables) {
      await own.command('bench_start_merges', sql`SYSTEM START MERGES ${table}`);
      await own.command('bench_merge', sql`OPTIMIZE TABLE ${table} FINAL`, { maxSeconds: SECONDS });
    }
  }
  await own.close();
  return uncachedServer(copy);
}

/** All that hold rows, derived ones too. */
async function tablesOf(engine: Engine, database: string): Promise<readonly Sql[]> {
  const { rows } = await engine.query<{ table: string }>({
    name: 'bench_tables',
    sql: sql`SELECT name AS table FROM system.tables WHERE database = ${param.string(database)} AND engine LIKE '%MergeTree'`,
  });
  return rows.map(({ table }) => sql`${name(database)}.${name(table)}`);
}

async function partsOf(engine: Engine, database: string): Promise<number> {
  const { rows } = await engine.query<{ parts: string }>({
    name: 'bench_parts',
    sql: sql`SELECT count() AS parts FROM system.parts WHERE active AND database = ${param.string(database)} AND table = 'events'`,
  });
  return Number(rows[0]?.parts);
}

function drop(engine: Engine, database: string): Promise<void> {
  return engine.command('bench_drop', sql`DROP DATABASE IF EXISTS ${name(database)} SYNC`, {
    maxSeconds: 60,
  });
}

function funnel(server: BenchServer, size: 3 | 6): Promise<unknown> {
  return server.ask({
    document: operation('OverviewFunnel'),
    variables: { input: funnelInput(size, DAYS) },
  });
}
