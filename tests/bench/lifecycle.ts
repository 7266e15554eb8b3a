/**
 * The lifecycle stages of every day of a year, which the product tells in one statement, against telling one day
 * after the other from raw events. Twelve days or more, spread over the year, are measured, some in each round, and the median taken 365 times.
 */
import { runHistory, runLifecycle } from '../../server/insights/lifecycle/lifecycle.service.ts';
import { atLeast, print } from './line.ts';
import { interleaved } from './measure.ts';
import { openProduct } from './product.ts';
import { DAY_MS, END_MS, lastDays } from './questions.ts';
import { withBenchStore } from './store.ts';
import type { BenchOptions } from './store.ts';
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
    let day = 0;
    const one = () => {
      const atMs = END_MS - (day % measured) * Math.floor(DAYS / measured) * DAY_MS;
      day += 1;
      return engine.query(stagesFromRaw(atMs), { maxSeconds: 600, maxBytes: 12 * 1024 ** 3 });
    };
    const days = async () => {
      for (let i = 0; i < perRound; i += 1) await one();
    };
    const { rows } = await one();
    day = 0;
    const ms = await interleaved({ history, days }, rounds);
    const baselineMs = (ms.days / perRound) * DAYS;
    print({
      name: 'lifecycle, every day of a year',
      events,
      oursMs: ms.history,
      baseline: `one day from raw events (${measured} measured, over the year) x ${DAYS}`,
      baselineMs,
      oneDayMs: ms.days / perRound,
      now: Object.fromEntries(stages.map((share) => [share.stage.key, share.customers])),
      theirNow: byStage(rows),
      judged: atLeast('a year of days, one by one / ours', baselineMs / ms.history, TARGET),
    });
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
