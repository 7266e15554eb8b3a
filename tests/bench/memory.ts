/**
 * The most memory that each analysis takes: in the engine, per statement, by ClickHouse's own word; and in both
 * processes while all of them are answered (Linux: elsewhere the system does not tell, and zero is printed).
 */
import type { EmbeddedEngine } from '../../server/engine/embedded/supervisor.ts';
import { operation, overviewPage } from './dashboard.ts';
import type { Page } from './dashboard.ts';
import { lifecycleYear } from './lifecycle.ts';
import { atMost, printSize } from './line.ts';
import { statementsOf } from './overview.ts';
import { pathsInput } from './paths.ts';
import { funnelInput } from './questions.ts';
import { retentionInput } from './retention.ts';
import { peakMemoryOf, uncachedServer } from './server.ts';
import { bare } from './statements.ts';
import { withBenchStore } from './store.ts';
import type { BenchOptions } from './store.ts';

const FUNNEL_BYTES = 1.5e9;
const SERVER_BYTES = 300e6;
const ROUNDS = 3;

interface Measured {
  readonly page: Page;
  readonly bound?: number;
}

const funnel = (size: 3 | 6): Page => ({
  funnel: { document: operation('OverviewFunnel'), variables: { input: funnelInput(size, 365) } },
});

const MEASURED: Readonly<Record<string, () => Measured>> = {
  'funnel 3 steps 365 d': () => ({ page: funnel(3), bound: FUNNEL_BYTES }),
  'funnel 6 steps 365 d': () => ({ page: funnel(6), bound: FUNNEL_BYTES }),
  'Overview page, 30 d': () => ({ page: overviewPage() }),
  'lifecycle, every day of a year': () => ({
    page: { history: { document: operation('LifecycleHistory'), variables: { input: lifecycleYear } } },
  }),
  'paths of 5 steps, 90 d': () => ({
    page: { paths: { document: operation('Paths'), variables: { input: pathsInput(90) } } },
  }),
  'retention by week, 52 weeks': () => ({
    page: {
      retention: {
        document: operation('OverviewCohorts'),
        variables: { input: retentionInput('any event') },
      },
    },
  }),
};

export async function benchMemory({ events }: BenchOptions): Promise<void> {
  await withBenchStore(events, async (store) => {
    const all = Object.entries(MEASURED).map(([name, measured]) => ({ name, ...measured() }));
    for (const { name, page, bound } of all) {
      const { statement, bytes } = await largestOf(page, store);
      printSize({
        name: `${name}: engine`,
        events,
        oursBytes: bytes,
        statement,
        judged: bound === undefined ? undefined : atMost('peak bytes of the statement', bytes, bound),
      });
    }
    const server = await uncachedServer(store.connection);
    for (let round = 0; round < ROUNDS; round += 1)
      for (const { page } of all) for (const question of Object.values(page)) await server.ask(question);
    const asked = `all of these, ${ROUNDS} times`;
    const bytes = peakMemoryOf(server.pid) ?? 0;
    printSize({
      name: `the server's process, ${asked}`,
      events,
      oursBytes: bytes,
      judged: atMost('peak resident bytes', bytes, SERVER_BYTES),
    });
    const ofEngine = peakMemoryOf(store.pid) ?? 0;
    printSize({ name: `the engine's process, ${asked}`, events, oursBytes: ofEngine });
    await server.close();
  });
}

/** Of all statements of a page, the one that holds most. */
async function largestOf(page: Page, store: EmbeddedEngine): Promise<{ statement: string; bytes: number }> {
  let largest = { statement: '', bytes: 0 };
  for (const statement of await statementsOf(page, store)) {
    const { peakBytes } = await bare(store.connection, statement);
    if (peakBytes > largest.bytes) largest = { statement: statement.query.name, bytes: peakBytes };
  }
  return largest;
}
