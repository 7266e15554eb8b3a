/** Conditions of rules as SQL of 0 and 1, whatever their told are read from. */
import { int, join, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import type { Condition, StagePlan } from './conditions.ts';

/** A condition that is read as it is, as 0 or 1; null for one that is put together of its parts. */
export type Told = (condition: Condition) => Sql | null;

/** The conditions of all stages, in order; each 0 or 1. */
export function stageConditions(plan: StagePlan, told: Told): readonly Sql[] {
  return plan.stages.map(({ condition }) => conditionSql(condition, told));
}

/**
 * The number of the stage, of the first whose condition holds, told from columns. Where those are made of arrays,
 * multiIf would make them row by row, since it evaluates only what it needs.
 */
export function stageNumber(plan: StagePlan, told: Told): Sql {
  return sql`indexOf([${join(stageConditions(plan, told), sql`, `)}], 1)`;
}

/** The same, told at one entry of an array: there it is multiIf that costs less. */
export function stageNumberAtEntry(plan: StagePlan, told: Told): Sql {
  const branches = stageConditions(plan, told).map((condition, i) => sql`${condition}, ${int(i + 1)}`);
  return sql`multiIf(${join(branches, sql`, `)}, 0)`;
}

/**
 * Written without AND and OR: those evaluate only what they need, row by row, which takes twice the time of
 * evaluating everything.
 */
export function conditionSql(condition: Condition, told: Told): Sql {
  const read = told(condition);
  if (read) return read;
  switch (condition.kind) {
    case 'all':
      return together(sql`least`, condition.parts, told);
    case 'any':
      return together(sql`greatest`, condition.parts, told);
    case 'not':
      return sql`NOT ${conditionSql(condition.part, told)}`;
    case 'track':
    case 'trait':
    case 'before':
      throw new Error(`A condition that nothing tells: ${condition.kind}.`);
  }
}

function together(combine: Sql, parts: readonly Condition[], told: Told): Sql {
  const [only, ...more] = parts.map((part) => conditionSql(part, told));
  if (!only) return sql`1`;
  return more.length === 0 ? only : sql`${combine}(${join([only, ...more], sql`, `)})`;
}
