/** Targets as they are kept in the engine. Holds no rule and no state. */
import { sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';
import type { WeekStart } from '../query/time-range.ts';
import type { Listed, ListStore } from './shared-list.ts';
import type { Target, TargetKpi, TargetPeriod } from './targets.query.ts';

export type StoredTarget = Target & Listed;

interface TargetRow {
  readonly id: string;
  readonly kpi: TargetKpi;
  readonly period: TargetPeriod;
  readonly value: number;
  readonly time_zone: string;
  readonly week_start: WeekStart;
  readonly created_ms: string;
}

const stateQuery: SqlQuery<{ state: string; newest: string }> = {
  name: 'library.targets_state',
  isLight: true,
  isVolatile: true,
  sql: sql`SELECT toString(groupBitXor(cityHash64(id, version))) AS state, toString(max(version)) AS newest
FROM targets FINAL`,
};

const targetsQuery: SqlQuery<TargetRow> = {
  name: 'library.targets',
  isLight: true,
  isVolatile: true,
  sql: sql`SELECT id, kpi, period, value, time_zone, week_start,
  toString(toUnixTimestamp64Milli(created_at)) AS created_ms
FROM targets FINAL WHERE NOT is_deleted ORDER BY id`,
};

const LIMITS = { maxSeconds: 5 };

/** One target a key figure and kind of period. */
export const targetId = ({ kpi, period }: Pick<Target, 'kpi' | 'period'>): string =>
  `${kpi}-${period}`.toLowerCase().replaceAll('_', '-');

export const targetStore: ListStore<StoredTarget> = {
  readState: async (engine) => {
    const { rows } = await engine.query(stateQuery, LIMITS);
    return { state: rows[0]?.state ?? '', version: Number(rows[0]?.newest ?? 0) };
  },
  readAll: async (engine) => {
    const { rows } = await engine.query(targetsQuery, LIMITS);
    return rows.map(({ id, kpi, period, value, time_zone, week_start, created_ms }) => ({
      ...{ id, kpi, period, value: Number(value), createdMs: Number(created_ms) },
      ...{ timeZone: time_zone, weekStart: week_start },
    }));
  },
  write: (engine, { id, kpi, period, value, timeZone, weekStart, createdMs }, version, isDeleted) =>
    engine.insert('targets', [
      {
        ...{ id, kpi, period, value, time_zone: timeZone, week_start: weekStart, version },
        is_deleted: isDeleted ? 1 : 0,
        created_at: new Date(createdMs).toISOString(),
      },
    ]),
};
