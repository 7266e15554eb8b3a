/**
 * The lifecycle stages of every day of a year, which the product tells in one statement, against telling one day
 * after the other from raw events. Twelve days or more, spread over the year, are measured, some in each round, and the median taken 365 times.
 */
import { runHistory, runLifecycle } from '../../server/insights/lifecycle/lifecycle.service.ts';
import { atLeast, print } from './line.ts';
import { interleaved } from './measure.ts';
import { openProduct } from './product.ts';
import { DAY_MS, END_MS, lastDays } from './questions.ts';
import { ROOMY, withBenchStore } from './store.ts';
import type { BenchOptions } from './store.ts';
import type { Reads } from './yardsticks/reads.ts';
import { stagesFromRaw } from './yardsticks/lifecycle.ts';
import type { StageYardRow } from './yardsticks/lifecycle.ts';

const DAYS = 365;
const LEAST_DAYS = 12;
const TARGET = 500;

export const lifecycleYear = { at: new Date(END_MS), range: lastDays(DAYS), interval: 'DAY' } as const;

export async function benchLifecycle({ events, rounds }: BenchOptions): Promise<void> {
  await withBenchStore(events, async ({ engine }) => {
    const product = await openProduct(engine);
    const scope = await product.scope();
    const { query, stages } = await runLifecycle(lifecycleYear, scope);
    const history = () => runHistory(query, scope);
    const perRound = Math.ceil(LEAST_DAYS / rounds);
    const measured = perRound * rounds;
    // Backwards from the last, spread over the year; each round other ones.
    const asked = { 'rows alone': 0, 'projections too': 0 };
    const one = (reads: Reads) => {
      const back = (asked[reads] % measured) * Math.floor(DAYS / measured);
      asked[reads] += 1;
      return engine.query(stagesFromRaw(END_MS - back * DAY_MS, reads), ROOMY);
    };
    const days = (reads: Reads) => async () => {
      for (let i = 0; i < perRound; i += 1) await one(reads);
    };
    const { rows } = await one('rows alone');
    asked['rows alone'] = 0;
    const ms = await interleaved(
      { history, raw: days('rows alone'), projected: days('projections too') },
      rounds,
    );
    const line = (baseline: string, daysMs: number, target?: number): void => {
      const baselineMs = (daysMs / perRound) * DAYS;
      print({
        name: 'lifecycle, every day of a year',
        events,
        oursMs: ms.history,
        baseline,
        baselineMs,
        oneDayMs: daysMs / perRound,
        now: Object.fromEntries(stages.map((share) => [share.stage.key, share.customers])),
        theirNow: byStage(rows),
        judged: target
          ? atLeast('a year of days, one by one / ours', baselineMs / ms.history, target)
          : undefined,
      });
    };
    line(`one day from raw events (${measured} measured, over the year) x ${DAYS}`, ms.raw, TARGET);
    line('the same, if it may read our projections', ms.projected);
    await product.close();
  });
}

function byStage(rows: readonly StageYardRow[]): Readonly<Record<string, number>> {
  const stages = new Map(rows.map((row) => [row.stage, Number(row.customers)]));
  const known = stages.get('known') ?? 0;
  stages.delete('known');
  const ordered = [...stages.values()].reduce((all, customers) => all + customers, 0);
  return { prospect: known - ordered, ...Object.fromEntries(stages) };
}
