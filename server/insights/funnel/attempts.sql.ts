/**
 * The best of a customer's attempts, where each attempt stands at one place of several arrays: `at_k` holds
 * the time at which each attempt took step k, zero where it did not.
 */
import { int, join, name, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { FunnelQuery } from './funnel.query.ts';
import type { MatchPlan } from './plan.ts';
import { NEVER } from './moments.sql.ts';

export function at(k: number): Sql {
  return name('at', k);
}

/** `at_1, ..., at_n`. */
export function allAt(query: FunnelQuery): Sql {
  return join(
    query.steps.map((_, k) => at(k + 1)),
    sql`, `,
  );
}

/**
 * Of attempts that take their steps one after the other: the furthest, of those the first to get there, of
 * those the latest start. Passes over numbers only: comparing tuples costs four times as much.
 */
export function compileBestAttempt(attempts: Sql, plan: MatchPlan): Sql {
  const { keys, query } = plan;
  const all = allAt(query);
  const names = query.steps.map((_, k) => name('t', k + 1));
  const list = join(names, sql`, `);
  const taken = join(
    names.map((t) => sql`(${t} > 0)`),
    sql` + `,
  );
  const last = sql`greatest(${list}, 0)`;
  const graded = sql`SELECT ${keys}, ${all}, arrayMap((${list}) -> ${taken}, ${all}) AS reach, arrayMap((${list}) -> ${last}, ${all}) AS finish FROM (${attempts}) WHERE notEmpty(at_1)`;
  const topped = sql`SELECT ${keys}, ${all}, reach, finish, arrayMax(reach) AS top FROM (${graded})`;
  const timed = sql`SELECT ${keys}, ${all}, reach, finish, top, arrayMin(arrayMap((r, f) -> if(r = top, f, ${NEVER}), reach, finish)) AS soonest FROM (${topped})`;
  const placed = sql`SELECT ${keys}, ${all}, arrayLastIndex((r, f) -> r = top AND f = soonest, reach, finish) AS best FROM (${timed})`;
  const columns = query.steps.map((_, k) => sql`${at(k + 1)}[best] AS ${name('step', k + 1)}`);
  return sql`SELECT ${keys}, ${join(columns, sql`, `)} FROM (${placed})`;
}

/** One place later, zero at the end: what is known strictly after each moment. Not for empty arrays. */
export function shiftedBack(array: Sql, places = 1): Sql {
  return sql`arrayResize(arraySlice(${array}, ${int(places + 1)}), length(${array}), 0)`;
}
