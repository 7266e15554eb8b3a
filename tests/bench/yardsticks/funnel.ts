/**
 * How others count the same funnel, each in its best form: only the columns and events it needs, and nothing
 * beside the count of customers by level. All read the same rows as ours.
 */
import { join, int, param, sql } from '../../../server/query/sql.ts';
import type { Sql } from '../../../server/query/sql.ts';
import type { SqlQuery } from '../../../server/query/statement.ts';
import { DAY_MS, FUNNELS, lastDays, WINDOW_DAYS } from '../questions.ts';
import type { FunnelSize } from '../questions.ts';

export interface LevelRow {
  readonly level: number;
  /** Who got so far and no further. */
  readonly customers: string;
}

export interface FunnelCase {
  readonly size: FunnelSize;
  readonly days: number;
}

/**
 * What nobody gets under: the same rows and columns read, and added up; from the table in its own order, as
 * windowFunnel's statements are read elsewhere, or from whatever reads least.
 */
export function scanBound(funnel: FunnelCase, from: 'table' | 'projection'): SqlQuery<object> {
  return {
    name: 'bench_scan',
    sql: sql`SELECT sum(customer_key) AS keys, sum(toUnixTimestamp64Milli(time)) AS times
FROM events WHERE ${rowsOf(funnel)} SETTINGS optimize_use_projections = ${int(from === 'table' ? 0 : 1)}`,
  };
}

/** ClickHouse's own function, as in Plausible and OpenPanel: levels, no times between steps. */
export function windowFunnel(funnel: FunnelCase, table: Sql): SqlQuery<LevelRow> {
  const steps = join(
    FUNNELS[funnel.size].map((event) => sql`event = ${param.string(event)}`),
    sql`, `,
  );
  return {
    name: 'bench_window_funnel',
    sql: sql`SELECT level, count() AS customers FROM (
  SELECT customer_key, windowFunnel(${int(WINDOW_DAYS * DAY_MS)})(toUInt64(toUnixTimestamp64Milli(time)), ${steps}) AS level
  FROM ${table} WHERE ${rowsOf(funnel)}
  GROUP BY customer_key
) WHERE level > 0 GROUP BY level ORDER BY level`,
  };
}

/**
 * What PostHog does in SQL before it hands each person's events to its own program (an executable user-defined
 * function): per person a sorted array of tuples (time, id, breakdown, steps), and those tuples left out that
 * repeat their neighbours. The program itself, and the transport to it and back, are not counted. After
 * posthog/hogql_queries/insights/funnels (funnel_udf.py and its snapshots).
 */
export function posthogShape(funnel: FunnelCase, table: Sql): SqlQuery<{ customers: string }> {
  const names = FUNNELS[funnel.size];
  const step = (k: number): Sql => sql`step_${int(k)}`;
  const flags = names.map((event, k) => sql`if(event = ${param.string(event)}, 1, 0) AS ${step(k)}`);
  const numbers = names.map((_, k) => sql`${int(k + 1)} * ${step(k)}`);
  const any = names.map((_, k) => sql`${step(k)} = 1`);
  return {
    name: 'bench_posthog_shape',
    sql: sql`SELECT count() AS customers, sum(length(handed_over)) AS events FROM (
  SELECT
    customer_key,
    arraySort(t -> t.1, groupArray(tuple(toFloat64(time), uuid, '', arrayFilter(x -> x != 0, [${join(numbers, sql`, `)}])))) AS events_array,
    arrayFilter(
      (x, x_before, x_after) -> NOT (length(x.4) <= 1 AND x.4 = x_before.4 AND x.4 = x_after.4
        AND x.3 = x_before.3 AND x.3 = x_after.3 AND x.1 > x_before.1 AND x.1 < x_after.1),
      events_array, arrayRotateRight(events_array, 1), arrayRotateLeft(events_array, 1)) AS handed_over
  FROM (
    SELECT time, customer_key, uuid, ${join(flags, sql`, `)}
    FROM ${table} WHERE ${rowsOf(funnel)} AND (${join(any, sql` OR `)})
  )
  GROUP BY customer_key
)`,
  };
}

function rowsOf({ size, days }: FunnelCase): Sql {
  const { from, to } = lastDays(days);
  return sql`time >= ${param.time(from.getTime())} AND time < ${param.time(to.getTime())} AND event IN ${param.strings(FUNNELS[size])}`;
}
