/**
 * The matcher: one relation with a row per customer who took the first step, and the times of the best
 * attempt. Everything a funnel tells (counts, times, people) is read from this one relation.
 */
import type { CompileScope } from '../../query/events.ts';
import { sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { compileAnyOrderOverlap } from './any-order-overlap.sql.ts';
import { compileAnyOrder } from './any-order.sql.ts';
import type { FunnelQuery } from './funnel.query.ts';
import { compileMoments } from './moments.sql.ts';
import { compileOrdered } from './ordered.sql.ts';
import { hasPartialOverlap, tiesNeedOrders } from './overlap.ts';
import type { MatchPlan } from './plan.ts';
import { compileStrict } from './strict.sql.ts';
import { compileBestRow, compileOrders } from './ties.sql.ts';

/**
 * `SELECT customer_key, step_1, ..., step_n`: milliseconds since the range's start plus one at which the best
 * attempt took each step; zero where it did not. In any order, step k is the k-th step done.
 */
export function compileMatched(query: FunnelQuery, scope: CompileScope): Sql {
  const plan: MatchPlan = { query, vocabulary: scope.vocabulary, keys: sql`customer_key` };
  const moments = compileMoments(query, scope);
  if (query.order === 'ANY') {
    return hasPartialOverlap(query.steps, scope.vocabulary)
      ? compileAnyOrderOverlap(moments, plan)
      : compileAnyOrder(moments, plan);
  }
  const match = query.order === 'STRICT' ? compileStrict : compileOrdered;
  const needsOrders = query.order === 'STRICT' || tiesNeedOrders(query.steps, scope.vocabulary);
  return needsOrders ? compileBestRow(match(compileOrders(moments, plan), plan), plan) : match(moments, plan);
}
