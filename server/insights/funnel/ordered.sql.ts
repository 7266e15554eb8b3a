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
import { windowEnd } from './window.sql.ts';

/** `keys`, `grade` (higher is further), `step_1` ... `step_n`: times of the best attempt, zero where it did not get. */
export function compileOrdered(moments: Sql, plan: MatchPlan): Sql {
  const { keys, query } = plan;
  const steps = query.steps.map((_, k) => k + 1);
  const all = allReach(query);
  const arrays = unpacked(moments, keys, query);
  const reached = steps.reduce((from, k) => {
    const before = steps.slice(0, k - 1).map((j) => sql`${reach(j)}, `);
    return sql`SELECT ${keys}, times, masks, ${join(before, sql``)}${passed(k, query)} AS ${reach(k)}\nFROM (${from})`;
  }, arrays);
  const level = join(
    steps.map((k) => sql`(${reach(k)}[-1] > 0)`),
    sql` + `,
  );
  const furthest = sql`SELECT ${keys}, times, ${all}, ${level} AS level\nFROM (${reached})`;
  const started = hasSharedEvents(query.steps, plan.vocabulary)
    ? latestStart(furthest, plan)
    : sql`SELECT ${keys}, times, ${all}, level, ${ofLevel(query, (r) => sql`arrayFirst(v -> v > 0, ${r})`)} AS start\nFROM (${furthest})`;
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

/** One event serves one step: what step k builds on is what held one moment before. */
function passed(k: number, query: FunnelQuery): Sql {
  if (k === 1) return sql`arrayFill(v -> v > 0, arrayMap((m, t) -> if(bitTest(m, 0), t, 0), masks, times))`;
  const taken = sql`bitTest(m, ${int(k - 1)}) AND s > 0 AND t <= ${windowEnd(sql`s`, query)}`;
  const before = sql`arrayPopBack(arrayPushFront(${reach(k - 1)}, toUInt64(0)))`;
  return sql`arrayFill(v -> v > 0, arrayMap((m, t, s) -> if(${taken}, s, 0), masks, times, ${before}))`;
}

/** A value taken from the array of the furthest step reached; zero where not even the first was. */
function ofLevel(query: FunnelQuery, value: (reach: Sql) => Sql): Sql {
  const cases = query.steps.map((_, k) => sql`level = ${int(k + 1)}, ${value(reach(k + 1))}`).reverse();
  return sql`multiIf(${join(cases, sql`, `)}, toUInt64(0))`;
}

/** Where steps share events, two attempts can end by two events of one instant: the later start is the best. */
function latestStart(furthest: Sql, { keys, query }: MatchPlan): Sql {
  const all = allReach(query);
  const finish = ofLevel(query, (r) => sql`times[arrayFirstIndex(v -> v > 0, ${r})]`);
  const finished = sql`SELECT ${keys}, times, ${all}, level, ${finish} AS finish\nFROM (${furthest})`;
  const ending = sql`SELECT ${keys}, times, ${all}, level, arrayLastIndex(t -> t = finish, times) AS ending\nFROM (${finished})`;
  return sql`SELECT ${keys}, times, ${all}, level, ${ofLevel(query, (r) => sql`${r}[ending]`)} AS start\nFROM (${ending})`;
}
