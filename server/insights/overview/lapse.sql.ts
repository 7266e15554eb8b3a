/**
 * Churn under the commonest of rules: lost is who has not ordered for some time. Then orders alone tell, and of them
 * only between which of the instants asked for they lie. Counts pairs of an order and the customer's next, never
 * goes through customers one by one. Says null where the rules or the spans are of another kind.
 */
import { compileAudience } from '../../query/audience.ts';
import { eventsTable, isOrder } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter } from '../../query/filter.ts';
import { MAX_POSITIONS, placesOf } from '../../query/places.ts';
import { and, int, param, sql } from '../../query/sql.ts';
import type { Param, Sql } from '../../query/sql.ts';
import { planStages } from '../../journey/conditions.ts';
import type { Condition, StagePlan } from '../../journey/conditions.ts';
import type { JourneyMap } from '../../journey/map.ts';
import type { ChurnSpan, OverviewQuery } from './overview.query.ts';

/** Stands for the next order in a mark that says of an order that it is the customer's first. */
const FIRST = 65_535;

/** Rows of ChurnRow, and for how long who is lost has not ordered; null where this way does not tell. */
export function churnByLapse(
  query: OverviewQuery,
  spans: readonly ChurnSpan[],
  map: JourneyMap,
  scope: CompileScope,
): { readonly sql: Sql; readonly lapseMs: number } | null {
  const lapseMs = lapseOf(map);
  if (lapseMs === null || !spans.every((span) => isShort(span, lapseMs))) return null;
  const instants = spans.flatMap(({ fromMs, toMs }) => [
    fromMs - 1,
    fromMs,
    toMs,
    fromMs - lapseMs,
    toMs - lapseMs,
  ]);
  const ends = [...new Set(instants)].sort((a, b) => a - b);
  if (ends.length + 1 > MAX_POSITIONS) return null;
  const positions = new Map(ends.map((end, i) => [end, i]));
  const at = (instant: (span: ChurnSpan) => number): Param =>
    param.uint32s(spans.map((span) => positions.get(instant(span)) ?? 0));
  const earliest = Math.min(...spans.map(({ fromMs }) => positions.get(fromMs) ?? 0));
  const statement = sql`SELECT
  span,
  sumIf(pairs, following != ${int(FIRST)} AND ordered > from_lapse AND ordered <= from_at AND following > from_at)
    - sumIf(pairs, following = ${int(FIRST)} AND ordered = from_at) AS customers,
  sumIf(pairs, following != ${int(FIRST)} AND ordered > from_lapse AND ordered <= to_lapse AND following > to_at) AS churned
FROM (
  SELECT bitShiftRight(mark, 16) AS ordered, bitAnd(mark, 65535) AS following, count() AS pairs
  FROM (
${marks(query, ends, earliest, scope)}
  )
  GROUP BY ordered, following
)
ARRAY JOIN
  arrayEnumerate(${at(({ fromMs }) => fromMs)}) AS span,
  ${at(({ fromMs }) => fromMs)} AS from_at,
  ${at(({ toMs }) => toMs)} AS to_at,
  ${at(({ fromMs }) => fromMs - lapseMs)} AS from_lapse,
  ${at(({ toMs }) => toMs - lapseMs)} AS to_lapse
GROUP BY span
ORDER BY span
LIMIT ${int(spans.length)}`;
  return { sql: statement, lapseMs };
}

/**
 * One row for each order whose next stands elsewhere (`ends.length + 1`: there is none), and for each first order in
 * the stretch. Position i is what came up to `ends[i]`, and after the one before.
 */
function marks(query: OverviewQuery, ends: readonly number[], earliest: number, scope: CompileScope): Sql {
  const places = placesOf(ends.length + 1);
  const begins = param.uint64s(['0', ...ends.map((end) => String(end + 1))]);
  const numbers = param.uint32s([0, ...ends.map((_, i) => i + 1)]);
  const position = sql`transform(roundDown(toUInt64(greatest(toUnixTimestamp64Milli(time), 0)), ${begins}), ${begins}, ${numbers}, 0)`;
  const conditions = [
    isOrder(scope.vocabulary),
    sql`time <= ${param.time(ends.at(-1) ?? 0)}`,
    compileFilter(query.where),
    compileAudience(query.audience, scope),
  ];
  const of = places.position(sql`p`);
  const mark = (following: Sql): Sql => sql`toUInt32(${of}) * 65536 + ${following}`;
  const isElsewhere = sql`bitShiftRight(m, 16) != bitAnd(m, 65535)`;
  return sql`SELECT arrayJoin(arrayConcat(
  arrayFilter(m -> ${isElsewhere}, arrayMap((p, n) -> ${mark(sql`n`)}, orders, nexts)),
  arrayMap(p -> ${mark(int(FIRST))}, arrayFilter((p, f) -> bitAnd(f, ${of} >= ${int(earliest)}), orders, ${places.isFirst(sql`orders`)}))
)) AS mark
FROM (
  SELECT ${places.ofOrders(sql`order_events`)} AS orders, ${places.next(sql`orders`, int(ends.length + 1))} AS nexts
  FROM (
    SELECT arraySort(groupArray(${places.orderAt(position)})) AS order_events
    FROM ${eventsTable(scope)}
    WHERE ${and(conditions)}
    GROUP BY ${places.range}
  )
)`;
}

/** Whoever is lost when it ends ordered last before it began; nothing asked for lies before 1970. */
function isShort({ fromMs, toMs }: ChurnSpan, lapseMs: number): boolean {
  return toMs - fromMs < lapseMs && fromMs - lapseMs > 0;
}

/** After how many milliseconds without an order a customer is lost, where nothing else makes anybody so. */
function lapseOf(map: JourneyMap): number | null {
  const lost = map.lifecycle.flatMap((stage, i) => (stage.isLost ? [i] : []));
  const plan = planStages(map);
  const [only = -1] = lost;
  if (lost.length !== 1 || plan.looksBack) return null;
  const before = plan.stages.slice(0, only);
  if (!before.every(({ condition }) => isOrderCount(condition, plan, 'atMost', 0))) return null;
  const condition = plan.stages[only]?.condition;
  if (condition?.kind !== 'all' || condition.parts.length !== 2) return null;
  const [ever, lately] = condition.parts;
  if (!ever || !isOrderCount(ever, plan, 'atLeast', 1)) return null;
  const window = lately?.kind === 'track' ? plan.tracks[lately.track]?.window : null;
  if (!lately || !window || window.months !== 0 || window.ms <= 0) return null;
  return isOrderCount(lately, plan, 'atMost', 0, true) ? window.ms : null;
}

/** Whether it bounds the number of all orders. */
function isOrderCount(
  condition: Condition,
  plan: StagePlan,
  op: 'atLeast' | 'atMost',
  value: number,
  hasWindow = false,
): boolean {
  if (condition.kind !== 'track' || condition.op !== op || condition.value !== value) return false;
  const track = plan.tracks[condition.track];
  const signal = track && plan.signals[track.signal];
  if (signal?.kind !== 'order' || (track?.window !== null) !== hasWindow) return false;
  const where = plan.orders[signal.orders];
  return where?.kind === 'all' && where.parts.length === 0;
}
