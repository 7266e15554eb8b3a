/** Churn and the plain words of the overview, told as stories with literal numbers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';

const CHURN = `query ($input: OverviewInput!) {
  overview(input: $input) { churnRate { value previous change series { start value complete } } }
}`;

interface Churn {
  readonly value: number;
  readonly previous: number | null;
  readonly change: number | null;
  readonly series: readonly { readonly start: string; readonly value: number; readonly complete: boolean }[];
}

describe('churn, with the built-in map (lost after 365 days without an order)', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await testEngine();
    await storeEvents(engine, [
      customer('leaves on 12 January').did('purchase', '2024-01-13T12:00Z', { revenue: 10 }),
      customer('leaves on 20 January').did('purchase', '2024-01-21T12:00Z', { revenue: 10 }),
      customer('stays').did('purchase', '2024-11-15T12:00Z', { revenue: 10 }),
      customer('comes in the range').did('purchase', '2025-01-03T12:00Z', { revenue: 10 }),
      customer('was lost long before').did('purchase', '2022-01-01T12:00Z', { revenue: 10 }),
      customer('never ordered').did('page_viewed', '2023-01-01T12:00Z'),
    ]);
  });
  afterAll(() => engine.close());

  const churn = async (input: object, now = '2026-06-01T00:00:00Z'): Promise<Churn> =>
    (await askOf(engine, { now })<{ overview: { churnRate: Churn } }>(CHURN, { input })).overview.churnRate;

  it('is the share lost at the end of those who had ordered and were not lost at the start', async () => {
    const range = { from: '2025-01-01T00:00:00Z', to: '2025-02-01T00:00:00Z' };
    const { value, previous, change } = await churn({ range, interval: 'MONTH' });
    expect(value).toBeCloseTo(2 / 3);
    expect(previous).toBe(0);
    expect(change).toBeNull();
  });

  it('counts each interval from its own start', async () => {
    const range = { from: '2025-01-06T00:00:00Z', to: '2025-01-27T00:00:00Z' };
    const { series } = await churn({ range, interval: 'WEEK' });
    expect(series.map(({ value }) => Number(value.toFixed(4)))).toEqual([0.25, 0, 0.3333]);
  });

  it('loses nobody in what has not come yet', async () => {
    const range = { from: '2025-01-06T00:00:00Z', to: '2025-01-27T00:00:00Z' };
    const { value, series } = await churn({ range, interval: 'WEEK' }, '2025-01-15T00:00:00Z');
    expect(value).toBe(0.25);
    expect(series.map(({ value, complete }) => [value, complete])).toEqual([
      [0.25, true],
      [0, false],
      [0, false],
    ]);
  });

  it('is not defined where nobody had ordered before', async () => {
    const range = { from: '2021-01-01T00:00:00Z', to: '2021-02-01T00:00:00Z' };
    expect(await churn({ range, interval: 'MONTH' })).toMatchObject({
      value: 0,
      previous: null,
      change: null,
    });
  });
});
