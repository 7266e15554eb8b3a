/** Attribution and customer segments on the real data sets: what must add up does, under every model. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { askOf } from '../support/ask.ts';
import { figuresOf, loadDataset } from '../support/datasets.ts';
import type { DatasetName } from '../support/datasets.ts';
import { testEngine } from '../support/engine.ts';

const NOW = '2026-06-01T00:00:00Z';
const MODELS = ['FIRST_TOUCH', 'LAST_TOUCH', 'LINEAR', 'POSITION_BASED', 'TIME_DECAY', 'MARKOV'];

const SETS = {
  'rees46-oct2019-slice': {
    range: { from: '2019-10-01T00:00:00Z', to: '2019-11-01T00:00:00Z' },
    conversion: { events: ['purchase'] },
    by: 'event',
  },
  'complete-journey-sample': {
    range: { from: '2016-11-01T00:00:00Z', to: '2018-02-01T00:00:00Z' },
    conversion: { events: ['purchase'] },
    by: 'event',
  },
} as const satisfies Partial<Record<DatasetName, object>>;

interface Answer {
  readonly attribution: {
    readonly conversions: number;
    readonly revenue: number;
    readonly rows: readonly {
      readonly name: string;
      readonly credit: readonly Record<'conversions' | 'revenue' | 'share', number>[];
    }[];
  };
  readonly events: { readonly total: number };
  readonly revenue: { readonly total: number };
  readonly rfm: {
    readonly segments: readonly Record<'customers' | 'share' | 'revenue', number>[];
    readonly cells: readonly Record<'customers' | 'averageMonetary', number>[];
  };
  readonly overview: Record<'customers' | 'revenue', { readonly value: number }>;
}

describe.each(Object.entries(SETS))('%s', (dataset, { range, conversion, by }) => {
  let engine: Engine;
  let answer: Answer;
  beforeAll(async () => {
    engine = await testEngine();
    await loadDataset(engine, dataset as DatasetName);
    answer = await askOf(engine, { now: NOW })<Answer>(
      `query ($input: AttributionInput!, $events: MetricInput!, $revenue: MetricInput!, $rfm: RfmInput!, $overview: OverviewInput!) {
        attribution(input: $input) { conversions revenue rows { name credit { conversions revenue share } } }
        events: metric(input: $events) { total }
        revenue: metric(input: $revenue) { total }
        rfm(input: $rfm) { segments { customers share revenue } cells { customers averageMonetary } }
        overview(input: $overview) { customers { value } revenue { value } }
      }`,
      {
        input: { conversion, by, range, models: MODELS },
        events: { measure: 'EVENTS', match: conversion, range, interval: 'YEAR' },
        revenue: { measure: 'REVENUE', match: conversion, range, interval: 'YEAR' },
        rfm: { range },
        overview: { range, interval: 'YEAR' },
      },
    );
  }, 120_000);
  afterAll(() => engine.close());

  it('credits every conversion and all of its revenue, once, under each model', () => {
    const { conversions, revenue, rows } = answer.attribution;
    expect(conversions).toBe(answer.events.total);
    expect(revenue).toBe(answer.revenue.total);
    expect(conversions).toBeGreaterThan(100);
    MODELS.forEach((_, m) => {
      const sum = (of: 'conversions' | 'revenue', steps: number): number =>
        rows.reduce((all, { credit }) => all + Math.round((credit[m]?.[of] ?? 0) * steps), 0);
      expect(sum('conversions', 1e8)).toBe(conversions * 1e8);
      expect(sum('revenue', 1e4)).toBe(Math.round(revenue * 1e4));
      expect(rows.reduce((all, { credit }) => all + (credit[m]?.share ?? 0), 0)).toBeCloseTo(1, 10);
    });
  });

  it('has each customer in one segment, and each who ordered in one cell', () => {
    const { segments, cells } = answer.rfm;
    const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
    const customers = sum(segments.map((segment) => segment.customers));
    expect(customers).toBe(answer.overview.customers.value);
    expect(sum(segments.map(({ share }) => share))).toBeCloseTo(1, 12);
    expect(sum(segments.map(({ revenue }) => revenue))).toBeCloseTo(answer.overview.revenue.value, 2);
    const buyers = figuresOf(dataset as DatasetName).purchase.customers;
    expect(sum(cells.map((cell) => cell.customers))).toBe(buyers);
    expect(segments.at(-1)?.customers).toBe(customers - buyers);
  });
});
