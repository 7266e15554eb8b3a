/** Rows to answers: every stage and every interval stands there, also empty; history adds changes up. */
import type { JourneyMap, LifecycleStage } from '../../journey/map.ts';
import { money } from '../../query/money.ts';
import { addIntervals } from '../../query/period.ts';
import type { GrowthRow } from './growth.sql.ts';
import { GROWTH_STATUSES, historyPoints } from './lifecycle.query.ts';
import type { GrowthStatus, LifecycleQuery } from './lifecycle.query.ts';
import type { ChangesRow, StageRow } from './lifecycle.rows.ts';
import type { Move } from './lifecycle.sql.ts';

export interface StageShare {
  readonly stage: LifecycleStage;
  /** From 1, in the map's order. */
  readonly number: number;
  readonly customers: number;
  /** 0 where nobody is known. */
  readonly share: number;
  readonly revenue: number;
  readonly change: number;
}

export function stageShares(
  rows: readonly Pick<StageRow, 'stage_from' | 'stage_at' | 'customers' | 'revenue'>[],
  map: JourneyMap,
): readonly StageShare[] {
  const total = sum(rows.filter((row) => row.stage_at > 0).map(customersOf));
  return map.lifecycle.map((stage, i) => {
    const members = rows.filter((row) => row.stage_at === i + 1);
    const customers = sum(members.map(customersOf));
    const before = sum(rows.filter((row) => row.stage_from === i + 1).map(customersOf));
    return {
      stage,
      number: i + 1,
      customers,
      share: total === 0 ? 0 : customers / total,
      revenue: money(sum(members.map((row) => row.revenue))),
      change: customers - before,
    };
  });
}

export interface Transition {
  readonly move: Move;
  /** Null: first seen between. */
  readonly from: string | null;
  readonly to: string;
  readonly customers: number;
}

/** Those that somebody made, in the map's order. */
export function transitions(rows: readonly StageRow[], map: JourneyMap): readonly Transition[] {
  return [null, ...map.lifecycle].flatMap((from, a) =>
    map.lifecycle.flatMap((to, i): Transition[] => {
      const move = { from: a, to: i + 1 };
      const moved = rows.filter((row) => row.stage_from === move.from && row.stage_to === move.to);
      const customers = sum(moved.map(customersOf));
      return customers === 0 ? [] : [{ move, from: from?.key ?? null, to: to.key, customers }];
    }),
  );
}

export interface HistoryPoint {
  readonly atMs: number;
  /** In the map's order. */
  readonly stages: readonly { readonly stage: string; readonly customers: number }[];
}

export function history(
  rows: readonly ChangesRow[],
  query: LifecycleQuery,
  map: JourneyMap,
): readonly HistoryPoint[] {
  const points = historyPoints(query);
  const changes = points.map(() => map.lifecycle.map(() => 0));
  for (const row of rows) {
    const startMs = Math.max(row.interval_start * 1000, query.range.fromMs);
    const point = row.interval_start === 0 ? 0 : points.findIndex((at) => at > startMs);
    const change = changes[point];
    if (!change) throw new Error(`A change of stage lies outside the range: ${row.interval_start}.`);
    if (row.before > 0) change[row.before - 1] = (change[row.before - 1] ?? 0) - Number(row.customers);
    change[row.after - 1] = (change[row.after - 1] ?? 0) + Number(row.customers);
  }
  const now = map.lifecycle.map(() => 0);
  return points.map((atMs, p) => {
    changes[p]?.forEach((change, s) => (now[s] = (now[s] ?? 0) + change));
    return { atMs, stages: map.lifecycle.map(({ key }, s) => ({ stage: key, customers: now[s] ?? 0 })) };
  });
}

/** Customers by stage at the first and the last point, in the form of a statement's rows; nothing of revenue. */
export function endsOf(
  points: readonly HistoryPoint[],
): readonly Pick<StageRow, 'stage_from' | 'stage_at' | 'customers' | 'revenue'>[] {
  const rows = (point: HistoryPoint | undefined, place: (stage: number) => object) =>
    (point?.stages ?? []).map(({ customers }, i) => ({
      stage_from: 0,
      stage_at: 0,
      revenue: 0,
      ...place(i + 1),
      customers: String(customers),
    }));
  return [
    ...rows(points[0], (stage) => ({ stage_from: stage })),
    ...rows(points.at(-1), (stage) => ({ stage_at: stage })),
  ];
}

export interface Growth {
  readonly startMs: number;
  readonly counts: Readonly<Record<GrowthStatus, number>>;
  /** True once the interval has ended. */
  readonly complete: boolean;
}

export function growth(rows: readonly GrowthRow[], query: LifecycleQuery, nowMs: number): readonly Growth[] {
  const found = new Map(rows.map((row) => [`${row.position} ${row.status}`, customersOf(row)]));
  return query.intervals.map((startMs, position) => {
    const count = (status: GrowthStatus): number => found.get(`${position} ${status}`) ?? 0;
    const counts = Object.fromEntries(GROWTH_STATUSES.map((status) => [status, count(status)]));
    return {
      startMs,
      counts: counts as Record<GrowthStatus, number>,
      complete: addIntervals(startMs, query.interval, 1, query.range) <= nowMs,
    };
  });
}

function customersOf(row: { readonly customers: string }): number {
  return Number(row.customers);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
