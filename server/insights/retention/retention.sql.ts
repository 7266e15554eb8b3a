/**
 * The retention statement. One pass over events groups each customer's activity by interval, numbered from
 * the first row's; then every customer's rows are laid over the visits at or after them. The matrix and the
 * people behind each of its numbers come from the same inner statement.
 */
import { keysNeeded, mergedKey } from '../../query/breakdown.ts';
import type { Breakdown, BreakdownGroup } from '../../query/breakdown.ts';
import type { CompileScope } from '../../query/events.ts';
import { readsOf } from '../../query/reads.ts';
import type { EventSpan } from '../../query/span.ts';
import { int, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { journeys } from './journeys.sql.ts';
import { keptRetention } from './retention.kept.ts';
import { firstRowMs, MAX_CELLS, reachOf } from './retention.query.ts';
import type { RetentionQuery } from './retention.query.ts';
import type { RetentionRow } from './retention.row.ts';

/** Counts at the smallest useful grain: (row, column). Cumulating and rates are retention.result.ts. */
export function compileRetention(query: RetentionQuery, scope: CompileScope): SqlQuery<RetentionRow> {
  return {
    name: 'retention',
    reads: retentionReads(query, scope),
    kept: keptRetention(query, 'visits', scope),
    sql: sql`WITH ${cohortVisits(query, null, scope)}
SELECT ${cellColumns(query)}
GROUP BY cohort, period
ORDER BY cohort, period
LIMIT ${int(MAX_CELLS)}`,
  };
}

/** The same once per group of the breakdown. */
export function compileRetentionGroups(
  query: RetentionQuery,
  groups: RetentionGroups,
  scope: CompileScope,
): SqlQuery<RetentionRow & { readonly group_key: string }> {
  return {
    name: 'retention.breakdown',
    reads: retentionReads(query, scope),
    sql: sql`WITH ${cohortVisits(query, groups, scope)}
SELECT group_key, ${cellColumns(query)}
GROUP BY group_key, cohort, period
ORDER BY group_key, cohort, period
LIMIT ${int(MAX_CELLS * (groups.groups.length + 1))}`,
  };
}

/** The breakdown's values with most customers, largest first. */
export function compileLargestValues(
  query: RetentionQuery,
  breakdown: Breakdown,
  scope: CompileScope,
): SqlQuery<{ readonly group_key: string }> {
  return {
    name: 'retention.values',
    reads: retentionReads(query, scope),
    sql: sql`WITH ${journeys(query, breakdown, scope)}
SELECT group_key FROM journeys GROUP BY group_key ORDER BY count() DESC, group_key LIMIT ${int(keysNeeded(breakdown))}`,
  };
}

/** Entries by a customer's first event look at all history before the rows too. */
export function retentionReads(query: RetentionQuery, scope: CompileScope): EventSpan | undefined {
  const fromMs = query.entry === 'RECURRING' ? firstRowMs(query) : -Infinity;
  return readsOf({ fromMs, toMs: query.range.toMs }, query.audience, scope);
}

/** A breakdown whose groups are known. */
export interface RetentionGroups {
  readonly breakdown: Breakdown;
  readonly groups: readonly BreakdownGroup[];
}

/** One group of them. */
export interface RetentionGroup extends RetentionGroups {
  readonly key: string;
}

export type RetentionPeople = 'members' | 'returned' | 'lost';

/** A cell, of one group of the breakdown or (null) of all. */
export interface RetentionCellRef {
  readonly cohort: number;
  readonly period: number;
  readonly group: RetentionGroup | null;
}

/** `SELECT customer_key ...`: the members of a row, or those of them who did or did not return in a column. */
export function compileRetentionPeople(
  query: RetentionQuery,
  people: RetentionPeople,
  { cohort, period, group }: RetentionCellRef,
  scope: CompileScope,
): Sql {
  const inColumn =
    query.mode === 'ON'
      ? sql`has(entry_periods, ${param.uint32(period)})`
      : sql`reached >= ${param.uint32(period)}`;
  const returned = period === 0 ? sql`1` : inColumn;
  const wanted = { members: sql`1`, returned, lost: sql`NOT (${returned})` }[people];
  const ofGroup = group ? sql` AND group_key = ${param.string(group.key)}` : sql``;
  return sql`WITH ${cohortVisits(query, group, scope)}
SELECT customer_key FROM cohort_visits WHERE cohort = ${param.uint32(cohort)} AND ${wanted}${ofGroup}`;
}

function cellColumns(query: RetentionQuery): Sql {
  const isCounted =
    query.mode === 'ON' ? sql`occurrence = 1` : sql`occurrence = 1 AND period IN (0, reached)`;
  return sql`
  cohort,
  period,
  countIf(${isCounted}) AS customers,
  sum(visit_events) AS events,
  sum(visit_revenue) AS revenue,
  maxIf(start_ms, period = 0) AS last_start_ms
FROM cohort_visits
ARRAY JOIN
  entry_periods AS period,
  entry_events AS visit_events,
  entry_revenue AS visit_revenue,
  arrayEnumerateUniq(entry_periods) AS occurrence`;
}

/** CTEs up to `cohort_visits`: one row a customer and cohort, with what the customer did from there on. */
function cohortVisits(query: RetentionQuery, groups: RetentionGroups | null, scope: CompileScope): Sql {
  const reach = int(reachOf(query));
  const { markers, reached } = furthest(query, sql`arrayMap(visit -> visit.1 - cohort, visits)`);
  const keys = groups
    ? sql`customer_key, ${mergedKey(sql`group_key`, groups.groups)} AS merged_key`
    : sql`customer_key`;
  return sql`${journeys(query, groups?.breakdown ?? null, scope)},
visits_by_cohort AS (
  SELECT
    ${keys},
    cohort,
    start_ms,
    arrayFilter(visit -> visit.1 >= cohort AND visit.1 <= cohort + ${reach}, visits) AS seen,
    arrayMap(visit -> ${columnOf(query, sql`visit.1 - cohort`)}, seen) AS periods,
    ${reached} AS reached
  FROM journeys
  ARRAY JOIN cohorts AS cohort
),
cohort_visits AS (
  SELECT
    customer_key,
    cohort,
    start_ms,
    reached,
    arrayConcat(${markers}, periods) AS entry_periods,
    arrayConcat(arrayMap(marker -> toUInt64(0), ${markers}), seen.2) AS entry_events,
    arrayConcat(arrayMap(marker -> toDecimal128(0, 4), ${markers}), seen.3) AS entry_revenue
    ${groups ? sql`, group_key` : sql``}
  FROM ${groups ? mergedVisits : sql`visits_by_cohort`}
)`;
}

/** A customer with several values among the rest is one customer of the rest. */
const mergedVisits = sql`(
    SELECT
      customer_key,
      merged_key AS group_key,
      cohort,
      max(start_ms) AS start_ms,
      max(reached) AS reached,
      groupArrayArray(periods) AS periods,
      groupArrayArray(seen) AS seen
    FROM visits_by_cohort
    GROUP BY customer_key, group_key, cohort
  )`;

/** How far a customer came; and the columns in which it is counted whether there was a visit or not. */
export function furthest(
  query: RetentionQuery,
  offsets: Sql,
): { readonly markers: Sql; readonly reached: Sql } {
  const last = sql`toInt32(arrayMax(arrayPushFront(${offsets}, toInt32(0))))`;
  switch (query.mode) {
    case 'ON':
      return { markers: sql`[toInt32(0)]`, reached: sql`toInt32(0)` };
    case 'ON_OR_AFTER':
      return {
        markers: sql`[toInt32(0), reached]`,
        reached: columnOf(query, sql`least(${last}, ${int(reachOf(query))})`),
      };
    case 'EVERY':
      return {
        markers: sql`[toInt32(0), reached]`,
        reached: sql`toInt32(arrayCount((period, position) -> period = position - 1, arraySort(arrayDistinct(arrayPushFront(periods, toInt32(0)))) AS run, arrayEnumerate(run)) - 1)`,
      };
  }
}

/** The column that an interval `offset` after the row's own falls into. */
export function columnOf(query: RetentionQuery, offset: Sql): Sql {
  if (query.columns.every((size) => size === 1)) return sql`toInt32(${offset})`;
  const columns = query.columns.flatMap((size, i) => new Array<string>(size).fill(String(i + 1)));
  return sql`toInt32(${param.uint64s(['0', ...columns])}[${offset} + 1])`;
}
