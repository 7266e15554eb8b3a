/** Rows of the overview's statements to its numbers: totals, the range before, change and series. */
import { money } from '../../query/money.ts';
import { pointsOf } from '../../query/series.ts';
import type { Point } from '../../query/series.ts';
import type { ChurnRow, ChurnSpan } from './churn.sql.ts';
import type { OverviewQuery } from './overview.query.ts';
import { BEFORE, PREVIOUS } from './overview.sql.ts';
import type { ActivityRow, MilestoneRow } from './overview.sql.ts';

export interface KpiAnswer {
  /** 0 where it is not defined: the contract has no null here. */
  readonly value: number;
  /** Null where it is not defined. */
  readonly previous: number | null;
  /** (value - previous) / previous; null where that is not defined. */
  readonly change: number | null;
  readonly series: readonly Point[];
}

export interface OverviewAnswer {
  readonly revenue: KpiAnswer;
  readonly orders: KpiAnswer;
  readonly averageOrderValue: KpiAnswer;
  readonly customers: KpiAnswer;
  readonly newCustomers: KpiAnswer;
  readonly activeCustomers: KpiAnswer;
  readonly conversionRate: KpiAnswer;
  readonly repeatPurchaseRate: KpiAnswer;
}

/** A number of the range, the one before and each interval; null where it is not defined. */
interface Reading {
  readonly value: number | null;
  readonly previous: number | null;
  readonly at: (position: number) => number | null;
}

export function overviewAnswer(
  query: OverviewQuery,
  activity: readonly ActivityRow[],
  milestones: readonly MilestoneRow[],
  nowMs: number,
): OverviewAnswer {
  const happened = (read: (row: ActivityRow) => number | null, none: number | null): KpiAnswer =>
    kpi(query, activityReading(activity, read, none), nowMs);
  const reached = (read: (upTo: MilestoneTotals, since: MilestoneTotals) => number | null): KpiAnswer =>
    kpi(query, milestoneReading(query, milestones, read), nowMs);
  return {
    revenue: happened((row) => money(row.revenue), 0),
    orders: happened((row) => Number(row.orders), 0),
    averageOrderValue: happened((row) => ratio(Number(row.order_revenue), Number(row.orders)), null),
    customers: reached((upTo) => upTo.seen),
    newCustomers: reached((upTo, since) => upTo.firstOrders - since.firstOrders),
    activeCustomers: happened((row) => Number(row.active), 0),
    conversionRate: happened((row) => ratio(Number(row.buyers), Number(row.active)), null),
    repeatPurchaseRate: reached((upTo) => ratio(upTo.secondOrders, upTo.firstOrders)),
  };
}

function activityReading(
  rows: readonly ActivityRow[],
  read: (row: ActivityRow) => number | null,
  none: number | null,
): Reading {
  const of = (row: ActivityRow | undefined): number | null => (row ? read(row) : none);
  const total = (isPrevious: number): ActivityRow | undefined =>
    rows.find((row) => row.is_total === 1 && row.is_previous === isPrevious);
  const intervals = rows.filter((row) => row.is_total === 0 && row.is_previous === 0);
  const byPosition = new Map(intervals.map((row) => [row.position, row]));
  return { value: of(total(0)), previous: of(total(1)), at: (position) => of(byPosition.get(position)) };
}

/** How many customers had come how far by an instant. */
interface MilestoneTotals {
  readonly seen: number;
  readonly firstOrders: number;
  readonly secondOrders: number;
}

function milestoneReading(
  query: OverviewQuery,
  rows: readonly MilestoneRow[],
  read: (upTo: MilestoneTotals, since: MilestoneTotals) => number | null,
): Reading {
  const byPosition = new Map(rows.map((row) => [row.position, row]));
  const totals = new Map<number, MilestoneTotals>();
  let sum: MilestoneTotals = { seen: 0, firstOrders: 0, secondOrders: 0 };
  const last = query.intervals.starts.length - 1;
  for (let position = BEFORE; position <= last; position += 1) {
    const row = byPosition.get(position);
    sum = {
      seen: sum.seen + Number(row?.seen ?? 0),
      firstOrders: sum.firstOrders + Number(row?.first_orders ?? 0),
      secondOrders: sum.secondOrders + Number(row?.second_orders ?? 0),
    };
    totals.set(position, sum);
  }
  const upTo = (position: number): MilestoneTotals => totals.get(position) ?? sum;
  return {
    value: read(upTo(last), upTo(PREVIOUS)),
    previous: read(upTo(PREVIOUS), upTo(BEFORE)),
    at: (position) => read(upTo(position), upTo(position - 1)),
  };
}

/** The range, the one before, then each interval; nobody is lost in what has not come yet. */
export function churnSpans(query: OverviewQuery, nowMs: number): readonly ChurnSpan[] {
  const { starts, endMs } = query.intervals;
  const intervals = starts.map((fromMs, i) => ({
    fromMs: Math.max(fromMs, query.range.fromMs),
    toMs: Math.min(starts[i + 1] ?? endMs, query.range.toMs),
  }));
  return [query.range, query.previous, ...intervals].map(({ fromMs, toMs }) => ({
    fromMs: Math.min(fromMs, nowMs),
    toMs: Math.min(toMs, nowMs),
  }));
}

export function churnAnswer(query: OverviewQuery, rows: readonly ChurnRow[], nowMs: number): KpiAnswer {
  const bySpan = new Map(rows.map((row) => [Number(row.span), row]));
  const rate = (span: number): number | null => {
    const row = bySpan.get(span);
    return row ? ratio(Number(row.churned), Number(row.customers)) : null;
  };
  return kpi(query, { value: rate(1), previous: rate(2), at: (position) => rate(position + 3) }, nowMs);
}

function kpi(query: OverviewQuery, { value, previous, at }: Reading, nowMs: number): KpiAnswer {
  return {
    value: value ?? 0,
    previous,
    change: value === null || previous === null ? null : ratio(value - previous, previous),
    series: pointsOf(query.intervals, nowMs, (position) => at(position) ?? 0),
  };
}

/** Null for anything by nothing. */
function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
