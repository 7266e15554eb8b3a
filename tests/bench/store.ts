/** The benchmarks' stores: generated once for each number of events, kept under .cache/bench. */
import { join } from 'node:path';
import { ensureBuilt } from '../../scripts/build.mjs';
import { fillDemo } from '../../server/demo/fill.ts';
import { EVENTS_PER_CUSTOMER } from '../../server/demo/generator.sql.ts';
import { startEmbedded } from '../../server/engine/embedded/supervisor.ts';
import type { EmbeddedEngine } from '../../server/engine/embedded/supervisor.ts';
import { migrate } from '../../server/engine/migrations.ts';
import { projectRoot } from '../../server/engine/project.ts';

/** Where history ends, so that every run asks the same of the same data. */
export const END_MS = Date.UTC(2026, 5, 30);

export async function openBenchStore(events: number): Promise<EmbeddedEngine> {
  await ensureBuilt('engine');
  const dataDir = join(projectRoot(), '.cache/bench', `${events}`);
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
  return store;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

export interface BenchLine {
  readonly name: string;
  readonly events: number;
  readonly oursMs: number;
  readonly baseline: string;
  readonly baselineMs: number;
  readonly [more: string]: unknown;
}

export function print(line: BenchLine): void {
  const round = (value: unknown): unknown =>
    typeof value === 'number' ? Math.round(value * 100) / 100 : value;
  const all = { ...line, ratio: line.baselineMs / line.oursMs };
  process.stdout.write(
    `${JSON.stringify(Object.fromEntries(Object.entries(all).map(([key, value]) => [key, round(value)])))}\n`,
  );
}
