/** Growth in SQL: who is new, returning, resurrecting or dormant in each interval. */
import { compileAudience } from '../../query/audience.ts';
import { compileMatch } from '../../query/event-match.ts';
import { customerTrait, customerTraits, customersTable, eventsTable } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter } from '../../query/filter.ts';
import { addIntervals, intervalIndex } from '../../query/period.ts';
import { positionSets } from '../../query/positions.ts';
import { readsOf } from '../../query/reads.ts';
import { upTo } from '../../query/span.ts';
import { and, int, join, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { GROWTH_STATUSES } from './lifecycle.query.ts';
import type { GrowthStatus, LifecycleQuery } from './lifecycle.query.ts';

export interface GrowthRow {
  /** Position of the interval. */
  readonly position: number;
  readonly status: GrowthStatus;
  readonly customers: string;
}

export function compileGrowth(query: LifecycleQuery, scope: CompileScope): SqlQuery<GrowthRow> {
  return {
    name: 'lifecycle_growth',
    reads: readsOf(upTo(endOf(query, query.intervals)), query.audience, scope),
    sql: sql`SELECT position, [${join(
      GROWTH_STATUSES.map((status) => sql`${param.string(status)}`),
      sql`, `,
    )}][state] AS status, count() AS customers FROM (
${states(query, query.intervals, scope)}
) GROUP BY position, state`,
  };
}

/** `SELECT customer_key ...` of those with a status in the interval that begins at `startMs`. */
export function compileGrowthMembers(
  query: LifecycleQuery,
  startMs: number,
  status: GrowthStatus,
  scope: CompileScope,
): Sql {
  const state = param.uint8(GROWTH_STATUSES.indexOf(status) + 1);
  return sql`SELECT customer_key FROM (${states(query, [startMs], scope)}) WHERE state = ${state}`;
}

/** A state is the number of a status in GROWTH_STATUSES, from 1: new, returning, resurrecting, dormant. */
const activeState = sql`3 - (last_slot = slot - 1) - (slot = first_slot) * (2 - (last_slot = slot - 1))`;
const dormantState = sql`4`;

/**
 * `customer_key, position, state` for whole intervals, one after the other. Slot 0 is the interval before them,
 * slot 1 the first; what happened in one speaks of it and of the next.
 */
function states(query: LifecycleQuery, intervals: readonly number[], scope: CompileScope): Sql {
  const { interval, range } = query;
  const first = intervals[0] ?? range.fromMs;
  const before = Math.max(addIntervals(first, interval, -1, range), 0);
  const end = endOf(query, intervals);
  const conditions = [
    sql`time >= ${param.time(before)} AND time < ${param.time(end)}`,
    compileMatch(query.activity, scope.vocabulary),
    compileFilter(query.where),
    compileAudience(query.audience, scope),
  ];
  const slot = (time: Sql): Sql => sql`${intervalIndex(time, interval, range, first)} + 1`;
  const sets = positionSets(intervals.length + 1);
  return sql`SELECT customer_key, entry.1 - 1 AS position, entry.2 AS state
FROM (
SELECT customer_key, first_slot, ${sets.list(sql`sights`)} AS slots
FROM (
SELECT customer_key, ${sets.collect(sql`slot`, sql`1 - is_first`)} AS sights, maxIf(slot, is_first) AS first_slot
FROM (
SELECT customer_key, ${slot(sql`time`)} AS slot, 0 AS is_first FROM ${eventsTable(scope)} WHERE ${and(conditions)}
UNION ALL
SELECT customer_key, ${slot(sql`first_sight`)}, 1 FROM (${firstSights(first, end, scope)})
)
GROUP BY customer_key
))
ARRAY JOIN arrayConcat(
  arrayMap((slot, last_slot) -> (slot, ${activeState}), slots, arrayShiftRight(slots, 1, -1)),
  arrayMap(slot -> (slot + 1, ${dormantState}), arrayFilter((slot, next_slot) -> next_slot != slot + 1, slots, arrayShiftLeft(slots, 1, -1)))
) AS entry
WHERE entry.1 BETWEEN 1 AND ${int(intervals.length)}`;
}

function endOf({ interval, range }: LifecycleQuery, intervals: readonly number[]): number {
  return addIntervals(intervals.at(-1) ?? range.fromMs, interval, 1, range);
}

/** `customer_key, first_sight` of those first seen in a stretch of time: by the trait `created_at`, else any event. */
function firstSights(fromMs: number, toMs: number, scope: CompileScope): Sql {
  const created = sql`parseDateTime64BestEffortOrNull(${customerTrait('created_at')}, 3, 'UTC')`;
  return sql`SELECT customer_key, assumeNotNull(ifNull(created, seen)) AS first_sight
FROM (SELECT customer_key, min(first_seen) AS seen FROM ${customersTable(scope)} GROUP BY customer_key) AS known
LEFT JOIN (SELECT customer_key, ${created} AS created FROM ${customerTraits} WHERE isNotNull(created)) AS told USING (customer_key)
WHERE first_sight >= ${param.time(fromMs)} AND first_sight < ${param.time(toMs)}`;
}
