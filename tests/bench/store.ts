/** The benchmarks' stores: generated once for each number of events, kept under BENCH_DIR (.cache/bench). */
import { join } from 'node:path';
import { ensureBuilt } from '../../scripts/build.mjs';
import { fillDemo } from '../../server/demo/fill.ts';
import { EVENTS_PER_CUSTOMER } from '../../server/demo/generator.sql.ts';
import { startEmbedded } from '../../server/engine/embedded/supervisor.ts';
import type { EmbeddedEngine } from '../../server/engine/embedded/supervisor.ts';
import type { Engine } from '../../server/engine/port.ts';
import { migrate } from '../../server/engine/migrations.ts';
import { projectRoot } from '../../server/engine/project.ts';
import { name, sql } from '../../server/query/sql.ts';
import { END_MS } from './questions.ts';

/** What every benchmark is told. */
export interface BenchOptions {
  readonly events: number;
  /** Rounds that count. */
  readonly rounds: number;
}

/** Limits for yardsticks: some need more than our own statements get. */
export const ROOMY = { maxSeconds: 600, maxBytes: 12 * 1024 ** 3 } as const;

/** Months of a hundred million events take minutes to merge. */
const MERGE_SECONDS = 3600;

/** Where the store of so many events stands. */
export function folderOf(events: number): string {
  return join(process.env['BENCH_DIR'] ?? join(projectRoot(), '.cache/bench'), `${events}`);
}

/** Starts an engine on the store of so many events; the first time, makes them. */
export function openBenchStore(events: number): Promise<EmbeddedEngine> {
  return openStoreIn(folderOf(events), events);
}

/** The same in a folder of its own. */
export async function openStoreIn(dataDir: string, events: number): Promise<EmbeddedEngine> {
  await ensureBuilt('engine');
  const store = await startEmbedded({ dataDir });
  await migrate(store.connection);
  const customers = Math.round(events / EVENTS_PER_CUSTOMER);
  let shown = 0;
  await fillDemo(store.engine, {
    dataset: 'generated',
    customers,
    endMs: END_MS,
    onProgress: ({ share }) => {
      if (share < shown + 0.1 && share < 1) return;
      shown = share;
      process.stderr.write(`generating ${events} events: ${Math.round(share * 100)} %\n`);
    },
  });
  await finished(store.engine);
  await merged(store.engine);
  return store;
}

/** As a store stands that has been at rest; what unmerged parts cost is the benchmark `parts`. */
async function merged(engine: Engine): Promise<void> {
  const { rows } = await engine.query<{ table: string }>({
    name: 'bench_unmerged',
    sql: sql`SELECT table FROM system.parts WHERE active AND database = currentDatabase()
GROUP BY table HAVING count() > uniqExact(partition) ORDER BY table`,
  });
  for (const { table } of rows) {
    process.stderr.write(`merging ${table}\n`);
    await engine.command(
      'bench_merge',
      sql`OPTIMIZE TABLE ${name(table)} FINAL SETTINGS optimize_skip_merged_partitions = 1`,
      { maxSeconds: MERGE_SECONDS },
    );
  }
}

/** Waits for what a new migration still does to stored parts, so that no benchmark runs beside it. */
async function finished(engine: Engine): Promise<void> {
  for (;;) {
    const { rows } = await engine.query<{ mutations: string }>({
      name: 'bench_mutations',
      sql: sql`SELECT count() AS mutations FROM system.mutations WHERE NOT is_done`,
    });
    if (Number(rows[0]?.mutations) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Runs `work` on the store of so many events and closes it, whatever comes. */
export async function withBenchStore(
  events: number,
  work: (store: EmbeddedEngine) => Promise<void>,
): Promise<void> {
  const store = await openBenchStore(events);
  try {
    await work(store);
  } finally {
    await store.close();
  }
}
