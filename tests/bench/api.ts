/** What the API costs: a funnel over all events through HTTP, against its bare statement sent to the engine. */
import { readFunnel, runFunnel } from '../../server/insights/funnel/funnel.service.ts';
import { operation } from './dashboard.ts';
import { atMost, print } from './line.ts';
import { interleaved } from './measure.ts';
import { openProduct } from './product.ts';
import { funnelInput, WHOLE_DAYS } from './questions.ts';
import { uncachedServer } from './server.ts';
import { bare, record } from './statements.ts';
import { withBenchStore } from './store.ts';
import type { BenchOptions } from './store.ts';

const TARGET = 1.15;

export async function benchApi({ events, rounds }: BenchOptions): Promise<void> {
  await withBenchStore(events, async ({ engine, connection }) => {
    const input = funnelInput(3, WHOLE_DAYS);
    const recorder = record(engine);
    const product = await openProduct(recorder.engine);
    const scope = await product.scope();
    recorder.taken();
    await runFunnel(readFunnel(input, scope), scope);
    const [statement] = recorder.taken();
    if (!statement) throw new Error('the funnel sent no statement');
    const server = await uncachedServer(connection);
    const question = { document: operation('OverviewFunnel'), variables: { input } };
    const ms = await interleaved(
      { ours: () => server.ask(question), bare: () => bare(connection, statement) },
      rounds * 3,
    );
    print({
      name: 'API, funnel of 3 steps over all events',
      events,
      oursMs: ms.ours,
      baseline: 'the bare statement over the engine’s HTTP',
      baselineMs: ms.bare,
      judged: atMost('API / bare statement', ms.ours / ms.bare, TARGET),
    });
    await server.close();
    await product.close();
  });
}
