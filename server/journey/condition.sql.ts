/** Conditions of rules as SQL of 0 and 1, whatever their told are read from. */
import { join, name, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import type { Condition, StagePlan } from './conditions.ts';

/** A condition that is read as it is, as 0 or 1; null for one that is put together of its parts. */
export type Told = (condition: Condition) => Sql | null;

/** Conditions read from columns: the value of each track, and `trait_N`. */
export function fromColumns(value: (track: number) => Sql): Told {
  return (condition) => {
    if (condition.kind === 'trait') return name('trait', condition.trait);
    if (condition.kind !== 'track') return null;
    return condition.op === 'atLeast'
      ? sql`(${value(condition.track)} >= ${param.float(condition.value)})`
      : sql`(${value(condition.track)} <= ${param.float(condition.value)})`;
  };
}

/** The conditions of all stages, in order; each 0 or 1. */
export function stageConditions(plan: StagePlan, told: Told): readonly Sql[] {
  return plan.stages.map(({ condition }) => conditionSql(condition, told));
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
