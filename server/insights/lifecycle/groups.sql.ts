/**
 * The lifecycle's breakdown in SQL: every customer is in exactly one group, by a trait as it is now or by the
 * value on the first or last event up to `at` that has one; so groups add up to the whole, stage by stage.
 */
import type { JourneyMap } from '../../journey/map.ts';
import { stagesAt } from '../../journey/stage.sql.ts';
import { compileAudience } from '../../query/audience.ts';
import { groupKey, keysNeeded, mergedKey, unsetKey, withTraits } from '../../query/breakdown.ts';
import type { BreakdownGroup } from '../../query/breakdown.ts';
import { customersTable, eventsTable } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter } from '../../query/filter.ts';
import { readsOf } from '../../query/reads.ts';
import { upTo } from '../../query/span.ts';
import { and, int, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import type { LifecycleBreakdown, LifecycleQuery } from './lifecycle.query.ts';
import { selectionOf } from './lifecycle.sql.ts';

/** A breakdown whose groups are known. */
export interface LifecycleGroups {
  readonly breakdown: LifecycleBreakdown;
  readonly groups: readonly BreakdownGroup[];
}

/** One of them. */
export interface LifecycleGroup extends LifecycleGroups {
  readonly key: string;
}

/** The breakdown's values with most customers known at `at`, largest first. */
export function compileLargestValues(
  query: LifecycleQuery,
  breakdown: LifecycleBreakdown,
  scope: CompileScope,
): SqlQuery<{ readonly group_key: string }> {
  const latest = param.time(Math.max(query.atMs, query.range.fromMs));
  const known = sql`SELECT customer_key, min(first_seen) AS seen FROM ${customersTable(scope)}
WHERE ${compileAudience(query.audience, scope)} GROUP BY customer_key HAVING seen <= ${latest}`;
  return {
    name: 'lifecycle.values',
    reads: readsOf(upTo(Math.max(query.range.toMs, query.atMs)), query.audience, scope),
    sql: sql`SELECT group_key FROM (${grouped(known, query, breakdown, scope)})
GROUP BY group_key ORDER BY countIf(seen <= ${param.time(query.atMs)}) DESC, group_key LIMIT ${int(keysNeeded(breakdown))}`,
  };
}

/** Customers of a group who share their stages at the start of the range and at `at`. */
export interface GroupStageRow {
  readonly group_key: string;
  readonly stage_from: number;
  readonly stage_at: number;
  readonly customers: string;
  readonly revenue: number;
}

export function compileGroupStages(
  query: LifecycleQuery,
  groups: LifecycleGroups,
  map: JourneyMap,
  scope: CompileScope,
): SqlQuery<GroupStageRow> {
  return {
    name: 'lifecycle.breakdown',
    reads: readsOf(upTo(Math.max(query.range.toMs, query.atMs)), query.audience, scope),
    sql: sql`SELECT ${mergedKey(sql`group_key`, groups.groups)} AS group_key, stage_0 AS stage_from, stage_1 AS stage_at, count() AS customers,
  toFloat64(sum(revenue_at_1)) AS revenue
FROM (${stagesByGroup(query, groups.breakdown, map, scope)})
GROUP BY group_key, stage_from, stage_at`,
  };
}

/** `SELECT customer_key ...` of those of a group in a stage at `at`. */
export function compileGroupMembers(
  query: LifecycleQuery,
  stage: number,
  { breakdown, groups, key }: LifecycleGroup,
  map: JourneyMap,
  scope: CompileScope,
): Sql {
  const isOfGroup = sql`${mergedKey(sql`group_key`, groups)} = ${param.string(key)}`;
  return sql`SELECT customer_key FROM (${stagesByGroup(query, breakdown, map, scope)}) WHERE stage_1 = ${int(stage)} AND ${isOfGroup}`;
}

/** `customer_key, stage_0` (start of the range), `stage_1, revenue_at_1` (at `at`), `group_key`. */
function stagesByGroup(
  query: LifecycleQuery,
  breakdown: LifecycleBreakdown,
  map: JourneyMap,
  scope: CompileScope,
): Sql {
  const instants = [query.range.fromMs, query.atMs];
  return grouped(stagesAt(map, instants, selectionOf(query, scope), scope), query, breakdown, scope);
}

/** Rows with a `customer_key`, and the customer's `group_key`. */
function grouped(rows: Sql, query: LifecycleQuery, breakdown: LifecycleBreakdown, scope: CompileScope): Sql {
  if (breakdown.of === 'CUSTOMER') {
    return sql`SELECT *, ${groupKey(breakdown)} AS group_key FROM ${withTraits(sql`(${rows}) AS found`, breakdown)}`;
  }
  const unset = param.string(unsetKey(breakdown));
  return sql`SELECT *, if(touch_key = '', ${unset}, touch_key) AS group_key
FROM (${rows}) AS found LEFT ANY JOIN (${touches(query, breakdown, scope)}) AS touches USING (customer_key)`;
}

/** `customer_key, touch_key` of the customers with an event that has a value. */
function touches(query: LifecycleQuery, breakdown: LifecycleBreakdown, scope: CompileScope): Sql {
  const key = groupKey(breakdown);
  const pick = breakdown.attribution === 'FIRST_TOUCH' ? sql`argMin` : sql`argMax`;
  const conditions = [
    sql`time <= ${param.time(query.atMs)}`,
    sql`event_value != ${param.string(unsetKey(breakdown))}`,
    compileFilter(query.where),
    compileAudience(query.audience, scope),
  ];
  return sql`SELECT customer_key, ${pick}(${key} AS event_value, (time, event_id)) AS touch_key
FROM ${eventsTable(scope)} WHERE ${and(conditions)} GROUP BY customer_key`;
}
