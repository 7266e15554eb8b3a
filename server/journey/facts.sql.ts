/** The facts that stages stand on, per customer at one instant: what a stage is told and explained from. */
import { rowsOf } from '../query/keyed.ts';
import { join, name, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';
import { planStages } from './conditions.ts';
import type { Facts, StagePlan } from './conditions.ts';
import type { JourneyMap } from './map.ts';
import type { StageScope, StageSelection } from './signals.sql.ts';
import { stageAt, stageBeforeAt, stageMoves } from './stage-moves.sql.ts';
import { trackAt, trackValues } from './track-values.sql.ts';

export interface FactsRow {
  readonly key: string;
  readonly values: readonly number[];
  /** By signal, milliseconds; 0 for none. */
  readonly lasts: readonly number[];
  readonly traits: readonly number[];
  /** Where rules look back: numbers of the stage and of the one before; empty elsewhere. */
  readonly stages: readonly number[];
}

/** `keys` are customer keys as decimal text. */
export function compileFacts(
  map: JourneyMap,
  keys: readonly string[],
  atMs: number,
  scope: StageScope,
): SqlQuery<FactsRow> {
  const plan = planStages(map);
  const selection = { customers: rowsOf(keys, scope), events: sql`1` };
  const values = plan.tracks.map((_, t) => sql`toFloat64(${trackAt(t, 0)})`);
  const lasts = plan.signals.map((_, s) => sql`toFloat64(${name('last', s)})`);
  const traits = plan.traits.map((_, i) => name('trait', i));
  return {
    name: 'lifecycle_facts',
    isLight: true,
    sql: sql`SELECT toString(customer_key) AS key, ${list(values)} AS values, ${list(lasts)} AS lasts, ${list(traits)} AS traits,
  ${plan.looksBack ? sql`stages` : sql`[]`} AS stages
FROM (
${trackValues(plan, [atMs], selection, scope)}
) AS told${plan.looksBack ? sql` INNER JOIN (${stagesBy(plan, atMs, selection, scope)}) AS moved USING (customer_key)` : sql``}`,
  };
}

function stagesBy(plan: StagePlan, atMs: number, selection: StageSelection, scope: StageScope): Sql {
  return sql`SELECT customer_key, [${stageAt(atMs)}, ${stageBeforeAt(atMs)}] AS stages
FROM (
${stageMoves(plan, atMs, selection, scope)}
)`;
}

function list(entries: readonly Sql[]): Sql {
  return sql`[${join(entries, sql`, `)}]`;
}

export function decodeFacts(row: FactsRow): Facts {
  const [stage, before] = row.stages;
  return {
    values: row.values,
    lastMs: row.lasts.map((ms) => (ms === 0 ? null : ms)),
    traits: row.traits.map((holds) => holds === 1),
    ...(stage === undefined ? {} : { stage, before: before ?? 0 }),
  };
}
