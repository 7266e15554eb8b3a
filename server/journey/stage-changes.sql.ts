/**
 * All changes of stage in a stretch of time, in one pass: the stage is taken after each instant at which a
 * track changes. Changes that are due to time alone come out like any other.
 */
import { int, join, name, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import { fromColumns, stageConditions } from './condition.sql.ts';
import { planStages } from './conditions.ts';
import type { StagePlan } from './conditions.ts';
import type { JourneyMap } from './map.ts';
import { runningTracks } from './points.sql.ts';
import type { Stretch } from './points.sql.ts';
import { columns } from './signals.sql.ts';
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
  const plan = planStages(map);
  const stages = plan.looksBack
    ? movedStages(plan, stretch, selection, scope)
    : tracedStages(plan, stretch, selection, scope);
  return sql`SELECT customer_key, change.1 AS at, change.2 AS before, change.3 AS after
FROM (
SELECT customer_key, arrayFilter((s, t, n) -> t != n, stages, instants, arrayShiftLeft(instants, 1, toInt64(-1))) AS settled,
  arrayFilter((t, n) -> t != n, instants, arrayShiftLeft(instants, 1, toInt64(-1))) AS at_instants
FROM (
${stages}
))
ARRAY JOIN arrayFilter(c -> c.2 != c.3, arrayZip(at_instants, arrayShiftRight(settled, 1, 0), settled)) AS change`;
}

/** `customer_key, instants, stages`: the stage after each point, from the values of the tracks there. */
function tracedStages(plan: StagePlan, stretch: Stretch, selection: StageSelection, scope: StageScope): Sql {
  const tracks = plan.tracks.map((_, t) => name('track', t));
  const conditions = stageConditions(
    plan,
    fromColumns((track) => tracks[track] as Sql),
  );
  const branches = conditions.map((condition, i) => sql`${condition}, ${int(i + 1)}`);
  const stage = sql`multiIf(known = 0, 0, ${join(branches, sql`, `)}, 0)`;
  return sql`SELECT customer_key, instants, arrayMap((known${columns(tracks)}) -> ${stage}, known${columns(tracks)}) AS stages
FROM (
${runningTracks(plan, stretch, selection, scope)}
)`;
}

/** The same where rules look back: all history is gone through, then what came before the stretch is moved to its start. */
function movedStages(
  plan: StagePlan,
  { fromMs, toMs }: Stretch,
  selection: StageSelection,
  scope: StageScope,
): Sql {
  return sql`SELECT customer_key, arrayMap(move -> greatest(move.1, ${param.int64(fromMs)}), moves) AS instants, tupleElement(moves, 2) AS stages
FROM (
${stageMoves(plan, toMs, selection, scope)}
)`;
}
