/** Growth in SQL: who is new, returning, resurrecting or dormant in each interval. */
import { compileAudience } from '../../query/audience.ts';
import { compileMatch } from '../../query/event-match.ts';
import { customerTrait, customerTraits, customersTable, eventsTable } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter } from '../../query/filter.ts';
import { addIntervals, intervalStart } from '../../query/period.ts';
import type { Interval } from '../../query/period.ts';
import { readsOf } from '../../query/reads.ts';
import { upTo } from '../../query/span.ts';
import { and, int, param, sql } from '../../query/sql.ts';
import type { Sql, SqlQuery } from '../../query/sql.ts';
import type { GrowthStatus, LifecycleQuery } from './lifecycle.query.ts';

export interface GrowthRow {
  /** Start of the interval in seconds. */
  readonly interval_start: number;
  readonly status: GrowthStatus;
  readonly customers: string;
}

export function compileGrowth(query: LifecycleQuery, scope: CompileScope): SqlQuery<GrowthRow> {
  return {
    name: 'lifecycle_growth',
    reads: readsOf(upTo(endOf(query, query.intervals)), query.audience, scope),
    sql: sql`SELECT interval_start, status, count() AS customers FROM (
${statuses(query, query.intervals, scope)}
) GROUP BY interval_start, status`,
  };
}

/** `SELECT customer_key ...` of those with a status in the interval that begins at `startMs`. */
export function compileGrowthMembers(
  query: LifecycleQuery,
  startMs: number,
  status: GrowthStatus,
  scope: CompileScope,
): Sql {
  return sql`SELECT customer_key FROM (${statuses(query, [startMs], scope)}) WHERE status = ${param.string(status)}`;
}

/** Into the next interval from the start of any, whatever the length of its days and months. */
const INTO_NEXT_SECONDS: Record<Interval, number> = {
  HOUR: 3600,
  DAY: 36 * 3600,
  WEEK: 180 * 3600,
  MONTH: 45 * 86_400,
  QUARTER: 110 * 86_400,
  YEAR: 400 * 86_400,
};

/**
 * `customer_key, interval_start, status` for whole intervals, one after the other. What happened in one speaks
 * of it and of the next.
 */
function statuses(query: LifecycleQuery, intervals: readonly number[], scope: CompileScope): Sql {
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
  const next = intervalStart(
    sql`toDateTime(own + ${int(INTO_NEXT_SECONDS[interval])}, 'UTC')`,
    interval,
    range,
  );
  return sql`SELECT customer_key, interval_start,
  multiIf(
    is_active AND (customer_key, interval_start) IN (${firstSight(query, first, end, scope)}), 'NEW',
    is_active AND was_active, 'RETURNING',
    is_active, 'RESURRECTING',
    'DORMANT') AS status
FROM (
SELECT customer_key, sight.1 AS interval_start, max(sight.2) AS is_active, max(1 - sight.2) AS was_active
FROM (
SELECT customer_key, arrayJoin([(own, 1), (${next}, 0)]) AS sight
FROM (
SELECT DISTINCT customer_key, ${intervalStart(sql`time`, interval, range)} AS own
FROM ${eventsTable(scope)} WHERE ${and(conditions)}
))
GROUP BY customer_key, interval_start
) WHERE interval_start BETWEEN ${int(first / 1000)} AND ${int((intervals.at(-1) ?? first) / 1000)}`;
}

function endOf({ interval, range }: LifecycleQuery, intervals: readonly number[]): number {
  return addIntervals(intervals.at(-1) ?? range.fromMs, interval, 1, range);
}

/** `customer_key, interval_start` of those first seen in the intervals: by the trait `created_at`, else any event. */
function firstSight(query: LifecycleQuery, fromMs: number, toMs: number, scope: CompileScope): Sql {
  const created = sql`parseDateTime64BestEffortOrNull(${customerTrait('created_at')}, 3, 'UTC')`;
  const first = sql`ifNull(created, seen)`;
  return sql`SELECT customer_key, ${intervalStart(first, query.interval, query.range)}
FROM (SELECT customer_key, min(first_seen) AS seen FROM ${customersTable(scope)} GROUP BY customer_key) AS known
LEFT JOIN (SELECT customer_key, ${created} AS created FROM ${customerTraits} WHERE isNotNull(created)) AS told USING (customer_key)
WHERE ${first} >= ${param.time(fromMs)} AND ${first} < ${param.time(toMs)}`;
}
