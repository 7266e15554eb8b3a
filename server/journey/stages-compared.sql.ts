/**
 * Stages of every customer under two journey maps at one instant, in SQL: what a publication would change. Where both
 * maps name events alike, the events are read once for both.
 */
import { int, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import { stageNumber } from './condition.sql.ts';
import { planStages } from './conditions.ts';
import type { StagePlan } from './conditions.ts';
import { vocabularyOf } from './map.ts';
import type { JourneyMap } from './map.ts';
import { markAt, marksAt } from './marks-at.sql.ts';
import { fromMarks, marksOf } from './marks.ts';
import { everybody } from './signals.sql.ts';
import type { StageScope } from './signals.sql.ts';
import { stagesAt } from './stage.sql.ts';

export interface MapPair {
  readonly before: JourneyMap;
  readonly after: JourneyMap;
}

/** Marks and signals of one statement, as many as one map may have. */
const MOST_TOGETHER = 200;

/** `customer_key, stage_before, stage_after`: numbers from 1 in the order of each map; customers known by the instant. */
export function stagesUnder(pair: MapPair, atMs: number, scope: StageScope): Sql {
  const plan = commonPlan(pair);
  return plan ? together(plan, pair, atMs, scope) : apart(pair, atMs, scope);
}

/** A condition on those columns: the customer's stage is another one, by its key. */
export function isMoved({ before, after }: MapPair): Sql {
  const keys = (map: JourneyMap): Sql => sql`${param.strings(map.lifecycle.map(({ key }) => key))}`;
  return sql`arrayElement(${keys(before)}, stage_before) != arrayElement(${keys(after)}, stage_after)`;
}

/** Both maps' rules as one plan, the first map's stages first; null where they cannot be told from the same rows. */
function commonPlan({ before, after }: MapPair): StagePlan | null {
  if (wordsOf(before) !== wordsOf(after)) return null;
  if (planStages(before).looksBack || planStages(after).looksBack) return null;
  const plan = planStages({ ...before, lifecycle: [...before.lifecycle, ...after.lifecycle] });
  return plan.signals.length + plan.tracks.length <= MOST_TOGETHER ? plan : null;
}

/** What makes an event what the rules speak of. */
function wordsOf({ stages, orderEvents, returnEvents }: JourneyMap): string {
  return JSON.stringify([stages.map(({ key, events }) => [key, events]), orderEvents, returnEvents]);
}

function together(plan: StagePlan, { before }: MapPair, atMs: number, scope: StageScope): Sql {
  const marks = marksOf(plan);
  const told = fromMarks(plan, marks, (mark) => markAt(mark, 0));
  const count = before.lifecycle.length;
  const first = { ...plan, stages: plan.stages.slice(0, count) };
  const second = { ...plan, stages: plan.stages.slice(count) };
  return sql`SELECT customer_key, toUInt8(${stageNumber(first, told)}) AS stage_before, toUInt8(${stageNumber(second, told)}) AS stage_after
FROM (
${marksAt(plan, [atMs], everybody, scope)}
) WHERE first_at <= ${param.int64(atMs)}`;
}

function apart({ before, after }: MapPair, atMs: number, scope: StageScope): Sql {
  const under = (map: JourneyMap): Sql => {
    const vocabulary = { ...scope.vocabulary, ...vocabularyOf(map) };
    return stagesAt(map, [atMs], everybody, { ...scope, vocabulary });
  };
  return sql`SELECT customer_key, max(one) AS stage_before, max(other) AS stage_after
FROM (
SELECT customer_key, stage_0 AS one, toUInt8(0) AS other FROM (${under(before)})
UNION ALL
SELECT customer_key, toUInt8(0), stage_0 FROM (${under(after)})
)
GROUP BY customer_key HAVING stage_before > ${int(0)} AND stage_after > ${int(0)}`;
}
