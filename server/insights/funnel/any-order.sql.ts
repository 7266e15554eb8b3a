/**
 * Any order: an attempt may start with any step's event and collects, inside the window, the earliest event
 * for each step. At every moment `next_i` holds the next event that could serve (a step repeated j times looks
 * j events ahead); the steps done are those inside the window. The first moment with most steps is the best
 * attempt. Where one event may serve several different steps, see any-order-overlap.sql.ts.
 */
import { int, join, name, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { shiftedBack } from './attempts.sql.ts';
import type { MatchPlan } from './plan.ts';
import type { FunnelQuery } from './funnel.query.ts';
import { hasBarriers, NEVER, unpacked } from './moments.sql.ts';
import { classesOf } from './overlap.ts';
import { windowEnd } from './window.sql.ts';

/** `keys`, `grade`, `step_1` ... `step_n`: the times of the best attempt in their order, zero where fewer. */
export function compileAnyOrder(moments: Sql, plan: MatchPlan): Sql {
  const { keys, query } = plan;
  const list = allNext(query);
  const counted = sql`SELECT ${keys}, ends, ${list}, reach, arrayMax(reach) AS top\nFROM (${countSteps(moments, plan)})`;
  const placed = sql`SELECT ${keys}, ends, ${list}, indexOf(reach, top) AS best\nFROM (${counted}) WHERE top > 0`;
  const candidates = join(
    query.steps.map((_, k) => sql`${next(k)}[best]`),
    sql`, `,
  );
  const ended = sql`SELECT ${keys}, ends[best] AS end, [${candidates}] AS candidates\nFROM (${placed})`;
  return takenInOrder(
    sql`SELECT ${keys}, arraySort(arrayFilter(v -> v > 0 AND v <= end, candidates)) AS taken\nFROM (${ended})`,
    plan,
  );
}

/** `keys`, `at_1`, `grade`: one place per attempt. */
export function compileAnyOrderAttempts(moments: Sql, plan: MatchPlan): Sql {
  return startsOf(countSteps(moments, plan), plan);
}

/** At each moment, how many steps an attempt that starts there takes: `keys`, `times`, `ends`, `next_1` ..., `reach`. */
function countSteps(moments: Sql, plan: MatchPlan): Sql {
  const { keys, query } = plan;
  const list = allNext(query);
  const withBarriers = hasBarriers(query);
  const ahead = lookAhead(unpacked(moments, keys, query, startsColumn(plan)), plan);
  const stops = withBarriers ? sql`${nextStops} AS stops, ` : sql``;
  const bounded = sql`SELECT ${keys}, ${startsColumn(plan)}times, masks, ${stops}arrayMap(t -> ${windowEnd(sql`t`, query)}, times) AS ends, ${list}\nFROM (${ahead})`;
  const inside = query.steps.map((_, k) => name('n', k + 1));
  const done = join(
    inside.map((n) => sql`(${n} > 0 AND ${n} <= e)`),
    sql` + `,
  );
  const lastDone = sql`greatest(${join(inside, sql`, `)}, 0)`;
  const isDoneBefore = sql`${done} = ${int(inside.length)} AND ${lastDone} <= b`;
  const arguments_ = join(inside, sql`, `);
  const reach = withBarriers
    ? sql`arrayMap((e, b, m, ${arguments_}) -> if(${isVoid(isDoneBefore)}, 0, ${done}), ends, stops, masks, ${list})`
    : sql`arrayMap((e, ${arguments_}) -> ${done}, ends, ${list})`;
  return sql`SELECT ${keys}, times, ends, ${list}, ${fromStarts(reach, plan)} AS reach\nFROM (${bounded})`;
}

function next(k: number): Sql {
  return name('next', k + 1);
}

function allNext(query: FunnelQuery): Sql {
  return join(
    query.steps.map((_, k) => next(k)),
    sql`, `,
  );
}

/** Where only some moments may start an attempt, the column that says which. */
export function startsColumn({ hasStarts }: MatchPlan): Sql {
  return hasStarts ? sql`starts, ` : sql``;
}

/** Attempts that start where none may, take no step. */
export function fromStarts(reach: Sql, { hasStarts }: MatchPlan): Sql {
  return hasStarts ? sql`arrayMap((r, s) -> if(s, r, 0), ${reach}, starts)` : reach;
}

/** `keys`, `at_1`, `grade` from rows of `keys`, `times`, `reach`. */
export function startsOf(rows: Sql, { keys }: MatchPlan): Sql {
  return sql`SELECT ${keys}, arrayFilter((t, r) -> r > 0, times, reach) AS at_1, arrayMap(r -> 4 * r + 2, arrayFilter(r -> r > 0, reach)) AS grade\nFROM (${rows})`;
}

/** At each moment, the next barrier strictly after it. */
export const nextStops = shiftedBack(
  sql`arrayReverseFill(v -> v > 0, arrayMap((b, t) -> if(b > 0, t, 0), barriers, times))`,
);

/** No attempt starts at a barrier; and one in the window voids the attempt unless all was done before it. */
export function isVoid(isDoneBefore: Sql): Sql {
  return sql`m = 0 OR (b > 0 AND b <= e AND NOT (${isDoneBefore}))`;
}

/** `keys`, `grade`, `step_1` ... `step_n` from rows of `keys`, `taken` (times in their order). */
export function takenInOrder(rows: Sql, plan: MatchPlan): Sql {
  const { keys, query } = plan;
  const steps = query.steps.map((_, k) => sql`taken[${int(k + 1)}] AS ${name('step', k + 1)}`);
  return sql`SELECT ${keys}, 4 * length(taken) + 2 AS grade, ${join(steps, sql`, `)}\nFROM (${rows})`;
}

/** Adds `next_1` ... `next_n` to rows of `keys`, `times`, `masks`. */
function lookAhead(arrays: Sql, plan: MatchPlan): Sql {
  const { keys, query } = plan;
  const classes = classesOf(query.steps);
  const rounds = Math.max(...classes.map((list) => list.length));
  let rows = arrays;
  let known: Sql[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = known;
    const found = classes.flatMap((list) => {
      const step = list[round];
      if (step === undefined) return [];
      const next = name('next', step + 1);
      known = [...known, next];
      return [sql`${nextOf(list, round)} AS ${next}`];
    });
    rows = sql`SELECT ${keys}, ${startsColumn(plan)}times, masks, ${hasBarriers(query) ? sql`barriers, ` : sql``}${join([...before, ...found], sql`, `)}\nFROM (${rows})`;
  }
  return rows;
}

function nextOf(steps: readonly number[], round: number): Sql {
  const isOfClass = sql`bitTest(m, ${int(steps[0] ?? 0)})`;
  if (round === 0) {
    return sql`arrayReverseFill(v -> v > 0, arrayMap((m, t) -> if(${isOfClass}, t, 0), masks, times))`;
  }
  const onward = shiftedBack(name('next', (steps[round - 1] ?? 0) + 1));
  return sql`arrayReverseFill(v -> v > 0, arrayMap((m, n) -> if(${isOfClass}, if(n = 0, ${NEVER}, n), 0), masks, ${onward}))`;
}
