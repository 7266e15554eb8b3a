/**
 * Ordered steps, other events between them ignored: one forward pass per step over a customer's moments.
 * `reach_k` holds, at each of `moments_k`, the start of the newest attempt that has taken step k by then. The first
 * moment where the furthest step is set is where a customer gets there first; its value is the latest start
 * that shares that event. That start appears in every earlier `reach_k` first at the very event which took
 * step k, so that one look-up per step gives the times of the best attempt.
 *
 * `moments_k` are those that may serve step k or a later one, and of them only what follows step k - 1: each pass
 * is over less than the one before.
 */
import { int, join, name, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { FunnelQuery } from './funnel.query.ts';
import type { MatchPlan } from './plan.ts';
import { timeOf } from './moments.sql.ts';
import { hasSharedEvents } from './overlap.ts';
import { isWithin } from './window.sql.ts';

/** `keys`, `grade` (higher is further), `step_1` ... `step_n`: times of the best attempt, zero where it did not get. */
export function compileOrdered(moments: Sql, plan: MatchPlan): Sql {
  const { keys, query } = plan;
  const steps = query.steps.map((_, k) => k + 1);
  const all = allPasses(steps);
  const reached = steps.reduce(
    (from, k) => sql`SELECT ${keys}${allPasses(steps.slice(0, k - 1))}${passed(k, plan)}\nFROM (${from})`,
    sql`SELECT ${keys}, moments AS moments_1\nFROM (${moments})`,
  );
  const level = join(
    steps.map((k) => sql`(${reach(k)}[-1] > 0)`),
    sql` + `,
  );
  const furthest = sql`SELECT ${keys}${all}, ${level} AS level\nFROM (${reached})`;
  const started = hasSharedEvents(query.steps, plan.vocabulary)
    ? latestStart(furthest, plan)
    : sql`SELECT ${keys}${all}, level, arrayFirst(v -> v > 0, ${ofLevel(reach, query)}) AS start\nFROM (${furthest})`;
  const taken = steps.slice(1).map((k) => {
    const time = timeOf(sql`${momentsOf(k)}[indexOf(${reach(k)}, start)]`, query);
    return sql`, if(level >= ${int(k)}, ${time}, 0) AS ${name('step', k)}`;
  });
  return sql`SELECT ${keys}, level AS grade, start AS step_1${join(taken, sql``)}\nFROM (${started})`;
}

function reach(k: number): Sql {
  return name('reach', k);
}

function momentsOf(k: number): Sql {
  return name('moments', k);
}

/** `, moments_1, reach_1, ...` */
function allPasses(steps: readonly number[]): Sql {
  return join(
    steps.map((k) => sql`, ${momentsOf(k)}, ${reach(k)}`),
    sql``,
  );
}

/**
 * What step k builds on is what held one moment before, since one event serves one step; where no event can
 * serve two, what holds at the moment itself is the same. Written as products of 0 and 1: conditions would be
 * evaluated row by row.
 */
function passed(k: number, { query, vocabulary }: MatchPlan): Sql {
  const taken = sql`bitTest(p, ${int(k - 1)})`;
  const time = timeOf(sql`p`, query);
  if (k === 1)
    return sql`, moments_1, arrayFill(v -> v > 0, arrayMap(p -> ${time} * ${taken}, moments_1)) AS reach_1`;
  const isShared = hasSharedEvents(query.steps, vocabulary);
  const before = isShared ? sql`arrayPopBack(arrayPushFront(${reach(k - 1)}, toUInt64(0)))` : reach(k - 1);
  const mayFollow = sql`bitAnd(bitAnd(p, ${int(2 ** query.steps.length - 1)}) >= ${int(2 ** (k - 1))}, s > 0)`;
  return sql`, arrayMap((p, s) -> ${mayFollow}, ${momentsOf(k - 1)}, ${before} AS before) AS follows,
  arrayFilter((p, f) -> f, ${momentsOf(k - 1)}, follows) AS ${momentsOf(k)},
  arrayFill(v -> v > 0, arrayMap((p, s) -> s * ${taken} * (${isWithin(time, sql`s`, query)}), ${momentsOf(k)}, arrayFilter((s, f) -> f, before, follows))) AS ${reach(k)}`;
}

/** Of the arrays of a kind, that of the furthest step reached; of the first where not even that was. */
function ofLevel(kind: (k: number) => Sql, query: FunnelQuery): Sql {
  const cases = query.steps.slice(1).map((_, i) => sql`level = ${int(i + 2)}, ${kind(i + 2)}`);
  return cases.length === 0 ? kind(1) : sql`multiIf(${join([...cases.reverse(), kind(1)], sql`, `)})`;
}

/** Where steps share events, two attempts can end by two events of one instant: the later start is the best. */
function latestStart(furthest: Sql, { keys, query }: MatchPlan): Sql {
  const all = allPasses(query.steps.map((_, k) => k + 1));
  const ends = sql`SELECT ${keys}${all}, level, arrayMap(p -> ${timeOf(sql`p`, query)}, ${ofLevel(momentsOf, query)}) AS ends, ${ofLevel(reach, query)} AS starts\nFROM (${furthest})`;
  const finished = sql`SELECT ${keys}${all}, level, ends, starts, ends[arrayFirstIndex(v -> v > 0, starts)] AS finish\nFROM (${ends})`;
  return sql`SELECT ${keys}${all}, level, starts[arrayLastIndex(t -> t = finish, ends)] AS start\nFROM (${finished})`;
}
