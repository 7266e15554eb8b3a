/** Paths of five steps, as the product runs them, against tuples of strings grouped by customer. */
import { runPaths } from '../../server/insights/paths/paths.service.ts';
import { print } from './line.ts';
import { interleaved } from './measure.ts';
import { openProduct } from './product.ts';
import { lastDays } from './questions.ts';
import { ROOMY, withBenchStore } from './store.ts';
import type { BenchOptions } from './store.ts';
import { stringPaths } from './yardsticks/paths.ts';

const STEPS = 5;
const EDGES = 50;

export const pathsInput = (days: number) => ({ range: lastDays(days), maxSteps: STEPS, maxEdges: EDGES });

export async function benchPaths({ events, rounds }: BenchOptions): Promise<void> {
  await withBenchStore(events, async ({ engine }) => {
    const product = await openProduct(engine);
    const scope = await product.scope();
    for (const days of [30, 90]) {
      const ours = () => runPaths(pathsInput(days), scope);
      const strings = () => engine.query(stringPaths(days, STEPS, EDGES), ROOMY);
      const { edges } = await ours();
      const { rows } = await strings();
      const ms = await interleaved({ ours, strings }, rounds);
      print({
        name: `paths of ${STEPS} steps, ${days} d`,
        events,
        oursMs: ms.ours,
        baseline: 'tuples of strings, edges only',
        baselineMs: ms.strings,
        largestEdge: Math.max(
          ...edges.filter((edge) => edge.from !== '' && edge.to !== '').map((edge) => edge.paths),
        ),
        theirLargestEdge: Number(rows[0]?.paths ?? 0),
      });
    }
    await product.close();
  });
}
