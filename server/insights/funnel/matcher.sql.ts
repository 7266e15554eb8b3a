/**
 * The matcher: one relation with a row per customer who took the first step, and the times of the best
 * attempt. Everything a funnel tells (counts, times, people) is read from this one relation.
 */
import type { CompileScope } from '../../query/events.ts';
import { join, name, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { compileAnyOrderOverlap, compileAnyOrderOverlapAttempts } from './any-order-overlap.sql.ts';
import { compileAnyOrder, compileAnyOrderAttempts, startsColumn } from './any-order.sql.ts';
import type { FunnelBreakdown, FunnelQuery } from './funnel.query.ts';
import { compileGroupedMoments, hasSeveralRows, inGroup } from './groups.sql.ts';
import type { FunnelGroup } from './groups.sql.ts';
import { isHeld, subjectOf } from './held.sql.ts';
import { compileMoments, hasBarriers } from './moments.sql.ts';
import { compileBestAttempt } from './attempts.sql.ts';
import { compileOrderedAttempts } from './ordered-attempts.sql.ts';
import { compileOrdered } from './ordered.sql.ts';
import { hasPartialOverlap } from './overlap.ts';
import type { MatchPlan } from './plan.ts';
import { compileStrictAttempts } from './strict.sql.ts';
import {
  compileBestRow,
  compileBestWays,
  compileSettledTies,
  hasRowPerWay,
  mayHaveTies,
} from './ties.sql.ts';

/**
 * `SELECT customer_key, step_1, ..., step_n`: milliseconds since the range's start plus one at which the best
 * attempt took each step; zero where it did not. In any order, step k is the k-th step done. With a group of
 * the breakdown: its customers only.
 */
export function compileMatched(
  query: FunnelQuery,
  scope: CompileScope,
  group: FunnelGroup | null = null,
): Sql {
  const { moments, plan } = material(query, scope, group);
  const rows = cleanRows(moments, plan, group ? sql`customer_key, value` : sql`customer_key`);
  const steps = stepColumns(query);
  const mayRepeat = group?.group.isOther && query.breakdown && hasSeveralRows(query.breakdown);
  if (!mayRepeat) return sql`SELECT customer_key, ${steps}\nFROM (${rows})`;
  const best = compileBestRow(rows, { ...plan, keys: sql`customer_key` });
  return sql`SELECT customer_key, ${steps}\nFROM (${best})`;
}

/** The same for every value of the breakdown: `SELECT customer_key, value, step_1, ..., step_n`. */
export function compileMatchedByValue(
  query: FunnelQuery,
  breakdown: FunnelBreakdown,
  scope: CompileScope,
): Sql {
  const moments = compileGroupedMoments(query, breakdown, scope);
  const plan = groupedPlan(query, breakdown, scope);
  const rows = cleanRows(moments, plan, sql`customer_key, value`);
  return sql`SELECT customer_key, value, ${stepColumns(query)}\nFROM (${rows})`;
}

/** The moments of all customers, or of those of one group. */
function material(
  query: FunnelQuery,
  scope: CompileScope,
  group: FunnelGroup | null,
): { readonly moments: Sql; readonly plan: MatchPlan } {
  if (!group || !query.breakdown) {
    const plan = { query, vocabulary: scope.vocabulary, keys: subjectOf(query), hasStarts: false };
    return { moments: compileMoments(query, scope), plan };
  }
  const plan = groupedPlan(query, query.breakdown, scope);
  const all = compileGroupedMoments(query, query.breakdown, scope);
  const columns = sql`${plan.keys}, ${startsColumn(plan)}moments`;
  return { moments: sql`SELECT ${columns}\nFROM (${all}) WHERE ${inGroup(group)}`, plan };
}

function groupedPlan(query: FunnelQuery, breakdown: FunnelBreakdown, scope: CompileScope): MatchPlan {
  const hasStarts = query.order === 'ANY' && breakdown.of === 'EVENT' && breakdown.attribution === 'STEP';
  return { query, vocabulary: scope.vocabulary, keys: sql`${subjectOf(query)}, value`, hasStarts };
}

function stepColumns(query: FunnelQuery): Sql {
  return join(
    query.steps.map((_, k) => name('step', k + 1)),
    sql`, `,
  );
}

/** `customer_key` (and `value` where there are groups), `grade`, `step_1` ... `step_n` of who is in the funnel. */
function cleanRows(moments: Sql, plan: MatchPlan, customer: Sql): Sql {
  const each = compileBest(moments, plan);
  const best = isHeld(plan.query) ? compileBestRow(each, { ...plan, keys: customer }) : each;
  // Whoever got furthest only by attempts that an exclusion hit is in no step.
  return hasBarriers(plan.query) ? sql`SELECT *\nFROM (${best}) WHERE bitTest(grade, 1)` : best;
}

/** `keys`, `grade`, `step_1` ... `step_n`: the best attempt, events at equal times in whichever order is best. */
function compileBest(moments: Sql, plan: MatchPlan): Sql {
  const { query, vocabulary } = plan;
  if (query.order === 'ANY') {
    return hasPartialOverlap(query.steps, vocabulary)
      ? compileAnyOrderOverlap(moments, plan)
      : compileAnyOrder(moments, plan);
  }
  return matcherOf(query)(settled(moments, plan), plan);
}

function settled(moments: Sql, plan: MatchPlan): Sql {
  return mayHaveTies(plan) ? compileSettledTies(moments, plan) : moments;
}

function matcherOf(query: FunnelQuery): (moments: Sql, plan: MatchPlan) => Sql {
  if (query.order === 'STRICT')
    return (moments, plan) => compileBestAttempt(compileStrictAttempts(moments, plan), plan);
  // The forward pass is the fastest; it keeps the newest start only, which exclusions and skips do not allow.
  const isPlain = !hasBarriers(query) && query.steps.every((step) => !step.isOptional);
  if (isPlain) return compileOrdered;
  return (moments, plan) => compileBestAttempt(orderedAttempts(moments, plan), plan);
}

function orderedAttempts(moments: Sql, plan: MatchPlan): Sql {
  if (!hasRowPerWay(plan)) return compileOrderedAttempts(moments, plan);
  const perWay = compileOrderedAttempts(moments, { ...plan, keys: sql`${plan.keys}, way` });
  return compileBestWays(perWay, plan);
}

/**
 * `SELECT customer_key, at_1, grade`: every attempt of a customer at one place of two arrays, when it started
 * and how far it got (see attempts.sql.ts).
 */
export function compileAttempts(
  query: FunnelQuery,
  scope: CompileScope,
  group: FunnelGroup | null = null,
): Sql {
  const { moments, plan } = material(query, scope, group);
  const attempts = attemptsOf(moments, plan);
  const isOneRow = !isHeld(query) && !(query.breakdown && hasSeveralRows(query.breakdown));
  return isOneRow
    ? sql`SELECT customer_key, at_1, grade\nFROM (${attempts})`
    : sql`SELECT customer_key, groupArrayArray(at_1) AS at_1, groupArrayArray(grade) AS grade\nFROM (${attempts}) GROUP BY customer_key`;
}

function attemptsOf(moments: Sql, plan: MatchPlan): Sql {
  const { query, vocabulary } = plan;
  if (query.order === 'ANY') {
    return hasPartialOverlap(query.steps, vocabulary)
      ? compileAnyOrderOverlapAttempts(moments, plan)
      : compileAnyOrderAttempts(moments, plan);
  }
  const attempts = query.order === 'STRICT' ? compileStrictAttempts : orderedAttempts;
  return attempts(settled(moments, plan), plan);
}
