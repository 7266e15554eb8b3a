/**
 * Ordered steps, other events between them ignored: one forward pass per step over a customer's moments.
 * `reach_k` holds, at each moment, the start of the newest attempt that has taken step k by then. The first
 * moment where the furthest step is set is where a customer gets there first; its value is the latest start
 * that shares that event. That start appears in every earlier `reach_k` first at the very event which took
 * step k, so that one look-up per step gives the times of the best attempt.
 */
import { int, join, name, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { FunnelQuery } from './funnel.query.ts';
import type { MatchPlan } from './plan.ts';
import { unpacked } from './moments.sql.ts';
import { hasSharedEvents } from './overlap.ts';
import { isWithin } from './window.sql.ts';

/** `keys`, `grade` (higher is further), `step_1` ... `step_n`: times of the best attempt, zero where it did not get. */
export function compileOrdered(moments: Sql, plan: MatchPlan): Sql {
  const { keys, query } = plan;
  const steps = query.steps.map((_, k) => k + 1);
  const all = allReach(query);
  const arrays = unpacked(moments, keys, query);
  const reached = steps.reduce((from, k) => {
    const before = steps.slice(0, k - 1).map((j) => sql`${reach(j)}, `);
    return sql`SELECT ${keys}, times, masks, ${join(before, sql``)}${passed(k, plan)} AS ${reach(k)}\nFROM (${from})`;
  }, arrays);
  const level = join(
    steps.map((k) => sql`(${reach(k)}[-1] > 0)`),
    sql` + `,
  );
  const furthest = sql`SELECT ${keys}, times, ${all}, ${level} AS level\nFROM (${reached})`;
  const started = hasSharedEvents(query.steps, plan.vocabulary)
    ? latestStart(furthest, plan)
    : sql`SELECT ${keys}, times, ${all}, level, arrayFirst(v -> v > 0, ${ofLevel(query)}) AS start\nFROM (${furthest})`;
  const taken = steps
    .slice(1)
    .map((k) => sql`, if(level >= ${int(k)}, times[indexOf(${reach(k)}, start)], 0) AS ${name('step', k)}`);
  return sql`SELECT ${keys}, level AS grade, start AS step_1${join(taken, sql``)}\nFROM (${started})`;
}

function reach(k: number): Sql {
  return name('reach', k);
}

function allReach(query: FunnelQuery): Sql {
  return join(
    query.steps.map((_, k) => reach(k + 1)),
    sql`, `,
  );
}

/**
 * What step k builds on is what held one moment before, since one event serves one step; where no event can
 * serve two, what holds at the moment itself is the same. Written as products of 0 and 1: conditions would be
 * evaluated row by row.
 */
function passed(k: number, { query, vocabulary }: MatchPlan): Sql {
  const taken = sql`bitTest(m, ${int(k - 1)})`;
  if (k === 1) return sql`arrayFill(v -> v > 0, arrayMap((m, t) -> t * ${taken}, masks, times))`;
  const isShared = hasSharedEvents(query.steps, vocabulary);
  const before = isShared ? sql`arrayPopBack(arrayPushFront(${reach(k - 1)}, toUInt64(0)))` : reach(k - 1);
  return sql`arrayFill(v -> v > 0, arrayMap((m, t, s) -> s * ${taken} * (${isWithin(sql`t`, sql`s`, query)}), masks, times, ${before}))`;
}

/** The array of the furthest step reached; of the first where not even that was. */
function ofLevel(query: FunnelQuery): Sql {
  const cases = query.steps.slice(1).map((_, i) => sql`level = ${int(i + 2)}, ${reach(i + 2)}`);
  return cases.length === 0 ? reach(1) : sql`multiIf(${join([...cases.reverse(), reach(1)], sql`, `)})`;
}

/** Where steps share events, two attempts can end by two events of one instant: the later start is the best. */
function latestStart(furthest: Sql, { keys, query }: MatchPlan): Sql {
  const all = allReach(query);
  const finish = sql`times[arrayFirstIndex(v -> v > 0, ${ofLevel(query)})]`;
  const finished = sql`SELECT ${keys}, times, ${all}, level, ${finish} AS finish\nFROM (${furthest})`;
  const ending = sql`SELECT ${keys}, times, ${all}, level, arrayLastIndex(t -> t = finish, times) AS ending\nFROM (${finished})`;
  return sql`SELECT ${keys}, times, ${all}, level, ${ofLevel(query)}[ending] AS start\nFROM (${ending})`;
}
