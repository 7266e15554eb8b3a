/**
 * The matcher: one relation with a row per customer who took the first step, and the times of the best
 * attempt. Everything a funnel tells (counts, times, people) is read from this one relation.
 */
import type { CompileScope } from '../../query/events.ts';
import { join, name, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { compileAnyOrderOverlap, compileAnyOrderOverlapAttempts } from './any-order-overlap.sql.ts';
import { compileAnyOrder, compileAnyOrderAttempts } from './any-order.sql.ts';
import type { FunnelQuery } from './funnel.query.ts';
import { compileMoments, hasBarriers } from './moments.sql.ts';
import { compileBestAttempt } from './attempts.sql.ts';
import { compileOrderedAttempts } from './ordered-attempts.sql.ts';
import { compileOrdered } from './ordered.sql.ts';
import { hasPartialOverlap, tiesNeedOrders } from './overlap.ts';
import type { MatchPlan } from './plan.ts';
import { compileStrictAttempts } from './strict.sql.ts';
import { compileBestRow, compileOrders } from './ties.sql.ts';

/**
 * `SELECT customer_key, step_1, ..., step_n`: milliseconds since the range's start plus one at which the best
 * attempt took each step; zero where it did not. In any order, step k is the k-th step done.
 */
export function compileMatched(query: FunnelQuery, scope: CompileScope): Sql {
  const plan: MatchPlan = { query, vocabulary: scope.vocabulary, keys: sql`customer_key`, hasStarts: false };
  const moments = compileMoments(query, scope);
  if (query.order === 'ANY') {
    return hasPartialOverlap(query.steps, scope.vocabulary)
      ? compileAnyOrderOverlap(moments, plan)
      : compileAnyOrder(moments, plan);
  }
  const matched = compileBest(moments, plan);
  const steps = join(
    query.steps.map((_, k) => name('step', k + 1)),
    sql`, `,
  );
  // Whoever got furthest only by attempts that an exclusion hit is in no step.
  const isClean = hasBarriers(query) ? sql` WHERE bitTest(grade, 1)` : sql``;
  return sql`SELECT ${plan.keys}, ${steps} FROM (${matched})${isClean}`;
}

/** `keys`, `grade`, `step_1` ... `step_n`: the best attempt over all orders of events at equal times. */
function compileBest(moments: Sql, plan: MatchPlan): Sql {
  const match = matcherOf(plan.query);
  return needsOrders(plan)
    ? compileBestRow(match(compileOrders(moments, plan), plan), plan)
    : match(moments, plan);
}

function needsOrders({ query, vocabulary }: MatchPlan): boolean {
  return query.order === 'STRICT' || tiesNeedOrders(query.steps, vocabulary);
}

function matcherOf(query: FunnelQuery): (moments: Sql, plan: MatchPlan) => Sql {
  if (query.order === 'STRICT')
    return (moments, plan) => compileBestAttempt(compileStrictAttempts(moments, plan), plan);
  // The forward pass is the fastest; it keeps the newest start only, which exclusions and skips do not allow.
  const isPlain = !hasBarriers(query) && query.steps.every((step) => !step.isOptional);
  if (isPlain) return compileOrdered;
  return (moments, plan) => compileBestAttempt(compileOrderedAttempts(moments, plan), plan);
}

/**
 * `SELECT customer_key, at_1, grade`: every attempt of a customer at one place of two arrays, when it started
 * and how far it got (see attempts.sql.ts).
 */
export function compileAttempts(query: FunnelQuery, scope: CompileScope): Sql {
  const plan: MatchPlan = { query, vocabulary: scope.vocabulary, keys: sql`customer_key`, hasStarts: false };
  const moments = compileMoments(query, scope);
  if (query.order === 'ANY') {
    return hasPartialOverlap(query.steps, scope.vocabulary)
      ? compileAnyOrderOverlapAttempts(moments, plan)
      : compileAnyOrderAttempts(moments, plan);
  }
  const attempts = query.order === 'STRICT' ? compileStrictAttempts : compileOrderedAttempts;
  if (!needsOrders(plan)) return attempts(moments, plan);
  return sql`SELECT customer_key, groupArrayArray(at_1) AS at_1, groupArrayArray(grade) AS grade FROM (${attempts(compileOrders(moments, plan), plan)}) GROUP BY customer_key`;
}
