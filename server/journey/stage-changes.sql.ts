/**
 * All changes of stage in a stretch of time, in one pass: the stage is taken after each instant at which a
 * mark changes. Changes that are due to time alone come out like any other.
 */
import { customersTable } from '../query/events.ts';
import { and, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import { stageNumberAtEntry } from './condition.sql.ts';
import { planStages } from './conditions.ts';
import type { StagePlan } from './conditions.ts';
import type { JourneyMap } from './map.ts';
import { markPoints, setNames, stageOfNobody, toldAtPoint } from './mark-points.sql.ts';
import type { Stretch, Trace } from './mark-points.sql.ts';
import { columns, traitColumns, traitNames } from './signals.sql.ts';
import type { StageScope, StageSelection } from './signals.sql.ts';
import { stageMoves } from './stage-moves.sql.ts';

/**
 * `customer_key, at, before, after`: the stage (0: not yet seen) changed at `at`, in milliseconds. What
 * happened up to `fromMs` stands as one change at `fromMs`; nothing after `toMs`.
 */
export function stageChanges(
  map: JourneyMap,
  stretch: Stretch,
  selection: StageSelection,
  scope: StageScope,
): Sql {
  const steps = stageSteps(planStages(map), { ...stretch, whose: 'known' }, selection, scope);
  return sql`SELECT customer_key, ${changeColumns}
FROM (
${steps}
) ARRAY JOIN ${changesFrom(sql`0`)} AS change`;
}

/**
 * `at, before, after` as above, one row a change or a part of one: whoever is first seen goes into the stage of
 * somebody without events, and from there, at the same instant or later, where the events lead. So stages have the
 * same customers in the end, and those of whom no rule can tell anything need no look.
 */
export function stageFlows(
  map: JourneyMap,
  stretch: Stretch,
  selection: StageSelection,
  scope: StageScope,
): Sql {
  const plan = planStages(map);
  if (plan.looksBack) {
    return sql`SELECT at, before, after FROM (${stageChanges(map, stretch, selection, scope)})`;
  }
  const seen = sql`SELECT customer_key, toUnixTimestamp64Milli(min(first_seen)) AS first_at
FROM ${customersTable(scope)} WHERE ${and([sql`first_seen <= ${param.time(stretch.toMs)}`, selection.customers])}
GROUP BY customer_key`;
  return sql`SELECT ${changeColumns}
FROM (
${stageSteps(plan, { ...stretch, whose: 'told' }, selection, scope)}
) ARRAY JOIN ${changesFrom(stageOfNobody(plan))} AS change
UNION ALL
SELECT greatest(first_at, ${param.int64(stretch.fromMs)}), 0, ${stageOfNobody(plan)}
FROM (SELECT *${columns(traitColumns(plan))} FROM (
${seen}
))`;
}

/**
 * `customer_key, steps, trait_N` and what is carried: in order, `instant * 256 + stage` where anything changed, the
 * first at the start. Where rules look back, all history is gone through and everybody known is told of.
 */
export function stageSteps(plan: StagePlan, trace: Trace, selection: StageSelection, scope: StageScope): Sql {
  const { carried = [] } = trace;
  const kept = columns([...traitsOf(plan), ...carried.map(({ column }) => column)]);
  const steps = plan.looksBack
    ? movedSteps(plan, trace, selection, scope)
    : markedSteps(plan, trace, selection, scope);
  return sql`SELECT customer_key, arrayFilter((s, n) -> bitShiftRight(s, 8) != bitShiftRight(n, 8), all_steps, arrayShiftLeft(all_steps, 1, toInt64(-1))) AS steps${kept}
FROM (
${steps}
)`;
}

/** From `steps`, as one number each; `first` is the stage before the first. */
function changesFrom(first: Sql): Sql {
  const change = sql`bitShiftRight(s, 8) * 65536 + bitAnd(b, 255) * 256 + bitAnd(s, 255)`;
  return sql`arrayFilter(c -> bitAnd(bitShiftRight(c, 8), 255) != bitAnd(c, 255), arrayMap((s, b) -> ${change}, steps, arrayShiftRight(steps, 1, toInt64(${first}))))`;
}

const changeColumns = sql`bitShiftRight(change, 16) AS at, toUInt8(bitAnd(bitShiftRight(change, 8), 255)) AS before, toUInt8(bitAnd(change, 255)) AS after`;

function traitsOf(plan: StagePlan): readonly Sql[] {
  return plan.looksBack ? [] : traitNames(plan);
}

function markedSteps(plan: StagePlan, trace: Trace, selection: StageSelection, scope: StageScope): Sql {
  const { carried = [] } = trace;
  const sets = columns(setNames(plan));
  const kept = columns([...traitsOf(plan), ...carried.map(({ column }) => column)]);
  const step = sql`at * 256 + ${stageNumberAtEntry(plan, toldAtPoint(plan))}`;
  return sql`SELECT customer_key, arrayMap((at${sets}) -> ${step}, instants${sets}) AS all_steps${kept}
FROM (
${markPoints(plan, trace, selection, scope)}
)`;
}

function movedSteps(
  plan: StagePlan,
  { fromMs, toMs, carried = [] }: Trace,
  selection: StageSelection,
  scope: StageScope,
): Sql {
  const kept = columns(carried.map(({ column }) => column));
  return sql`SELECT customer_key, arrayMap(move -> greatest(move.1, ${param.int64(fromMs)}) * 256 + move.2, moves) AS all_steps${kept}
FROM (
${stageMoves(plan, toMs, selection, scope, carried)}
)`;
}
