/**
 * The best of a customer's attempts. Each attempt stands at one place of several arrays: `at_k` holds the time
 * at which it took step k, zero where it did not; `grade` orders attempts by how far they got:
 *
 *   4 * furthest step + 2 if clean + 1 if an exclusion hit it and it went on
 *
 * so that a clean attempt is better than one that was hit and got equally far. A customer whose best grade is
 * not clean is in no step at all.
 */
import { int, join, name, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { NEVER } from './moments.sql.ts';
import { hasSharedEvents } from './overlap.ts';
import type { MatchPlan } from './plan.ts';
import type { FunnelQuery } from './funnel.query.ts';

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

/** Lambda arguments that stand for one attempt's times. */
export function attemptTimes(query: FunnelQuery): readonly Sql[] {
  return query.steps.map((_, k) => name('t', k + 1));
}

/** The grade of an attempt whose reach is that of its last step with a time. */
export function cleanGrade(times: readonly Sql[]): Sql {
  const cases = times.map((time, k) => sql`${time} > 0, ${int(4 * (k + 1) + 2)}`).reverse();
  return sql`multiIf(${join(cases, sql`, `)}, 0)`;
}

/**
 * `keys`, `grade`, `step_1` ... `step_n` from rows of `keys`, `at_1` ... `at_n`, `grade`: of the attempts of
 * the best grade those that got there first, of those the longest, of those the latest start. Passes over
 * numbers only: comparing tuples costs four times as much.
 */
export function compileBestAttempt(attempts: Sql, plan: MatchPlan): Sql {
  const { keys, query } = plan;
  const all = allAt(query);
  const list = join(attemptTimes(query), sql`, `);
  // Only optional steps can make one attempt longer than another that reaches as far.
  const hasOptional = query.steps.some((step) => step.isOptional);
  const taken = join(
    attemptTimes(query).map((t) => sql`(${t} > 0)`),
    sql` + `,
  );
  const length = hasOptional ? sql`arrayMap((${list}) -> ${taken}, ${all})` : sql`grade`;
  const graded = sql`SELECT ${keys}, ${all}, grade, arrayMap((${list}) -> greatest(${list}, 0), ${all}) AS finish, ${length} AS taken, arrayMax(grade) AS top\nFROM (${attempts})`;
  const timed = sql`SELECT ${keys}, ${all}, grade, finish, taken, top, arrayMin(arrayMap((g, f) -> if(g = top, f, ${NEVER}), grade, finish)) AS soonest\nFROM (${graded})`;
  const longest = sql`SELECT ${keys}, ${all}, grade, finish, taken, top, soonest, arrayMax(arrayMap((g, f, n) -> if(g = top AND f = soonest, n, 0), grade, finish, taken)) AS most\nFROM (${timed})`;
  const isBest = sql`g = top AND f = soonest AND n = most`;
  const lastBest = sql`arrayLastIndex((g, f, n) -> ${isBest}, grade, finish, taken)`;
  const placed = mayShareEnds(plan)
    ? firstOfInstant(
        sql`SELECT ${keys}, ${all}, grade, finish, taken, top, soonest, most, at_1[${lastBest}] AS latest\nFROM (${longest})`,
      )
    : sql`SELECT ${keys}, ${all}, top, ${lastBest} AS best\nFROM (${longest})`;

  /** Of two attempts that start and end together the earlier has the earlier times. */
  function firstOfInstant(rows: Sql): Sql {
    return sql`SELECT ${keys}, ${all}, top, arrayFirstIndex((g, f, n, a) -> ${isBest} AND a = latest, grade, finish, taken, at_1) AS best\nFROM (${rows})`;
  }
  const columns = query.steps.map((_, k) => sql`${at(k + 1)}[best] AS ${name('step', k + 1)}`);
  return sql`SELECT ${keys}, top AS grade, ${join(columns, sql`, `)}\nFROM (${placed})`;
}

/** Where steps share events, and in strict order, two attempts may start and end together. */
function mayShareEnds({ query, vocabulary }: MatchPlan): boolean {
  return query.order === 'STRICT' || hasSharedEvents(query.steps, vocabulary);
}

/** One place (or more) later, zeros at the end: what is known strictly after each moment. */
export function shiftedBack(array: Sql, places = 1): Sql {
  return sql`arrayResize(arraySlice(${array}, ${int(places + 1)}), length(${array}), 0)`;
}
