/** Weekly retention over a year, as the product runs it, against a self-join of raw events. */
import { runRetention } from '../../server/insights/retention/retention.service.ts';
import type { EventMatchRequest } from '../../server/query/event-match.ts';
import { atLeast, print } from './line.ts';
import { interleaved } from './measure.ts';
import { openProduct } from './product.ts';
import { ORDER, RETENTION_PERIODS, WEEKS } from './questions.ts';
import { ROOMY, withBenchStore } from './store.ts';
import type { BenchOptions } from './store.ts';
import type { Reads } from './yardsticks/reads.ts';
import { selfJoinRetention } from './yardsticks/retention.ts';

const TARGET = 20;
const RETURNS = {
  orders: { events: [ORDER] },
  'any event': {},
} as const;

export function retentionInput(returns: keyof typeof RETURNS, start: EventMatchRequest = RETURNS.orders) {
  return {
    start,
    return: RETURNS[returns],
    range: WEEKS,
    interval: 'WEEK',
    periods: RETENTION_PERIODS,
  } as const;
}

const anyEvent = retentionInput('any event', RETURNS['any event']);

export async function benchRetention({ events, rounds }: BenchOptions): Promise<void> {
  await withBenchStore(events, async ({ engine }) => {
    const product = await openProduct(engine);
    const scope = await product.scope();
    for (const returns of Object.keys(RETURNS) as (keyof typeof RETURNS)[]) {
      const ours = () => runRetention(retentionInput(returns), scope, false);
      const selfJoin = (reads: Reads) => () => engine.query(selfJoinRetention(returns, reads), ROOMY);
      const { cohorts } = await ours();
      const { rows } = await selfJoin('rows alone')();
      const ms = await interleaved(
        { ours, raw: selfJoin('rows alone'), projected: selfJoin('projections too') },
        rounds,
      );
      const returned = cohorts.flatMap(({ cells }) =>
        cells.map((cell) => (cell.period > 0 ? cell.customers : 0)),
      );
      const theirs = rows.filter((row) => row.period > 0).map((row) => Number(row.customers));
      const line = {
        name: `retention by week, 52 weeks, return: ${returns}`,
        events,
        oursMs: ms.ours,
        members: sum(cohorts.map(({ size }) => size)),
        returned: sum(returned),
        theirReturned: sum(theirs),
      };
      print({
        ...line,
        baseline: 'self-join of raw events',
        baselineMs: ms.raw,
        judged: atLeast('self-join / ours', ms.raw / ms.ours, TARGET),
      });
      print({ ...line, baseline: 'the same, if it may read our projections', baselineMs: ms.projected });
    }
    const members = async () => (await runRetention(anyEvent, scope, false)).cohorts;
    const withMoney = () => runRetention(anyEvent, scope, true);
    const size = sum((await members()).map((cohort) => cohort.size));
    const ms = await interleaved({ ours: members, withMoney }, rounds);
    const name = 'retention by week, 52 weeks, start and return: any event';
    print({ name, events, oursMs: ms.ours, members: size, baseline: 'with money', baselineMs: ms.withMoney });
    await product.close();
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}
