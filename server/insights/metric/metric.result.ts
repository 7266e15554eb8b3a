/** Rows of the metric statement to totals and a series without gaps. */
import { money } from '../../query/money.ts';
import { pointsOf } from '../../query/series.ts';
import type { Point } from '../../query/series.ts';
import type { MetricQuery } from './metric.query.ts';
import type { MetricRow } from './metric.rows.ts';

export interface MetricAnswer {
  /** 0 where it is not defined (no orders, no customers): the contract has no null here. */
  readonly total: number;
  /** Null where it is not defined. */
  readonly previous: number | null;
  readonly series: readonly Point[];
}

export function metricAnswer(query: MetricQuery, rows: readonly MetricRow[], nowMs: number): MetricAnswer {
  const before = rows.find((row) => row.is_total === 1 && row.is_previous === 1);
  const current = rows.filter((row) => row.is_previous === 0);
  return { ...seriesAnswer(query, current, nowMs), previous: valueOf(query, before) };
}

/** The range as a whole and by interval. */
export function seriesAnswer(
  query: MetricQuery,
  rows: readonly Omit<MetricRow, 'is_previous'>[],
  nowMs: number,
): Pick<MetricAnswer, 'total' | 'series'> {
  const total = rows.find((row) => row.is_total === 1);
  const byPosition = new Map(rows.filter((row) => row.is_total === 0).map((row) => [row.position, row]));
  return {
    total: valueOf(query, total) ?? 0,
    series: pointsOf(query.intervals, nowMs, (position) => valueOf(query, byPosition.get(position)) ?? 0),
  };
}

/** Null where nothing is divided by nothing. */
function valueOf(
  { measure }: MetricQuery,
  row: Pick<MetricRow, 'numerator' | 'denominator'> | undefined,
): number | null {
  if (!row) return measure === 'AVERAGE_ORDER_VALUE' || measure === 'EVENTS_PER_CUSTOMER' ? null : 0;
  const denominator = Number(row.denominator);
  if (denominator === 0) return null;
  return measure === 'REVENUE' ? money(row.numerator) : Number(row.numerator) / denominator;
}
