/** Trends and times to convert: empty intervals and bins filled in, rates, and what is not finished yet. Pure. */
import { DateTime } from 'luxon';
import { addIntervals, intervalStarts } from '../../query/period.ts';
import type { FunnelQuery } from './funnel.query.ts';
import type { TimeToConvertRow, TrendQuery, TrendRow } from './funnel.rows.ts';

export interface TrendPointResult {
  readonly start: Date;
  readonly entered: number;
  readonly converted: number;
  /** 0 when nobody entered. */
  readonly rate: number;
  /** False while the window is still open for some who entered: conversions may be missing. */
  readonly complete: boolean;
}

/** Every interval of the range in order, also those in which nobody entered. */
export function trendResult(
  query: FunnelQuery,
  trend: TrendQuery,
  rows: readonly TrendRow[],
  nowMs: number,
): readonly TrendPointResult[] {
  const byStart = new Map(rows.map((row) => [Number(row.start) * 1000, row]));
  const { range } = query;
  const until = Math.min(range.toMs, nowMs);
  return intervalStarts(range, trend.interval).map((startMs) => {
    const row = byStart.get(startMs);
    const entered = Number(row?.entered ?? 0);
    const converted = Number(row?.converted ?? 0);
    const lastStart = Math.min(addIntervals(startMs, trend.interval, 1, range), range.toMs);
    return {
      start: new Date(startMs),
      entered,
      converted,
      rate: entered === 0 ? 0 : converted / entered,
      complete: windowEndMs(lastStart, query) <= until,
    };
  });
}

function windowEndMs(startMs: number, { window }: FunnelQuery): number {
  return DateTime.fromMillis(startMs, { zone: 'UTC' }).plus({ months: window.months }).toMillis() + window.ms;
}

export interface HistogramResult {
  /** Seconds, lower edges inclusive; empty when nobody converted. */
  readonly bins: readonly { readonly from: number; readonly to: number; readonly count: number }[];
  readonly median: number | null;
  readonly average: number | null;
  readonly p90: number | null;
  readonly count: number;
}

export function timeToConvertResult(rows: readonly TimeToConvertRow[]): HistogramResult {
  const [first] = rows;
  if (!first) return { bins: [], median: null, average: null, p90: null, count: 0 };
  const low = Number(first.low);
  const width = Number(first.width);
  const counts = new Map(rows.map((row) => [Number(row.place), Number(row.count)]));
  const [median, p90] = first.quantiles.map((ms) => Number(ms) / 1000);
  return {
    bins: Array.from({ length: Number(first.bins) + 1 }, (_, i) => ({
      from: low + i * width,
      to: low + (i + 1) * width,
      count: counts.get(i) ?? 0,
    })),
    median: median ?? null,
    average: Number(first.average) / 1000,
    p90: p90 ?? null,
    count: Number(first.customers),
  };
}
