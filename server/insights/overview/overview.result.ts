/** Rows of the overview's statements to its numbers: totals, the range before, change and series. */
import { money } from '../../query/money.ts';
import { pointsOf } from '../../query/series.ts';
import type { Point } from '../../query/series.ts';
import type { ChurnSpan, OverviewQuery } from './overview.query.ts';
import { BEFORE, PREVIOUS, TOTAL } from './overview.rows.ts';
import type { ActiveRow, ChurnRow, MilestoneRow, SalesRow } from './overview.rows.ts';

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
  sales: readonly SalesRow[],
  active: readonly ActiveRow[],
  milestones: readonly MilestoneRow[],
  nowMs: number,
): OverviewAnswer {
  const happened = (read: (row: Activity) => number | null): KpiAnswer =>
    kpi(query, activityReading(sales, active, read), nowMs);
  const reached = (read: (upTo: MilestoneTotals, since: MilestoneTotals) => number | null): KpiAnswer =>
    kpi(query, milestoneReading(query, milestones, read), nowMs);
  return {
    revenue: happened((of) => money(of.revenue)),
    orders: happened((of) => of.orders),
    averageOrderValue: happened((of) => ratio(of.orderRevenue, of.orders)),
    customers: reached((upTo) => upTo.seen),
    newCustomers: reached((upTo, since) => upTo.firstOrders - since.firstOrders),
    activeCustomers: happened((of) => of.active),
    conversionRate: happened((of) => ratio(of.buyers, of.active)),
    repeatPurchaseRate: reached((upTo) => ratio(upTo.secondOrders, upTo.firstOrders)),
  };
}

/** What happened in a stretch of time. */
interface Activity {
  readonly revenue: string | number;
  readonly orders: number;
  readonly orderRevenue: number;
  readonly buyers: number;
  readonly active: number;
}

function activityReading(
  sales: readonly SalesRow[],
  active: readonly ActiveRow[],
  read: (activity: Activity) => number | null,
): Reading {
  const sold = new Map(sales.map((row) => [placeOf(row), row]));
  const seen = new Map(active.map((row) => [row.position, Number(row.active)]));
  const of = (place: number): number | null => {
    const row = sold.get(place);
    return read({
      revenue: row?.revenue ?? 0,
      orders: Number(row?.orders ?? 0),
      orderRevenue: Number(row?.order_revenue ?? 0),
      buyers: Number(row?.buyers ?? 0),
      active: seen.get(place) ?? 0,
    });
  };
  return { value: of(TOTAL), previous: of(PREVIOUS), at: of };
}

function placeOf({ is_previous, is_total, position }: SalesRow): number {
  if (is_previous === 1) return PREVIOUS;
  return is_total === 1 ? TOTAL : position;
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
