/**
 * The funnel's statements: the summary over all customers, and who reached or left a step. All read the one
 * relation of matcher.sql.ts; rates are left to funnel.result.ts.
 */
import { keysNeeded } from '../../query/breakdown.ts';
import type { CompileScope } from '../../query/events.ts';
import { readsOf } from '../../query/reads.ts';
import { int, join, name, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { keyOfCode, namesOfCodes } from './codes.sql.ts';
import { keptFunnel } from './funnel.kept.ts';
import type { FunnelBreakdown, FunnelQuery } from './funnel.query.ts';
import type { FunnelRow } from './funnel.rows.ts';
import type { FunnelGroup } from './groups.sql.ts';
import { compileMatched, compileMatchedByValue } from './matcher.sql.ts';

/** The summary over all customers, or over those of one group of the breakdown. */
export function compileFunnel(
  query: FunnelQuery,
  scope: CompileScope,
  group: FunnelGroup | null = null,
): SqlQuery<FunnelRow> {
  return {
    name: 'funnel',
    reads: readsOf(query.range, query.audience, scope),
    sql: sql`SELECT ${summary(query)}\nFROM (${compileMatched(query, scope, group)})`,
    kept: group ? undefined : keptFunnel(query, scope),
  };
}

export interface FunnelGroupRow extends FunnelRow {
  /** Key of a BreakdownGroup. */
  readonly value: string;
}

/** The summary per value of the breakdown, largest first; as many as are needed to choose the groups. */
export function compileBreakdown(
  query: FunnelQuery,
  breakdown: FunnelBreakdown,
  scope: CompileScope,
): SqlQuery<FunnelGroupRow> {
  const counted = sql`SELECT value AS code, count() AS size, ${summary(query)}\nFROM (${compileMatchedByValue(query, breakdown, scope)}) GROUP BY value`;
  return {
    name: 'funnel_breakdown',
    reads: readsOf(query.range, query.audience, scope),
    sql: sql`SELECT ${keyOfCode(breakdown)} AS value, customers, dropped, average, quantiles, median_total
FROM (${counted}) AS counted LEFT ANY JOIN (${namesOfCodes(query, breakdown, scope)}) AS named USING (code)
ORDER BY size DESC, value LIMIT ${int(keysNeeded(breakdown))}`,
  };
}

function summary(query: FunnelQuery): Sql {
  const steps = query.steps.map((_, k) => name('step', k + 1));
  const later = steps.slice(1);
  const gap = (step: Sql, i: number): Sql => sql`${step} - ${timeBefore(query, i + 1)}, ${step} > 0`;
  const reached = list(steps.map((step) => sql`countIf(${step} > 0)`));
  // Not AND: ClickHouse's analysis goes through the whole statement again for each AND out here.
  const dropped = list(steps.map((step, i) => sql`countIf(bitAnd(${before(i)}, ${step} = 0))`));
  const average = list(later.map((step, i) => sql`avgIf(${gap(step, i)})`));
  const quantiles = list(later.map((step, i) => sql`quantilesExactInclusiveIf(0.5, 0.9)(${gap(step, i)})`));
  const last = name('step', query.steps.length);
  return sql`${reached} AS customers, ${dropped} AS dropped, ${average} AS average, ${quantiles} AS quantiles, quantileExactInclusiveIf(0.5)(${last} - step_1, ${last} > 0) AS median_total`;
}

function list(parts: readonly Sql[]): Sql {
  return sql`[${join(parts, sql`, `)}]`;
}

/** When the last step before step `index` was taken: steps that may be skipped may have no time. */
function timeBefore(query: FunnelQuery, index: number): Sql {
  const earlier = query.steps.slice(0, index);
  const required = earlier.findLastIndex((step) => !step.isOptional);
  const times = earlier.flatMap((_, k) => (k < required ? [] : [name('step', k + 1)]));
  return times.length === 1 ? (times[0] ?? int(0)) : sql`greatest(${join(times, sql`, `)})`;
}

/** One step (0-based) of a funnel, or of one group of its breakdown. */
export interface StepOfFunnel {
  readonly query: FunnelQuery;
  readonly group: FunnelGroup | null;
  readonly index: number;
}

/** `SELECT customer_key`: who reached the step. */
export function compileReached({ query, group, index }: StepOfFunnel, scope: CompileScope): Sql {
  return sql`SELECT customer_key\nFROM (${compileMatched(query, scope, group)}) WHERE ${name('step', index + 1)} > 0`;
}

/** `SELECT customer_key`: who reached the step before and not this one; nobody for the first. */
export function compileDropped({ query, group, index }: StepOfFunnel, scope: CompileScope): Sql {
  return sql`SELECT customer_key\nFROM (${compileMatched(query, scope, group)}) WHERE ${before(index)} AND ${name('step', index + 1)} = 0`;
}

/** Reached the step before step `index`. */
function before(index: number): Sql {
  return index === 0 ? sql`0` : sql`${name('step', index)} > 0`;
}
