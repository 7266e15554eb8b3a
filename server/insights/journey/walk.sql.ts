/**
 * How customers walk from stage to stage. A customer's walk is one sorted array of stops: instants at which
 * something of a stage happened, packed into one UInt64 so that sorting goes by time, then by the map's order:
 *
 *   milliseconds since the range's start << 5 | stage
 *
 * Neighbouring stops are moves. What became of the customer in each stage is a move to a pseudo stage, so that
 * one pass over one relation counts everything; stages are 1 to 30, which leaves 0 and 31 free.
 */
import type { CompileScope } from '../../query/events.ts';
import { sortedByCustomer } from '../../query/gathered.ts';
import { readsOf } from '../../query/reads.ts';
import { and, int, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { keptWalk } from './journey.kept.ts';
import type { JourneyQuery } from './journey.query.ts';
import { nameOf, stagedEvents } from './journey.sql.ts';
import type { NamedBy } from './journey.sql.ts';
import { ADVANCED, STOPPED } from './journey.row.ts';
import type { Move, MoveRow } from './journey.row.ts';

/** Every kind of move that was made. */
export function compileWalk(query: JourneyQuery, scope: CompileScope): SqlQuery<MoveRow> {
  const isFirst = sql`bitAnd(move, 1)`;
  return {
    name: 'journey_walk',
    reads: readsOf(query.range, query.audience, scope),
    kept: keptWalk(query, scope),
    sql: sql`SELECT toUInt8(bitAnd(bitShiftRight(move, 6), 31)) AS origin, toUInt8(bitAnd(bitShiftRight(move, 1), 31)) AS target,
  sum(${isFirst}) AS customers, count() AS moves, quantileExactInclusive(0.5)(bitShiftRight(move, 11)) AS median
FROM (SELECT arrayJoin(arrayConcat(${moves}, outcomes)) AS move
FROM (
${outcomes(query, scope)}
)) GROUP BY origin, target ORDER BY origin, target`,
  };
}

/** Stage of a stop. */
function stageOf(stop: Sql): Sql {
  return sql`bitAnd(${stop}, 31)`;
}

/** `customer_key, stops`; several events of one stage at one instant are one stop. */
function walks(query: JourneyQuery, scope: CompileScope): Sql {
  const since = sql`toUInt64(toUnixTimestamp64Milli(time) - ${param.int64(query.range.fromMs)})`;
  const sorted = sortedByCustomer({
    rows: stagedEvents(query, scope),
    number: sql`bitShiftLeft(${since}, 5) + stage`,
  });
  return sql`SELECT customer_key, arrayCompact(numbers) AS stops\nFROM (${sorted})`;
}

/** From `stops`: each with the stop before it, or after it; zero at the ends. */
const before = sql`arrayPushFront(arrayPopBack(stops), toUInt64(0))`;
const after = sql`arrayPushBack(arrayPopFront(stops), toUInt64(0))`;

/**
 * From `stops`, the moves: time << 11 | from << 6 | to << 1 | whether it is the customer's first of its kind.
 */
const pairs = sql`arrayMap((m, n) -> bitShiftLeft(${stageOf(sql`m`)}, 5) + ${stageOf(sql`n`)}, arrayPopBack(stops), arrayPopFront(stops))`;
const moves = sql`arrayMap((m, n, p, r) -> bitShiftLeft(toUInt64(bitShiftRight(n, 5) - bitShiftRight(m, 5)), 11) + p * 2 + (r = 1), arrayPopBack(stops), arrayPopFront(stops), ${pairs}, arrayEnumerateUniq(${pairs}))`;

/**
 * `stops, outcomes`: of each stage that the customer was in, how it ended, in the form of a move. As in a funnel
 * of two steps, the stage and any later one: the first event of a later stage at or after the first of the stage
 * is the advance, counted from the last event of the stage before it. Looks at changes of stage only, and at as
 * many stages as the customer was in.
 */
function outcomes(query: JourneyQuery, scope: CompileScope): Sql {
  const changed = sql`${stageOf(sql`m`)} != ${stageOf(sql`o`)}`;
  const runs = sql`SELECT stops, arrayFilter((m, o) -> ${changed}, stops, ${before}) AS entries, arrayFilter((m, o) -> ${changed}, stops, ${after}) AS exits
FROM (
${walks(query, scope)}
)`;
  const firsts = sql`arrayFilter((m, r) -> r = 1, entries, arrayEnumerateUniq(arrayMap(m -> ${stageOf(sql`m`)}, entries)))`;
  const isLater = sql`${stageOf(sql`m`)} > ${stageOf(sql`f`)} AND m > f`;
  const isSame = sql`${stageOf(sql`m`)} = ${stageOf(sql`f`)} AND m < n`;
  const code = (target: number): Sql => sql`bitShiftLeft(${stageOf(sql`f`)}, 6) + ${int(target * 2 + 1)}`;
  const time = sql`toUInt64(bitShiftRight(n, 5) - bitShiftRight(l, 5))`;
  return sql`SELECT stops, arrayMap((f, n, l) -> if(n = 0, ${code(STOPPED)}, bitShiftLeft(${time}, 11) + ${code(ADVANCED)}), firsts, nexts, lasts) AS outcomes
FROM (SELECT stops, firsts, nexts, arrayMap((f, n) -> arrayLast(m -> ${isSame}, exits), firsts, nexts) AS lasts
FROM (SELECT stops, exits, firsts, arrayMap(f -> arrayFirst(m -> ${isLater}, entries), firsts) AS nexts
FROM (SELECT stops, entries, exits, ${firsts} AS firsts
FROM (
${runs}
))))`;
}

/** `SELECT customer_key ...` of those who were in the stage: by a channel or touchpoint, where one is named. */
export function compileStageMembers(
  query: JourneyQuery,
  stage: number,
  named: readonly NamedBy[],
  scope: CompileScope,
): Sql {
  const whose = and(named.map(({ kind, name }) => sql`${nameOf(kind)} = ${param.string(name)}`));
  const events = stagedEvents(query, scope, named.length > 0 ? { whose } : {});
  return sql`SELECT customer_key FROM (${events}) WHERE stage = ${int(stage)} GROUP BY customer_key`;
}

/** `SELECT customer_key ...` of those who were in the stage, and in no later one from then on. */
export function compileStopped(query: JourneyQuery, stage: number, scope: CompileScope): Sql {
  const k = int(stage);
  const advanced = sql`countIf(stage > ${k}) > 0 AND maxIf(time, stage > ${k}) >= minIf(time, stage = ${k})`;
  return sql`SELECT customer_key FROM (${stagedEvents(query, scope)}) WHERE stage >= ${k}
GROUP BY customer_key HAVING countIf(stage = ${k}) > 0 AND NOT (${advanced})`;
}

/** `SELECT customer_key ...` of those who made the move. */
export function compileMoveMembers(query: JourneyQuery, { from, to }: Move, scope: CompileScope): Sql {
  const made = sql`${stageOf(sql`m`)} = ${int(from)} AND ${stageOf(sql`n`)} = ${int(to)}`;
  return sql`SELECT customer_key FROM (${walks(query, scope)})
WHERE arrayExists((m, n) -> ${made}, arrayPopBack(stops), arrayPopFront(stops))`;
}
