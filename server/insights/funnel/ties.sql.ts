/**
 * Events at equal times may be taken in whichever order gets the customer furthest. Where one event may serve
 * several steps, and in strict order, no single order is best for all: a customer who has such an instant is then matched once per
 * order (one that deals the steps out, and fixed shuffles), and the best result is kept. Every order is a
 * legal one, so that nobody is counted further than the events allow. All other customers pay one look at
 * neighbouring moments.
 */
import { int, join, name, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { FunnelQuery } from './funnel.query.ts';
import type { MatchPlan } from './plan.ts';
import { lowBits, NEVER, stepsOf } from './moments.sql.ts';

/** Shuffles tried beside the dealt order; fewer where a customer has very many moments, to bound memory. */
const SHUFFLES = 64;
const MOST_COPIES = 200_000;

/** `keys`, `moments`: a row per order to try. */
export function compileOrders(moments: Sql, plan: MatchPlan): Sql {
  const { keys, query } = plan;
  const bits = lowBits(query);
  // In strict order any other event at the instant of a step matters; else only one that may serve two steps.
  const least = int(query.order === 'STRICT' ? 1 : 2);
  const isOpen = (p: Sql): Sql => sql`bitCount(${stepsOf(p, query)}) >= ${least}`;
  const isTie = sql`p != q AND bitShiftRight(p, ${bits}) = bitShiftRight(q, ${bits}) AND (${isOpen(sql`p`)} OR ${isOpen(sql`q`)})`;
  const tied = sql`SELECT ${keys}, moments, arrayExists((p, q) -> ${isTie}, arrayPopBack(moments), arrayPopFront(moments)) AS has_ties\nFROM (${moments})`;
  const orders = sql`SELECT ${keys}, moments, has_ties, arrayJoin(if(has_ties, range(toUInt8(1 + least(${int(SHUFFLES)}, intDiv(${int(MOST_COPIES)}, length(moments) + 1)))), [0])) AS tie_order\nFROM (${tied})`;
  return sql`SELECT ${keys}, multiIf(NOT has_ties, moments, tie_order = 0, ${dealt(query)}, ${shuffled(query)}) AS moments\nFROM (${orders})`;
}

/**
 * The r-th of equal events takes the r-th of its steps. In ordered funnels an event of one step may also stand
 * before the others: it cannot be taken twice. Barriers stay before all steps of their instant.
 */
function dealt(query: FunnelQuery): Sql {
  const time = sql`bitShiftRight(p, ${lowBits(query)})`;
  const mask = stepsOf(sql`p`, query);
  const place = sql`if(${mask} = 0, 0, 2 + bitPositionsToArray(${mask})[1 + (r - 1) % greatest(bitCount(${mask}), 1)])`;
  const inPlace = sql`arrayMap((p, r) -> (${time}, toUInt64(${place}), p), moments, arrayEnumerateUniq(moments))`;
  const first = sql`arrayMap(p -> (${time}, toUInt64(1), p), arrayFilter(p -> bitCount(${mask}) = 1, moments))`;
  const all = query.order === 'STRICT' ? inPlace : sql`arrayConcat(${inPlace}, ${first})`;
  return sql`arrayMap(k -> k.3, arraySort(${all}))`;
}

function shuffled(query: FunnelQuery): Sql {
  // Events outside the funnel keep their place before the steps of their instant, save in strict order.
  const fixed = query.order === 'STRICT' ? lowBits(query) : int(query.steps.length);
  return sql`arraySort((p, r) -> (bitShiftRight(p, ${fixed}), cityHash64(p, r, tie_order)), moments, arrayEnumerateUniq(moments))`;
}

/**
 * One row per `keys` out of several: the best grade, there first, with most steps, the latest start, and the
 * earliest times between. `rows` holds `keys`, `grade`, `step_1` ... `step_n`, as does what comes out.
 */
export function compileBestRow(rows: Sql, { keys, query }: MatchPlan): Sql {
  const steps = query.steps.map((_, k) => name('step', k + 1));
  const last = sql`greatest(${join([...steps, int(0)], sql`, `)})`;
  const taken = join(
    steps.map((step) => sql`(${step} > 0)`),
    sql` + `,
  );
  const times = steps.map((step) => sql`toUInt64(${NEVER} - ${step})`);
  // In any order the first attempt that takes most steps counts; else the one that is there first.
  const first = query.order === 'ANY' ? sql`step_1` : last;
  const start = query.order === 'ANY' ? sql`toUInt64(0)` : sql`step_1`;
  const rank = sql`[toUInt64(grade), toUInt64(${NEVER} - ${first}), toUInt64(${taken}), ${start}, ${join(times, sql`, `)}]`;
  const best = sql`SELECT ${keys}, max(${rank}) AS best\nFROM (${rows}) GROUP BY ${keys}`;
  const columns = steps.map((step, k) => sql`toUInt64(${NEVER} - best[${int(k + 5)}]) AS ${step}`);
  return sql`SELECT ${keys}, best[1] AS grade, ${join(columns, sql`, `)}\nFROM (${best})`;
}
