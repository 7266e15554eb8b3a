/** Cohort matrices, months and key figures of the real data sets, asked of the schema, to the digit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { askOf } from '../support/ask.ts';
import { figuresOf, loadDataset } from '../support/datasets.ts';
import type { Cohorts, DatasetName } from '../support/datasets.ts';
import { testEngine } from '../support/engine.ts';

const NOW = '2026-06-01T00:00:00Z';

/** Ranges of whole months around each set's events. */
const RANGES: Readonly<Record<DatasetName, { readonly from: string; readonly to: string }>> = {
  'online-retail': { from: '2010-12-01T00:00:00Z', to: '2012-01-01T00:00:00Z' },
  'complete-journey-sample': { from: '2016-11-01T00:00:00Z', to: '2018-02-01T00:00:00Z' },
  'rees46-oct2019-slice': { from: '2019-10-01T00:00:00Z', to: '2019-11-01T00:00:00Z' },
  cdnow: { from: '1997-01-01T00:00:00Z', to: '1998-07-01T00:00:00Z' },
};

interface Series {
  readonly series: readonly { readonly start: string; readonly value: number }[];
}
type Figure = Series & { readonly value: number };

describe.each(Object.keys(RANGES) as DatasetName[])('%s', (dataset) => {
  const figures = figuresOf(dataset);
  const range = RANGES[dataset];
  let engine: Engine;
  beforeAll(async () => {
    engine = await testEngine();
    await loadDataset(engine, dataset);
  });
  afterAll(() => engine.close());

  async function cohorts(start: object): Promise<Cohorts> {
    const { retention } = await askOf(engine, { now: NOW })<{
      retention: {
        cohorts: { start: string; size: number; cells: { period: number; customers: number }[] }[];
      };
    }>(
      `query ($input: RetentionInput!) {
        retention(input: $input) { cohorts { start size cells { period customers } } }
      }`,
      { input: { start, range, interval: 'MONTH', periods: 36 } },
    );
    const withMembers = retention.cohorts.filter(({ size }) => size > 0);
    return Object.fromEntries(
      withMembers.map(({ start, cells }) => [
        start.slice(0, 7),
        Object.fromEntries(
          cells.filter((cell) => cell.customers > 0).map((cell) => [String(cell.period), cell.customers]),
        ),
      ]),
    );
  }

  async function metric(measure: string): Promise<Record<string, number>> {
    const { metric } = await askOf(engine, { now: NOW })<{ metric: Series }>(
      `query ($input: MetricInput!) { metric(input: $input) { series { start value } } }`,
      { input: { measure, match: { events: ['purchase'] }, range, interval: 'MONTH' } },
    );
    return byMonth(metric);
  }

  it('has the published cohorts of first purchase', async () => {
    expect(await cohorts({ events: ['purchase'] })).toEqual(withoutZeros(figures.cohort_retention_counts));
  });

  const allEvents = figures.cohort_retention_counts_all_events;
  if (allEvents) {
    it('has the published cohorts of first event of any kind', async () => {
      expect(await cohorts({})).toEqual(withoutZeros(allEvents));
    });
  }

  it('has the published customers, orders and revenue of every month', async () => {
    const [customers, orders, revenue] = await Promise.all([
      metric('CUSTOMERS'),
      metric('ORDERS'),
      metric('REVENUE'),
    ]);
    const found = Object.keys(customers).map((month) => [
      month,
      { active_customers: customers[month], orders: orders[month], revenue: revenue[month] },
    ]);
    expect(Object.fromEntries(found)).toEqual(figures.monthly);
  });

  it('has the published totals, new customers and repeat rate', async () => {
    const { overview } = await askOf(engine, { now: NOW })<{
      overview: Record<
        'revenue' | 'orders' | 'activeCustomers' | 'customers' | 'newCustomers' | 'repeatPurchaseRate',
        Figure
      >;
    }>(
      `query ($input: OverviewInput!) {
        overview(input: $input) {
          revenue { ...figure } orders { ...figure } activeCustomers { ...figure } customers { ...figure }
          newCustomers { ...figure } repeatPurchaseRate { ...figure }
        }
      }
      fragment figure on Kpi { value series { start value } }`,
      { input: { range, interval: 'MONTH', where: { property: 'event', values: ['purchase'] } } },
    );
    const { purchase, repeat } = figures;
    expect(overview.revenue.value).toBe(purchase.revenue);
    expect(overview.orders.value).toBe(purchase.orders);
    expect(overview.activeCustomers.value).toBe(purchase.customers);
    expect(overview.customers.value).toBe(purchase.customers);
    expect(overview.newCustomers.value).toBe(purchase.customers);
    expect(overview.repeatPurchaseRate.value.toFixed(6)).toBe(repeat.repeat_rate.toFixed(6));
    const newByMonth = Object.entries(figures.growth_accounting).map(([month, row]) => [month, row.new]);
    const found = byMonth(overview.newCustomers, Object.keys(figures.growth_accounting));
    expect(found).toEqual(Object.fromEntries(newByMonth));
  });

  it('knows every customer of the set', async () => {
    const { overview } = await askOf(engine, { now: NOW })<{ overview: { customers: Figure } }>(
      `query ($input: OverviewInput!) { overview(input: $input) { customers { value } } }`,
      { input: { range, interval: 'MONTH' } },
    );
    expect(overview.customers.value).toBe(figures.customers);
  });
});

function withoutZeros(cohorts: Cohorts): Cohorts {
  return Object.fromEntries(
    Object.entries(cohorts).map(([month, cells]) => [
      month,
      Object.fromEntries(Object.entries(cells).filter(([, customers]) => customers > 0)),
    ]),
  );
}

/** Months without a value are left out, unless named. */
function byMonth({ series }: Series, months: readonly string[] = []): Record<string, number> {
  const all = series.map(({ start, value }): [string, number] => [start.slice(0, 7), value]);
  return Object.fromEntries(all.filter(([month, value]) => value !== 0 || months.includes(month)));
}
