/**
 * Lifecycle stages at given instants, in SQL. A stage is a number: 1 for the first of the map, 0 for a customer
 * not yet seen.
 */
import { int, name, or, param, sql } from '../query/sql.ts';
import type { CompileScope } from '../query/events.ts';
import type { Sql } from '../query/sql.ts';
import { stageNumber } from './condition.sql.ts';
import { planStages } from './conditions.ts';
import type { JourneyMap } from './map.ts';
import { revenueUpTo } from './gathered-signals.sql.ts';
import { markAt, marksAt } from './marks-at.sql.ts';
import { fromMarks, marksOf } from './marks.ts';
import { columns, everybody } from './signals.sql.ts';
import type { StageScope, StageSelection } from './signals.sql.ts';
import { stageAt, stageMoves } from './stage-moves.sql.ts';

/** `customer_key, revenue_at_i, stage_i` for each of the instants; customers first seen by the latest. */
export function stagesAt(
  map: JourneyMap,
  instants: readonly number[],
  selection: StageSelection,
  scope: StageScope,
): Sql {
  const plan = planStages(map);
  const revenues = instants.map((_, i) => name('revenue_at', i));
  if (plan.looksBack) {
    const carried = instants.map((at, i) => ({
      column: revenues[i] as Sql,
      value: revenueUpTo(at, plan),
      ofRevenue: true,
    }));
    const stages = instants.map((at, i) => sql`${stageAt(at)} AS ${name('stage', i)}`);
    return sql`SELECT customer_key${columns(revenues)}${columns(stages)}
FROM (
${stageMoves(plan, Math.max(...instants), selection, scope, carried)}
)`;
  }
  const marks = marksOf(plan);
  const stages = instants.map((at, i) => {
    const told = fromMarks(plan, marks, (mark) => markAt(mark, i));
    return sql`toUInt8((first_at <= ${param.int64(at)}) * ${stageNumber(plan, told)}) AS ${name('stage', i)}`;
  });
  return sql`SELECT customer_key${columns(revenues)}${columns(stages)}
FROM (
${marksAt(plan, instants, selection, scope)}
)`;
}

/**
 * What `CompileScope.customersInLifecycleStages` is made of: `SELECT customer_key ...` of those in one of the
 * stages at an instant, now unless given.
 */
export function customersInLifecycleStages(
  map: JourneyMap,
  scope: StageScope & Pick<CompileScope, 'nowMs'>,
): (stages: readonly string[], atMs?: number) => Sql {
  return (stages, atMs = scope.nowMs) => {
    const numbers = stages.map((key) => map.lifecycle.findIndex((stage) => stage.key === key) + 1);
    const isOne = or(numbers.filter((n) => n > 0).map((n) => sql`stage_0 = ${int(n)}`));
    return sql`SELECT customer_key FROM (${stagesAt(map, [atMs], everybody, scope)}) WHERE ${isOne}`;
  };
}
