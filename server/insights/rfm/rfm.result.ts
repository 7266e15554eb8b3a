/** Rows of scores to segments and cells: every segment and every cell stands there, also empty. */
import { money } from '../../query/money.ts';
import type { CustomerScoreRow, ScoreRow } from './rfm.sql.ts';
import { segmentOf, SEGMENTS } from './segments.ts';
import type { Segment } from './segments.ts';

export interface SegmentShare {
  readonly name: Segment;
  readonly customers: number;
  /** Of all customers known; 0 where nobody is. */
  readonly share: number;
  readonly revenue: number;
}

export interface ScoreCell {
  readonly recency: number;
  readonly frequency: number;
  readonly customers: number;
  /** 0 where nobody is. */
  readonly averageMonetary: number;
}

const SCORES = [1, 2, 3, 4, 5];

/** In the segments' fixed order. Prospects are those known who have no order. */
export function segmentShares(rows: readonly ScoreRow[]): readonly SegmentShare[] {
  const known = sum(rows.filter(({ is_known }) => is_known === 1).map(customersOf));
  const buyers = sum(buyersOf(rows).map(customersOf));
  return SEGMENTS.map((name) => {
    const own = rows.filter((row) => segmentOf(row) === name);
    const customers = name === 'prospects' ? known - buyers : sum(own.map(customersOf));
    return {
      name,
      customers,
      share: known === 0 ? 0 : customers / known,
      revenue: money(sum(own.map(revenueOf)) / 10_000),
    };
  });
}

/** By recency, then frequency, ascending. */
export function scoreCells(rows: readonly ScoreRow[]): readonly ScoreCell[] {
  return SCORES.flatMap((recency) =>
    SCORES.map((frequency) => {
      const own = buyersOf(rows).filter(({ r, f }) => r === recency && f === frequency);
      const customers = sum(own.map(customersOf));
      const revenue = sum(own.map(revenueOf)) / 10_000;
      return { recency, frequency, customers, averageMonetary: customers === 0 ? 0 : revenue / customers };
    }),
  );
}

export interface CustomerScores {
  readonly recencyDays: number;
  readonly frequency: number;
  readonly monetary: number;
  readonly r: number;
  readonly f: number;
  readonly m: number;
  readonly segment: Segment;
}

export function customerScores(row: CustomerScoreRow, atMs: number): CustomerScores {
  const { r, f, m } = row;
  return {
    recencyDays: (atMs - row.last_order) / 86_400_000,
    frequency: Number(row.frequency),
    monetary: money(Number(row.revenue) / 10_000),
    r,
    f,
    m,
    segment: segmentOf(row),
  };
}

function buyersOf(rows: readonly ScoreRow[]): readonly ScoreRow[] {
  return rows.filter(({ r }) => r > 0);
}

function customersOf({ customers }: ScoreRow): number {
  return Number(customers);
}

function revenueOf({ revenue }: ScoreRow): number {
  return Number(revenue);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
