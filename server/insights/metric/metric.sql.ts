/**
 * The metric statement: one scan over the range and the one before, counted as a whole and by interval. What
 * is distinct over the range is not the sum of what is distinct in its intervals, so both are counted.
 */
import { compileAudience } from '../../query/audience.ts';
import { brokenDownEvents, groupKey, keysNeeded, mergedKey } from '../../query/breakdown.ts';
import type { Breakdown, BreakdownGroup } from '../../query/breakdown.ts';
import { compileMatch } from '../../query/event-match.ts';
import { eventsTable, isOrder, orderKey, revenue } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter } from '../../query/filter.ts';
import { intervalIndex, MAX_INTERVALS } from '../../query/period.ts';
import { readsOf } from '../../query/reads.ts';
import { eventsThatCount } from '../../query/source.ts';
import type { Counted } from '../../query/source.ts';
import { and, int, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { keptMetric } from './metric.kept.ts';
import type { Measure, MetricQuery } from './metric.query.ts';
import { PREVIOUS } from './metric.rows.ts';
import type { MetricRow } from './metric.rows.ts';

export function compileMetric(query: MetricQuery, scope: CompileScope): SqlQuery<MetricRow> {
  const { numerator, denominator } = quotient(query.measure, scope);
  const from = param.time(query.range.fromMs);
  return {
    name: 'metric',
    kept: keptMetric(query, scope),
    reads: readsOf({ fromMs: query.previous.fromMs, toMs: query.range.toMs }, query.audience, scope),
    sql: sql`SELECT
  time < ${from} AS is_previous,
  toUInt8(grouping(position)) AS is_total,
  if(time < ${from}, ${int(PREVIOUS)}, ${positionOf(query)}) AS position,
  ${numerator} AS numerator,
  ${denominator} AS denominator
FROM ${eventsTable(scope)}
WHERE ${and([sql`time >= ${param.time(query.previous.fromMs)}`, ...selection(query, scope), eventsThatCount(COUNTED[query.measure], scope.vocabulary)])}
GROUP BY GROUPING SETS ((is_previous), (is_previous, position))
ORDER BY is_previous, is_total, position
LIMIT ${int(MAX_INTERVALS + 3)}`,
  };
}

/** The breakdown's values for which the measure is largest over the range, largest first. */
export function compileLargestValues(
  query: MetricQuery,
  breakdown: Breakdown,
  scope: CompileScope,
): SqlQuery<{ readonly group_key: string }> {
  const { numerator, denominator } = quotient(query.measure, scope);
  return {
    name: 'metric.values',
    reads: readsOf({ fromMs: query.previous.fromMs, toMs: query.range.toMs }, query.audience, scope),
    sql: sql`SELECT ${groupKey(breakdown)} AS group_key
FROM ${brokenDownEvents(breakdown, scope)}
WHERE ${and([sql`time >= ${param.time(query.range.fromMs)}`, ...selection(query, scope)])}
GROUP BY group_key
ORDER BY ifNotFinite(toFloat64(${numerator}) / ${denominator}, 0) DESC, group_key
LIMIT ${int(keysNeeded(breakdown))}`,
  };
}

export type MetricGroupRow = Omit<MetricRow, 'is_previous'> & { readonly group_key: string };

/** The metric once per group, over the range alone. */
export function compileMetricGroups(
  query: MetricQuery,
  breakdown: Breakdown,
  groups: readonly BreakdownGroup[],
  scope: CompileScope,
): SqlQuery<MetricGroupRow> {
  const { numerator, denominator } = quotient(query.measure, scope);
  return {
    name: 'metric.breakdown',
    reads: readsOf({ fromMs: query.previous.fromMs, toMs: query.range.toMs }, query.audience, scope),
    sql: sql`SELECT
  ${mergedKey(groupKey(breakdown), groups)} AS group_key,
  toUInt8(grouping(position)) AS is_total,
  ${positionOf(query)} AS position,
  ${numerator} AS numerator,
  ${denominator} AS denominator
FROM ${brokenDownEvents(breakdown, scope)}
WHERE ${and([sql`time >= ${param.time(query.range.fromMs)}`, ...selection(query, scope)])}
GROUP BY GROUPING SETS ((group_key), (group_key, position))
ORDER BY group_key, is_total, position
LIMIT ${int((MAX_INTERVALS + 1) * (groups.length + 1))}`,
  };
}

function positionOf(query: MetricQuery): Sql {
  const { interval, starts } = query.intervals;
  return intervalIndex(sql`time`, interval, query.range, starts[0] ?? query.range.fromMs);
}

/** Events before the range's end that count. */
function selection(query: MetricQuery, scope: CompileScope): readonly Sql[] {
  return [
    sql`time < ${param.time(query.range.toMs)}`,
    compileMatch(query.match, scope.vocabulary),
    compileFilter(query.where),
    compileAudience(query.audience, scope),
  ];
}

const COUNTED: Record<Measure, Counted> = {
  EVENTS: 'anything',
  CUSTOMERS: 'anything',
  SESSIONS: 'sessions',
  EVENTS_PER_CUSTOMER: 'anything',
  ORDERS: 'orders',
  AVERAGE_ORDER_VALUE: 'orders',
  REVENUE: 'revenue',
};

/** Every measure is one number over another; counts and sums are over one. */
function quotient(
  measure: Measure,
  { vocabulary }: CompileScope,
): { readonly numerator: Sql; readonly denominator: Sql } {
  const one = sql`1`;
  const customers = sql`uniqExact(customer_key)`;
  const order = isOrder(vocabulary);
  const orders = sql`uniqExactIf(sipHash64(customer_key, ${orderKey}), ${order})`;
  switch (measure) {
    case 'EVENTS':
      return { numerator: sql`count()`, denominator: one };
    case 'CUSTOMERS':
      return { numerator: customers, denominator: one };
    case 'SESSIONS':
      return {
        numerator: sql`uniqExactIf(sipHash64(customer_key, session_id), session_id != '')`,
        denominator: one,
      };
    case 'ORDERS':
      return { numerator: orders, denominator: one };
    case 'REVENUE':
      return { numerator: sql`sum(${revenue})`, denominator: one };
    case 'AVERAGE_ORDER_VALUE':
      return { numerator: sql`sumIf(${revenue}, ${order})`, denominator: orders };
    case 'EVENTS_PER_CUSTOMER':
      return { numerator: sql`count()`, denominator: customers };
  }
}
