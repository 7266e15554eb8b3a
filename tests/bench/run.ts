/**
 * `npm run --silent bench -- NAME [--events N] [--rounds N]`: one JSON object a line. `all` runs every benchmark,
 * `table FILE...` writes the lines of such runs into docs/performance.md.
 */
import { parseArgs } from 'node:util';
import { benchAutomation } from './automation.ts';
import { benchApi } from './api.ts';
import { benchCold } from './cold.ts';
import { benchConcurrent } from './concurrent.ts';
import { benchDashboard } from './browser/dashboard.ts';
import { benchCustomer } from './customer.ts';
import { benchFanOut } from './fan-out.ts';
import { benchGrowth } from './growth.ts';
import { benchIdle } from './idle.ts';
import { benchIngest } from './ingest.ts';
import { benchLifecycle } from './lifecycle.ts';
import { benchMemory } from './memory.ts';
import { benchOverview } from './overview.ts';
import { benchParts } from './parts.ts';
import { benchPaths } from './paths.ts';
import { benchRetention } from './retention.ts';
import { benchFunnel } from './funnel.ts';
import { benchImport } from './import.ts';
import { printFailure } from './line.ts';
import { benchLive } from './live.ts';
import { benchLiveCost } from './live-cost.ts';
import { benchLiveLatency } from './live-latency.ts';
import { benchPages } from './pages.ts';
import type { BenchOptions } from './store.ts';
import { writeTables } from './table.ts';

type Bench = (options: BenchOptions) => Promise<void>;

/** In the order in which `all` runs them. */
const BENCHES: Readonly<Record<string, Bench>> = {
  funnel: benchFunnel,
  retention: benchRetention,
  lifecycle: benchLifecycle,
  paths: benchPaths,
  overview: benchOverview,
  customer: benchCustomer,
  api: benchApi,
  concurrent: benchConcurrent,
  ingest: benchIngest,
  cold: benchCold,
  parts: benchParts,
  memory: benchMemory,
  growth: benchGrowth,
  pages: benchPages,
  import: ({ events }) => benchImport(events),
  live: ({ events }) => benchLive(events),
  'live-cost': benchLiveCost,
  'live-latency': benchLiveLatency,
  'fan-out': ({ rounds }) => benchFanOut(rounds),
  automation: benchAutomation,
  idle: benchIdle,
  dashboard: ({ rounds }) => benchDashboard(rounds),
};

const USAGE = `Usage: npm run --silent bench -- ${[...Object.keys(BENCHES), 'all'].join('|')} [--events N] [--rounds N]
       npm run bench -- table FILE...
       N events at least 10,000 (default 10,000,000); rounds that count, default 7
`;

export async function runBench(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      events: { type: 'string', default: '10000000' },
      rounds: { type: 'string', default: '7' },
    },
  });
  const [name = '', ...files] = positionals;
  if (name === 'table' && files.length > 0) return writeTables(files);
  const events = Number(values.events.replaceAll('_', ''));
  const rounds = Number(values.rounds);
  const named = name === 'all' ? Object.keys(BENCHES) : [name].filter((one) => one in BENCHES);
  const isUsable = Number.isInteger(events) && events >= 10_000 && Number.isInteger(rounds) && rounds >= 1;
  if (named.length === 0 || !isUsable) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  for (const one of named) {
    try {
      await BENCHES[one]?.({ events, rounds });
    } catch (error) {
      printFailure({ name: one, events, error });
      process.exitCode = 1;
    }
  }
}
