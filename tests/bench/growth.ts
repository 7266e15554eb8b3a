/** Ten times the events: the funnel and the Overview page on two stores, in turns. */
import { operation, overviewPage } from './dashboard.ts';
import { atMost, print } from './line.ts';
import { interleaved } from './measure.ts';
import type { Task } from './measure.ts';
import { loadPage } from './overview.ts';
import { funnelInput } from './questions.ts';
import { uncachedServer } from './server.ts';
import type { BenchServer } from './server.ts';
import { withBenchStore } from './store.ts';
import type { BenchOptions } from './store.ts';

const TARGET = 10.5;

const ASKED: Readonly<Record<string, (server: BenchServer) => Task>> = {
  'funnel 3 steps 30 d': (server) => funnel(server, 3, 30),
  'funnel 3 steps 365 d': (server) => funnel(server, 3, 365),
  'funnel 6 steps 365 d': (server) => funnel(server, 6, 365),
  'Overview page, 30 d': (server) => () => loadPage(server, overviewPage()),
};

export async function benchGrowth({ events, rounds }: BenchOptions): Promise<void> {
  const fewer = Math.round(events / 10);
  await withBenchStore(fewer, (small) =>
    withBenchStore(events, async (large) => {
      const servers = [
        await uncachedServer(small.connection),
        await uncachedServer(large.connection),
      ] as const;
      for (const [name, ask] of Object.entries(ASKED)) {
        const ms = await interleaved({ small: ask(servers[0]), large: ask(servers[1]) }, rounds);
        print({
          name: `${name}, from ${fewer} to ${events} events`,
          events,
          oursMs: ms.large,
          baseline: `the same over ${fewer} events`,
          baselineMs: ms.small,
          judged: atMost('growth', ms.large / ms.small, TARGET),
        });
      }
      await Promise.all(servers.map((server) => server.close()));
    }),
  );
}

function funnel(server: BenchServer, size: 3 | 6, days: number): Task {
  const question = { document: operation('OverviewFunnel'), variables: { input: funnelInput(size, days) } };
  return () => server.ask(question);
}
