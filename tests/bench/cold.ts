/**
 * The first answers of a fresh engine, its caches and, where the system lets us, the system's page cache dropped,
 * against the same answers once warm.
 */
import { writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import type { EmbeddedEngine } from '../../server/engine/embedded/supervisor.ts';
import { sql } from '../../server/query/sql.ts';
import { operation, overviewPage } from './dashboard.ts';
import { print } from './line.ts';
import { median, timed } from './measure.ts';
import { loadPage } from './overview.ts';
import { funnelInput } from './questions.ts';
import { uncachedServer } from './server.ts';
import type { BenchServer } from './server.ts';
import { withBenchStore } from './store.ts';
import type { BenchOptions } from './store.ts';

const FRESH_STARTS = 3;
const WARM_ROUNDS = 3;

const ASKED: Readonly<Record<string, (server: BenchServer) => Promise<unknown>>> = {
  'funnel 3 steps 30 d': (server) => funnel(server, 30),
  'funnel 3 steps 365 d': (server) => funnel(server, 365),
  'Overview page, 30 d': (server) => loadPage(server, overviewPage()),
};

export async function benchCold({ events }: BenchOptions): Promise<void> {
  for (const [name, ask] of Object.entries(ASKED)) {
    const cold: number[] = [];
    const warm: number[] = [];
    let pageCache = '';
    for (let start = 0; start < FRESH_STARTS; start += 1) {
      await withBenchStore(events, async (store) => {
        const server = await uncachedServer(store.connection);
        await dropEngineCaches(store);
        pageCache = dropPageCache() ? 'dropped' : 'kept (not allowed here)';
        cold.push(await timed(() => ask(server)));
        for (let round = 0; round < WARM_ROUNDS; round += 1) warm.push(await timed(() => ask(server)));
        await server.close();
      });
    }
    print({
      name: `${name}, first answer of a fresh engine`,
      events,
      oursMs: median(cold),
      baseline: 'the same once warm',
      baselineMs: median(warm),
      freshStarts: FRESH_STARTS,
      pageCache,
    });
  }
}

function funnel(server: BenchServer, days: number): Promise<unknown> {
  return server.ask({
    document: operation('OverviewFunnel'),
    variables: { input: funnelInput(3, days) },
  });
}

async function dropEngineCaches({ engine }: EmbeddedEngine): Promise<void> {
  for (const statement of [
    sql`SYSTEM DROP MARK CACHE`,
    sql`SYSTEM DROP UNCOMPRESSED CACHE`,
    sql`SYSTEM DROP QUERY CONDITION CACHE`,
  ])
    await engine.command('bench_drop_cache', statement);
}

/** Linux, as root: what was read from disk is forgotten. */
function dropPageCache(): boolean {
  try {
    spawnSync('sync');
    writeFileSync('/proc/sys/vm/drop_caches', '3');
    return true;
  } catch {
    return false;
  }
}
