/** Rows of the metric statement to totals and a series without gaps. */
import { money } from '../../query/money.ts';
import { pointsOf } from '../../query/series.ts';
import type { Point } from '../../query/series.ts';
import type { MetricQuery } from './metric.query.ts';
import type { MetricRow } from './metric.sql.ts';

export interface MetricAnswer {
  /** 0 where it is not defined (no orders, no customers): the contract has no null here. */
  readonly total: number;
  /** Null where it is not defined. */
  readonly previous: number | null;
  readonly series: readonly Point[];
}

export function metricAnswer(query: MetricQuery, rows: readonly MetricRow[], nowMs: number): MetricAnswer {
  const isRatio = query.measure === 'AVERAGE_ORDER_VALUE' || query.measure === 'EVENTS_PER_CUSTOMER';
  const valueOf = (row: MetricRow | undefined): number | null => {
    if (!row) return isRatio ? null : 0;
    const denominator = Number(row.denominator);
    if (denominator === 0) return null;
    return query.measure === 'REVENUE' ? money(row.numerator) : Number(row.numerator) / denominator;
  };
  const total = rows.find((row) => row.is_total === 1 && row.is_previous === 0);
  const before = rows.find((row) => row.is_total === 1 && row.is_previous === 1);
  const byPosition = new Map(
    rows.filter((row) => row.is_total === 0 && row.is_previous === 0).map((row) => [row.position, row]),
  );
  return {
    total: valueOf(total) ?? 0,
    previous: valueOf(before),
    series: pointsOf(query.intervals, nowMs, (position) => valueOf(byPosition.get(position)) ?? 0),
  };
}
