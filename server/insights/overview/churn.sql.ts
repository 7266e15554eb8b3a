/**
 * Churn: of the customers who had ordered before a span and were not lost when it began, how many were lost
 * when it ended. One pass over the changes of stage for all spans at once.
 */
import { compileAudience } from '../../query/audience.ts';
import { eventsTable, isOrder } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter } from '../../query/filter.ts';
import { readsOf } from '../../query/reads.ts';
import { upTo } from '../../query/span.ts';
import { and, int, param, sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/sql.ts';
import { planStages } from '../../journey/conditions.ts';
import type { JourneyMap } from '../../journey/map.ts';
import { stageChanges } from '../../journey/stage-changes.sql.ts';
import type { OverviewQuery } from './overview.query.ts';

/** Milliseconds. */
export interface ChurnSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ChurnRow {
  /** Position of the span in the list, from 1. */
  readonly span: number;
  readonly customers: string;
  readonly churned: string;
}

/**
 * Most customers are never lost in all the time looked at, or all of it: those who turned at the same times and
 * first ordered in the same span are counted together, not one by one.
 */
export function compileChurn(
  query: OverviewQuery,
  spans: readonly ChurnSpan[],
  map: JourneyMap,
  scope: CompileScope,
): SqlQuery<ChurnRow> {
  const stretch = {
    fromMs: Math.min(...spans.map((span) => span.fromMs)),
    toMs: Math.max(...spans.map((span) => span.toMs)),
  };
  const customers = compileAudience(query.audience, scope);
  const events = compileFilter(query.where);
  const needed = upToLost(map);
  const lost = needed.lifecycle.flatMap((stage, i) => (stage.isLost ? [String(i + 1)] : []));
  const froms = param.uint64s(spans.map((span) => String(span.fromMs)));
  const tos = param.uint64s(spans.map((span) => String(span.toMs)));
  return {
    name: 'overview.churn',
    reads: readsOf(upTo(stretch.toMs), query.audience, scope),
    sql: sql`WITH changes AS (
${stageChanges(needed, stretch, { customers, events }, scope)}
),
lives AS (
  SELECT
    customer_key,
    arraySort(groupArray((at, has(${param.uint64s(lost)}, toUInt64(after))))) AS stages,
    arrayFilter((turn, was_lost) -> turn.2 != was_lost, stages, arrayShiftRight(stages.2, 1, toUInt8(0))) AS turns
  FROM changes
  GROUP BY customer_key
),
first_orders AS (
  SELECT customer_key, toUnixTimestamp64Milli(min(time)) AS first_order
  FROM ${eventsTable(scope)}
  WHERE ${and([isOrder(scope.vocabulary), sql`time < ${param.time(stretch.toMs)}`, events, customers])}
  GROUP BY customer_key
),
alike AS (
  SELECT turns, arrayMax(arrayFilter(from_ms -> from_ms <= first_order, ${froms})) AS ordered, count() AS customers
  FROM first_orders
  INNER JOIN lives USING (customer_key)
  GROUP BY turns, ordered
)
SELECT
  span,
  sum(alike.customers) AS customers,
  sumIf(alike.customers, arrayLast(turn -> turn.1 <= to_ms, turns).2) AS churned
FROM alike
ARRAY JOIN
  arrayEnumerate(${froms}) AS span,
  ${froms} AS from_ms,
  ${tos} AS to_ms
WHERE ordered < from_ms AND NOT arrayLast(turn -> turn.1 <= from_ms, turns).2
GROUP BY span
ORDER BY span
LIMIT ${int(spans.length)}`,
  };
}

/**
 * Which stage it is does not matter below the last that counts as lost: all of them are the catch-all. Where
 * rules look back, every stage matters for those that may follow.
 */
function upToLost(map: JourneyMap): JourneyMap {
  if (planStages(map).looksBack) return map;
  const last = map.lifecycle.findLastIndex((stage) => stage.isLost);
  const rest = map.lifecycle.slice(last + 1).slice(-1);
  return { ...map, lifecycle: [...map.lifecycle.slice(0, last + 1), ...rest] };
}
