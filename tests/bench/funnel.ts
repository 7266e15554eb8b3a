/**
 * Funnels with times, as the product runs them, against the scan of the same rows, ClickHouse's windowFunnel on the
 * same table and on one sorted as PostHog's, and the SQL part of PostHog's own statement.
 */
import type { EmbeddedEngine } from '../../server/engine/embedded/supervisor.ts';
import type { CallOptions } from '../../server/engine/port.ts';
import { readFunnel, runFunnel } from '../../server/insights/funnel/funnel.service.ts';
import { sql } from '../../server/query/sql.ts';
import type { SqlQuery } from '../../server/query/statement.ts';
import { atLeast, atMost, print } from './line.ts';
import type { Judged } from './line.ts';
import { interleaved } from './measure.ts';
import { ensurePosthogTable, posthogEvents } from './posthog-table.ts';
import { openProduct } from './product.ts';
import { funnelInput } from './questions.ts';
import { record } from './statements.ts';
import { ROOMY, withBenchStore } from './store.ts';
import type { BenchOptions } from './store.ts';
import { posthogShape, scanBound, windowFunnel } from './yardsticks/funnel.ts';
import type { FunnelCase, LevelRow } from './yardsticks/funnel.ts';

interface Case extends FunnelCase {
  /** The least that windowFunnel on PostHog's key and PostHog's shape must take, in ours. */
  readonly targets: { readonly windowFunnel: number; readonly posthog: number } | null;
}

const CASES: readonly Case[] = [
  { size: 3, days: 30, targets: { windowFunnel: 1.8, posthog: 3.4 } },
  { size: 6, days: 30, targets: null },
  { size: 3, days: 365, targets: { windowFunnel: 2.6, posthog: 5 } },
  { size: 6, days: 365, targets: { windowFunnel: 3, posthog: 6 } },
];
const SCAN_TARGET = 4;

/** How many threads a statement may use; `auto(4)`: one a core. */
const THREADS: SqlQuery<{ threads: string }> = {
  name: 'bench_threads',
  sql: sql`SELECT toString(getSetting('max_threads')) AS threads`,
};

export async function benchFunnel({ events, rounds }: BenchOptions): Promise<void> {
  await withBenchStore(events, async (store) => {
    await ensurePosthogTable(store.engine);
    for (const each of CASES) await benchCase(store, each, { events, rounds });
  });
}

async function benchCase(
  store: EmbeddedEngine,
  funnel: Case,
  { events, rounds }: BenchOptions,
): Promise<void> {
  const recorder = record(store.engine);
  const product = await openProduct(recorder.engine);
  const scope = await product.scope();
  const ours = () => runFunnel(readFunnel(funnelInput(funnel.size, funnel.days), scope), scope);
  recorder.taken();
  const { steps } = await ours();
  const [{ options } = { options: {} as CallOptions }] = recorder.taken();
  // As many threads as ours; more memory, since theirs need it.
  const theirs = { ...ROOMY, maxThreads: options.maxThreads };
  const ask = <Row>(query: SqlQuery<Row>) => store.engine.query(query, theirs);
  const onOurs = windowFunnel(funnel, sql`events`);
  const onTheirs = windowFunnel(funnel, posthogEvents);
  const shape = posthogShape(funnel, posthogEvents);
  const [{ threads } = { threads: '' }] = (await ask(THREADS)).rows;
  const ms = await interleaved(
    {
      ours,
      scan: () => ask(scanBound(funnel, 'table')),
      leastScan: () => ask(scanBound(funnel, 'projection')),
      onOurs: () => ask(onOurs),
      onTheirs: () => ask(onTheirs),
      shape: () => ask(shape),
    },
    rounds,
  );
  const reached = steps.map(({ customers }) => customers);
  const line = (baseline: string, baselineMs: number, customers: readonly number[], judged?: Judged): void =>
    print({
      name: `funnel ${funnel.size} steps ${funnel.days} d`,
      events,
      threads,
      oursMs: ms.ours,
      baseline,
      baselineMs,
      customers: reached,
      theirCustomers: customers,
      judged,
    });
  const { targets } = funnel;
  line('scan bound', ms.scan, [], atMost('ours / scan bound', ms.ours / ms.scan, SCAN_TARGET));
  line('scan bound, by the projection', ms.leastScan, []);
  line('windowFunnel, same table', ms.onOurs, reachedOf((await ask(onOurs)).rows, funnel));
  line(
    'windowFunnel, PostHog’s sort key',
    ms.onTheirs,
    reachedOf((await ask(onTheirs)).rows, funnel),
    targets
      ? atLeast('windowFunnel on PostHog’s key / ours', ms.onTheirs / ms.ours, targets.windowFunnel)
      : undefined,
  );
  line(
    'PostHog’s SQL shape',
    ms.shape,
    (await ask(shape)).rows.map((row) => Number(row.customers)),
    targets ? atLeast('PostHog’s shape / ours', ms.shape / ms.ours, targets.posthog) : undefined,
  );
  await product.close();
}

/** Who got to each step or further. */
function reachedOf(rows: readonly LevelRow[], { size }: FunnelCase): readonly number[] {
  return Array.from({ length: size }, (_, k) =>
    rows.reduce((sum, row) => sum + (row.level > k ? Number(row.customers) : 0), 0),
  );
}
