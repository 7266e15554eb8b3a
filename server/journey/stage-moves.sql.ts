/**
 * Stages under rules that ask for the stage before: per customer, the instants at which another condition of
 * the map begins or ceases to hold, in order, and one look at the rules at each. A stage at an instant is then
 * the last move up to it; so it does not matter when, or over which stretch, one asks.
 */
import { int, join, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import { conditionSql, stageNumberAtEntry } from './condition.sql.ts';
import type { StagePlan } from './conditions.ts';
import { markPoints, setNames, toldAtPoint } from './mark-points.sql.ts';
import type { Carried, Trace } from './mark-points.sql.ts';
import { columns } from './signals.sql.ts';
import type { StageScope, StageSelection } from './signals.sql.ts';

/**
 * `customer_key, moves` and what is carried; customers first seen by `toMs`. A move is (instant in
 * milliseconds, stage entered); each is into another stage than the one before.
 */
export function stageMoves(
  plan: StagePlan,
  toMs: number,
  selection: StageSelection,
  scope: StageScope,
  carried: readonly Carried[] = [],
): Sql {
  const kept = columns(carried.map(({ column }) => column));
  const told = toldAtPoint(plan);
  const truths = plan.simple.map((condition) => conditionSql(condition, told));
  const sets = columns(setNames(plan));
  const trace: Trace = { fromMs: 0, toMs, whose: 'known', carried };
  return sql`SELECT customer_key, arrayFold(${look(plan)}, looks, ${nowhere}).1 AS moves${kept}
FROM (
SELECT customer_key, arrayFilter((look, last) -> look.2 != last.2, settled, arrayShiftRight(settled, 1)) AS looks${kept}
FROM (
SELECT customer_key, arrayFilter((look, next) -> look.1 != next, points, arrayShiftLeft(instants, 1, toInt64(-1))) AS settled${kept}
FROM (
SELECT customer_key, instants, arrayMap((at${sets}) -> (at, tuple(1${columns(truths)})), instants${sets}) AS points${kept}
FROM (
${markPoints(plan, trace, selection, scope)}
))))`;
}

/** Before the first look: no moves, in no stage, with none before. */
const nowhere = sql`(CAST([], 'Array(Tuple(Int64, UInt8))'), toUInt8(0), toUInt8(0))`;

/** One look: from (moves, stage, stage before) and (instant, truths) to the same after it. */
function look(plan: StagePlan): Sql {
  const simple = plan.simple.map((condition) => JSON.stringify(condition));
  const number = stageNumberAtEntry(plan, (condition) => {
    if (condition.kind === 'before') {
      const before = sql`if(held.2 = ${int(condition.own)}, held.3, held.2)`;
      return sql`(${before} IN (${join(condition.stages.map(int), sql`, `)}))`;
    }
    const position = simple.indexOf(JSON.stringify(condition));
    return position < 0 ? null : sql`tupleElement(look.2, ${int(position + 2)})`;
  });
  const stage = sql`toUInt8(${number})`;
  // The inner function only gives the stage a name: written out three times it would be analysed three times.
  return sql`(held, look) -> arrayMap(stage -> (
  if(stage = held.2, held.1, arrayPushBack(held.1, (look.1, stage))),
  stage,
  if(stage = held.2, held.3, held.2)), [${stage}])[1]`;
}

/** From `moves`: the stage at an instant, 0 before the first. */
export function stageAt(atMs: number): Sql {
  return sql`arrayLast(move -> move.1 <= ${param.int64(atMs)}, moves).2`;
}

/** From `moves`: the stage before the one at an instant, 0 for none. */
export function stageBeforeAt(atMs: number): Sql {
  const stages = sql`tupleElement(arrayFilter(move -> move.1 <= ${param.int64(atMs)}, moves), 2)`;
  return sql`if(length(${stages}) < 2, 0, arrayElement(${stages}, -2))`;
}
