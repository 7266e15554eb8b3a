/** Stages now, moves between the range's ends, and stages at every point of the range, in SQL. */
import type { JourneyMap } from '../../journey/map.ts';
import { stageFlows } from '../../journey/stage-changes.sql.ts';
import type { StageSelection } from '../../journey/signals.sql.ts';
import { stagesAt } from '../../journey/stage.sql.ts';
import { compileAudience } from '../../query/audience.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter } from '../../query/filter.ts';
import { intervalStart } from '../../query/period.ts';
import { readsOf } from '../../query/reads.ts';
import { upTo } from '../../query/span.ts';
import { int, name, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { keptHistory, keptStages } from './lifecycle.kept.ts';
import type { LifecycleQuery } from './lifecycle.query.ts';
import type { ChangesRow, StageRow } from './lifecycle.rows.ts';

export function compileStages(
  query: LifecycleQuery,
  map: JourneyMap,
  scope: CompileScope,
): SqlQuery<StageRow> {
  const { fromMs, toMs } = query.range;
  const instants = [...new Set([fromMs, toMs, query.atMs])];
  const places = [fromMs, toMs, query.atMs].map((ms) => instants.indexOf(ms));
  const [from, to, at] = places;
  const stage = (i = 0) => name('stage', i);
  return {
    name: 'lifecycle_stages',
    reads: readsOf(upTo(Math.max(query.range.toMs, query.atMs)), query.audience, scope),
    sql: sql`SELECT ${stage(from)} AS stage_from, ${stage(to)} AS stage_to, ${stage(at)} AS stage_at, count() AS customers,
  toFloat64(sum(${name('revenue_at', at)})) AS revenue
FROM (
${stagesAt(map, instants, selectionOf(query, scope), scope)}
) GROUP BY stage_from, stage_to, stage_at`,
    kept: keptStages(query, map, scope, { instants, places }),
  };
}

/** `SELECT customer_key ...` of those in a stage at `at`. */
export function compileStageMembers(
  query: LifecycleQuery,
  stage: number,
  map: JourneyMap,
  scope: CompileScope,
): Sql {
  const stages = stagesAt(map, [query.atMs], selectionOf(query, scope), scope);
  return sql`SELECT customer_key FROM (${stages}) WHERE stage_0 = ${int(stage)}`;
}

/** A move between the ends of the range; `from` 0: first seen between. */
export interface Move {
  readonly from: number;
  readonly to: number;
}

/** `SELECT customer_key ...` of those who made the move. */
export function compileMoveMembers(
  query: LifecycleQuery,
  { from, to }: Move,
  map: JourneyMap,
  scope: CompileScope,
): Sql {
  const ends = [query.range.fromMs, query.range.toMs];
  const stages = stagesAt(map, ends, selectionOf(query, scope), scope);
  return sql`SELECT customer_key FROM (${stages}) WHERE stage_0 = ${int(from)} AND stage_1 = ${int(to)}`;
}

/** How many customers went from which stage to which in each interval of the range; through others, it may be. */
export function compileHistory(
  query: LifecycleQuery,
  map: JourneyMap,
  scope: CompileScope,
): SqlQuery<ChangesRow> {
  const flows = stageFlows(map, query.range, selectionOf(query, scope), scope);
  const start = intervalStart(sql`fromUnixTimestamp64Milli(at - 1, 'UTC')`, query.interval, query.range);
  return {
    name: 'lifecycle_history',
    reads: readsOf(upTo(Math.max(query.range.toMs, query.atMs)), query.audience, scope),
    sql: sql`SELECT if(at <= ${param.int64(query.range.fromMs)}, 0, ${start}) AS interval_start, before, after, count() AS customers
FROM (
${flows}
) GROUP BY interval_start, before, after`,
    kept: keptHistory(query, map, scope),
  };
}

/** Whom the question is about, and which events the rules may see. */
export function selectionOf(query: LifecycleQuery, scope: CompileScope): StageSelection {
  return { customers: compileAudience(query.audience, scope), events: compileFilter(query.where) };
}
