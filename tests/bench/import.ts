/** Rows a second of `waymark import` for Parquet, CSV and NDJSON, against a bare insert of the same rows. */
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../server/engine/project.ts';
import { migrate } from '../../server/engine/migrations.ts';
import type { Connection } from '../../server/engine/client.ts';
import { param, sql } from '../../server/query/sql.ts';
import { startTestStore } from '../support/test-store.ts';
import { print } from './line.ts';
import { openBenchStore } from './store.ts';

const FORMATS = { Parquet: 'parquet', CSVWithNames: 'csv', JSONEachRow: 'ndjson' } as const;

export async function benchImport(events: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'waymark-bench-'));
  for (const [format, ending] of Object.entries(FORMATS)) {
    const file = join(folder, `events.${ending}`);
    const rows = await writeSample(events, format, file);
    const bareMs = await bareInsert(file, format);
    const begun = performance.now();
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(projectRoot(), 'bin/waymark.mjs'), 'import', file],
      {
        env: { ...process.env, DATA_DIR: join(folder, `store-${ending}`), LOG_LEVEL: 'error' },
      },
    );
    const oursMs = performance.now() - begun;
    print({
      name: `import ${format}`,
      events: rows,
      oursMs,
      baseline: 'bare insert into events with its views',
      baselineMs: bareMs,
      rowsPerSecond: (rows / oursMs) * 1000,
      bytes: (await stat(file)).size,
      said: stdout.trim(),
    });
  }
  await rm(folder, { recursive: true, force: true });
}

/** Events of the generated store as a file, in the columns a user would have. */
async function writeSample(events: number, format: string, file: string): Promise<number> {
  const store = await openBenchStore(Math.max(events, 1_000_000));
  const { url, user, password, database } = store.connection;
  const columns = `event_id, customer_id, time AS event_time, event AS event_type, channel, revenue, order_id, session_id, CAST(getSubcolumn(properties, 'product'), 'String') AS product, CAST(getSubcolumn(properties, 'country'), 'String') AS country`;
  const query = `SELECT ${columns} FROM ${database}.events LIMIT ${events} FORMAT ${format}`;
  const { rows } = await store.engine.query<{ total: string }>({
    name: 'bench',
    sql: sql`SELECT least(count(), ${param.uint64(events)}) AS total FROM events`,
  });
  const response = await fetch(`${url}/?output_format_parquet_row_group_size=200000`, {
    method: 'POST',
    body: query,
    headers: { 'x-clickhouse-user': user, 'x-clickhouse-key': password },
  });
  if (!response.ok) throw new Error(await response.text());
  await writeFile(file, response.body as never);
  await store.close();
  return Number(rows[0]?.total ?? 0);
}

/** The yardstick: the engine alone reads the file and inserts, with the same views behind the table. */
async function bareInsert(file: string, format: string): Promise<number> {
  const store = await startTestStore();
  await migrate(store.connection);
  await store.engine.command(
    'bench',
    sql`CREATE TABLE bench_landing (event_id String, customer_id String, event_time DateTime64(3, 'UTC'), event_type String, channel String, revenue Nullable(Decimal(18, 4)), order_id String, session_id String, product String, country String) ENGINE = Null`,
  );
  await store.engine.command(
    'bench',
    sql`CREATE MATERIALIZED VIEW bench_to_events TO events AS SELECT event_id, customer_id, event_time AS time, event_type AS event, channel, revenue, order_id, session_id, toJSONString(map('product', product, 'country', country)) AS properties FROM bench_landing`,
  );
  const begun = performance.now();
  await fetchInsert(store.connection, file, format);
  const took = performance.now() - begun;
  await store.close();
  return took;
}

/** As the engine's own client would send it: the file untouched. */
async function fetchInsert(
  { url, user, password, database }: Connection,
  file: string,
  format: string,
): Promise<void> {
  const query = encodeURIComponent(`INSERT INTO ${database}.bench_landing FORMAT ${format}`);
  const response = await fetch(`${url}/?query=${query}&max_execution_time=600`, {
    method: 'POST',
    body: createReadStream(file) as never,
    headers: { 'x-clickhouse-user': user, 'x-clickhouse-key': password },
    duplex: 'half',
  });
  if (!response.ok) throw new Error(await response.text());
}
