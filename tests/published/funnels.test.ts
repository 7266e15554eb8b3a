/** Funnel figures of the real data sets, asked of the schema, to the digit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { askOf } from '../support/ask.ts';
import { figuresOf, loadDataset } from '../support/datasets.ts';
import type { DatasetName } from '../support/datasets.ts';
import { testEngine } from '../support/engine.ts';

interface FunnelFigures {
  readonly funnel: {
    readonly steps: readonly string[];
    readonly unordered_all_of_prefix: readonly number[];
    /** Customers at each step, by the window in seconds. */
    readonly ordered_by_window_s: Readonly<Record<string, readonly number[]>>;
  };
  readonly funnel_breakdown: Readonly<
    Record<
      string,
      {
        readonly window_s: number;
        /** By value: customers in the group, then at each step. */
        readonly customers_and_steps: Readonly<Record<string, readonly number[]>>;
      }
    >
  >;
}

const RANGES: Partial<Record<DatasetName, { readonly from: string; readonly to: string }>> = {
  'rees46-oct2019-slice': { from: '2019-10-01T00:00:00Z', to: '2019-11-01T00:00:00Z' },
  'complete-journey-sample': { from: '2016-11-01T00:00:00Z', to: '2018-02-01T00:00:00Z' },
};

interface Answer {
  readonly steps: readonly { readonly customers: number }[];
  readonly breakdown: readonly (Pick<Answer, 'steps'> & { readonly values: readonly string[] })[];
}

describe.each(Object.keys(RANGES) as DatasetName[])('%s', (dataset) => {
  const figures = figuresOf(dataset) as unknown as FunnelFigures;
  const { steps } = figures.funnel;
  let engine: Engine;
  beforeAll(async () => {
    engine = await testEngine();
    await loadDataset(engine, dataset);
  });
  afterAll(() => engine.close());

  async function funnel(more: object): Promise<Answer> {
    const input = {
      steps: steps.map((event) => ({ match: { events: [event] } })),
      range: RANGES[dataset],
      ...more,
    };
    const answer = await askOf(engine, { now: '2026-06-01T00:00:00Z' })<{ funnel: Answer }>(
      `query ($input: FunnelInput!) {
        funnel(input: $input) { steps { customers } breakdown { values steps { customers } } }
      }`,
      { input },
    );
    return answer.funnel;
  }

  it.each(Object.entries(figures.funnel.ordered_by_window_s))(
    'customers at each step within %s seconds',
    async (seconds, expected) => {
      const answer = await funnel({ window: `PT${seconds}S` });
      expect(answer.steps.map((step) => step.customers)).toEqual(expected);
    },
  );

  it('customers who did all steps in any order', async () => {
    const answer = await funnel({ window: 'P2Y', order: 'ANY' });
    expect(answer.steps.at(-1)?.customers).toBe(figures.funnel.unordered_all_of_prefix.at(-1));
  });

  it.each(Object.entries(figures.funnel_breakdown))(
    'customers at each step by %s',
    async (property, { window_s: seconds, customers_and_steps: groups }) => {
      const breakdown = { properties: [property], limit: 100 };
      const answer = await funnel({ window: `PT${seconds}S`, breakdown });
      const got = answer.breakdown.map(({ values, steps: own }) => [
        values[0],
        own.map((step) => step.customers),
      ]);
      const entered = Object.entries(groups).filter(([, [, first]]) => first);
      expect(Object.fromEntries(got)).toEqual(
        Object.fromEntries(entered.map(([value, [, ...counts]]) => [value, counts])),
      );
    },
  );
});
