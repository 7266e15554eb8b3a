/**
 * Any order where one event may serve several different steps ("any event" beside a named one). Which step an
 * event takes then depends on what came before it, so each attempt is walked: over at most as many events of
 * each kind (set of steps matched) as the kind has steps, in their order, each taking its lowest free step.
 */
import { int, join, name, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { fromStarts, isVoid, nextStops, startsColumn, startsOf, takenInOrder } from './any-order.sql.ts';
import { shiftedBack } from './attempts.sql.ts';
import type { FunnelQuery } from './funnel.query.ts';
import type { MatchPlan } from './plan.ts';
import { hasBarriers, lowBits, unpacked } from './moments.sql.ts';
import { classesOf, kindsOf } from './overlap.ts';
import { windowEnd } from './window.sql.ts';

/** `keys`, `grade`, `step_1` ... `step_n`: the times of the best attempt in their order, zero where fewer. */
export function compileAnyOrderOverlap(moments: Sql, plan: MatchPlan): Sql {
  const { keys } = plan;
  const topped = sql`SELECT ${keys}, attempts, reach, arrayMax(reach) AS top\nFROM (${countSteps(moments, plan)})`;
  return takenInOrder(
    sql`SELECT ${keys}, attempts[indexOf(reach, top)] AS taken\nFROM (${topped}) WHERE top > 0`,
    plan,
  );
}

/** `keys`, `at_1`, `grade`: one place per attempt. */
export function compileAnyOrderOverlapAttempts(moments: Sql, plan: MatchPlan): Sql {
  return startsOf(countSteps(moments, plan), plan);
}

/** At each moment, the attempt that starts there: `keys`, `times`, `attempts` (its steps' times), `reach`. */
function countSteps(moments: Sql, plan: MatchPlan): Sql {
  const { keys, query } = plan;
  const arrays = unpacked(moments, keys, query, sql`${startsColumn(plan)}moments, `);
  const { rows, next } = lookAhead(arrays, plan);
  const list = join(next, sql`, `);
  const withBarriers = hasBarriers(query);
  const stops = withBarriers ? sql`${nextStops} AS stops, ` : sql``;
  const bounded = sql`SELECT ${keys}, ${startsColumn(plan)}times, masks, ${stops}arrayMap(t -> ${windowEnd(sql`t`, query)}, times) AS ends, ${list}\nFROM (${rows})`;
  const inside = join(
    next.map((_, i) => name('n', i + 1)),
    sql`, `,
  );
  const near = sql`arraySort(arrayFilter(v -> v > 0 AND bitShiftRight(v, ${lowBits(query)}) <= e, [${inside}]))`;
  const walked = sql`SELECT ${keys}, ${startsColumn(plan)}times, masks, ${withBarriers ? sql`stops, ` : sql``}ends, arrayMap((e, ${inside}) -> ${walk(near, query)}, ends, ${list}) AS attempts\nFROM (${bounded})`;
  const isDoneBefore = sql`length(a) = ${int(query.steps.length)} AND a[-1] <= b`;
  const reach = withBarriers
    ? sql`arrayMap((a, e, b, m) -> if(${isVoid(isDoneBefore)}, 0, length(a)), attempts, ends, stops, masks)`
    : sql`arrayMap(a -> length(a), attempts)`;
  return sql`SELECT ${keys}, times, attempts, ${fromStarts(reach, plan)} AS reach\nFROM (${walked})`;
}

function walk(events: Sql, query: FunnelQuery): Sql {
  const mask = sql`toUInt32(bitAnd(v, ${int(2 ** query.steps.length - 1)}))`;
  const free = sql`bitAnd(${mask}, bitNot(z.1))`;
  const lowest = sql`bitAnd(${free}, bitNot(${free}) + 1)`;
  const times = sql`if(${free} > 0, arrayPushBack(z.2, bitShiftRight(v, ${lowBits(query)})), z.2)`;
  const start = sql`(toUInt32(0), CAST([], 'Array(UInt64)'))`;
  return sql`arrayFold((z, v) -> (toUInt32(bitOr(z.1, ${lowest})), ${times}), ${events}, ${start}).2`;
}

/** Adds `next_1` ...: the next moments of each kind, as many as it has steps. */
function lookAhead(arrays: Sql, plan: MatchPlan): { rows: Sql; next: readonly Sql[] } {
  const { keys, query, vocabulary } = plan;
  const classes = classesOf(query.steps);
  const kinds = kindsOf(query.steps, vocabulary).map((kind) => kind.flatMap((index) => classes[index] ?? []));
  const masks = kinds.map((steps) => int(steps.reduce((mask, k) => mask + 2 ** k, 0)));
  const next: Sql[] = [];
  let last: (Sql | undefined)[] = [];
  let rows = arrays;
  for (let round = 0; kinds.some((steps) => steps.length > round); round += 1) {
    const before = [...next];
    const known = last;
    last = kinds.map((steps) => {
      if (steps.length <= round) return undefined;
      next.push(name('next', next.length + 1));
      return next.at(-1);
    });
    const found = kinds.flatMap((_, i) => {
      const column = last[i];
      return column ? [sql`${nextOf(masks[i] ?? int(0), known[i])} AS ${column}`] : [];
    });
    rows = sql`SELECT ${keys}, ${startsColumn(plan)}moments, times, masks, ${hasBarriers(query) ? sql`barriers, ` : sql``}${join([...before, ...found], sql`, `)}\nFROM (${rows})`;
  }
  return { rows, next };
}

function nextOf(mask: Sql, before: Sql | undefined): Sql {
  if (!before)
    return sql`arrayReverseFill(v -> v > 0, arrayMap((m, p) -> if(m = ${mask}, p, 0), masks, moments))`;
  return sql`arrayReverseFill(v -> v > 0, arrayMap((m, n) -> if(m = ${mask}, if(n = 0, ${NEVER_MOMENT}, n), 0), masks, ${shiftedBack(before)}))`;
}

/** A moment after every window's end. */
const NEVER_MOMENT = sql`bitNot(toUInt64(0))`;
