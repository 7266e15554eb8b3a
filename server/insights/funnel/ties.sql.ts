/**
 * Events at equal times are taken in whichever order gets the customer furthest. Where one event may serve
 * several steps, and in strict order, which steps one instant can serve is a question of its events together:
 * steps a to b can be taken there if each can be given an event of its own. By Hall's theorem that is so if,
 * for every choice of kinds of event (masks), no more of these steps depend on these kinds alone than there are
 * events of them. `lows[b]` is the smallest such a. With it a tied instant is written anew so that the passes
 * over single moments, which know nothing of ties, find exactly what is possible:
 *
 * - in strict order the d-th moment after the instant's first may take step b if the run of d + 1 steps (or of
 *   all since the first step) that ends in b can be taken;
 * - else by one moment per step, first what a customer with all but the last step done can take, at last what
 *   one with none can: a run that begins at a later step reaches at least as far.
 *
 * The longest run is the one that reaches furthest, but an exclusion may hit what follows it and spare what
 * follows a shorter one. So with exclusions each step is also tried as one where a run stops, if it can: when
 * the events that the next step could have taken all serve the run.
 *
 * Only customers who have such instants pay.
 */
import { int, join, name, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { chainsOf } from './chains.ts';
import type { FunnelQuery } from './funnel.query.ts';
import { hasBarriers, lowBits, NEVER, stepsOf } from './moments.sql.ts';
import { hasSharedEvents, tiesMatter } from './overlap.ts';
import type { MatchPlan } from './plan.ts';

/** Different kinds of event that are told apart at one instant; events of further kinds take no step there. */
const MOST_KINDS = int(10);

/** True when events at equal times may have to be written anew. */
export function mayHaveTies({ query, vocabulary }: MatchPlan): boolean {
  if (query.order === 'ANY') return false;
  if (query.order === 'STRICT') return true;
  // With exclusions every attempt counts, not only the best of one instant.
  return hasBarriers(query) ? hasSharedEvents(query.steps, vocabulary) : tiesMatter(query.steps, vocabulary);
}

/** True when a customer with ties has several rows: one for each way to skip steps and place to stop runs. */
export function hasRowPerWay(plan: MatchPlan): boolean {
  return mayHaveTies(plan) && (hasBarriers(plan.query) || plan.query.steps.some((step) => step.isOptional));
}

/** `keys`, `moments` (and `way`, zero for all) from rows of the same, where each moment can be judged alone. */
export function compileSettledTies(moments: Sql, plan: MatchPlan): Sql {
  const { keys, query } = plan;
  const ways = hasRowPerWay(plan) ? waysToSkip(query) : null;
  const kept = sql`${keys}, moments, has_ties${ways ? sql`, way, stop` : sql``}`;
  const tied = sql`SELECT ${keys}, moments, ${hasTies(query)} AS has_ties\nFROM (${moments})`;
  const perWay = ways
    ? sql`SELECT ${keys}, moments, has_ties, arrayJoin(if(has_ties, [${join(ways, sql`, `)}], [(toUInt32(0), toUInt8(0))])) AS run, run.1 AS way, run.2 AS stop\nFROM (${tied})`
    : tied;
  const time = (p: Sql): Sql => sql`bitShiftRight(${p}, ${lowBits(query)})`;
  const before = sql`arrayPopBack(arrayPushFront(moments, toUInt64(0)))`;
  const split = sql`arraySplit((p, q) -> ${time(sql`p`)} != ${time(sql`q`)}, moments, ${before})`;
  const instants = sql`SELECT ${kept}, if(has_ties, ${split}, []) AS instants\nFROM (${perWay})`;
  const steps = (p: Sql): Sql => (ways ? sql`bitAnd(${stepsOf(p, query)}, way)` : stepsOf(p, query));
  const masks = sql`arrayMap(i -> arraySort(arrayFilter(m -> m > 0, arrayMap(p -> ${steps(sql`p`)}, i))), instants)`;
  const masked = sql`SELECT ${kept}, instants, ${masks} AS all_masks\nFROM (${instants})`;
  const kinds = sql`arrayMap(l -> arraySlice(arrayMap(m -> (m, toUInt32(countEqual(l, m))), arrayDistinct(l)), 1, ${MOST_KINDS}), all_masks)`;
  const counted = sql`SELECT ${kept}, instants, ${kinds} AS kinds\nFROM (${masked})`;
  const stops = ways ? sql`, arrayMap(l -> ${stopsOf(sql`l`)}, kinds) AS all_stops` : sql``;
  const chosen = sql`SELECT ${kept}, instants, arrayMap(l -> ${choicesOf(sql`l`)}, kinds) AS choices${stops}\nFROM (${counted})`;
  const all = int(2 ** query.steps.length - 1);
  const lows = sql`arrayMap(l -> ${lowsOf(sql`l`, ways ? sql`way` : all, query)}, choices)`;
  const bounded = sql`SELECT ${kept}, instants, ${lows} AS all_lows${ways ? sql`, all_stops` : sql``}\nFROM (${chosen})`;
  const written = query.order === 'STRICT' ? inPlaces(query) : asRuns(query, ways ? sql`way` : all, !!ways);
  const more = ways ? [sql`, stops`, sql`, all_stops`] : [sql``, sql``];
  return sql`SELECT ${keys}${ways ? sql`, way` : sql``}, if(has_ties, arrayFlatten(arrayMap((i, lows${more[0] ?? sql``}) -> if(length(i) < 2, ${single(ways)}, ${written}), instants, all_lows${more[1] ?? sql``})), moments) AS moments\nFROM (${bounded})`;

  /** An event alone at its instant; what it may not take in this way is left to the other rows. */
  function single(of: readonly Sql[] | null): Sql {
    if (!of) return sql`i`;
    return sql`arrayMap(p -> if(${stepsOf(sql`p`, query)} = 0, p, bitShiftLeft(${time(sql`p`)}, ${lowBits(query)}) + bitShiftLeft(toUInt64(${steps(sql`p`)} > 0), ${int(query.steps.length)}) + ${steps(sql`p`)}), i)`;
  }
}

function hasTies(query: FunnelQuery): Sql {
  const bits = lowBits(query);
  // In strict order any other event at the instant of a step matters; else only one that may serve two steps.
  const least = int(query.order === 'STRICT' ? 1 : 2);
  const isOpen = (p: Sql): Sql => sql`bitCount(${stepsOf(p, query)}) >= ${least}`;
  const isTie = sql`bitShiftRight(p, ${bits}) = bitShiftRight(q, ${bits}) AND (${isOpen(sql`p`)} OR ${isOpen(sql`q`)})`;
  return sql`arrayExists((p, q) -> ${isTie}, arrayPopBack(moments), arrayPopFront(moments))`;
}

/** For each way to skip some: the steps taken, as a mask, and the step after which runs stop; zero: none. */
function waysToSkip(query: FunnelQuery): readonly Sql[] {
  return chainsOf(query.steps).flatMap((chain) => {
    const way = chain.reduce((mask, k) => mask + 2 ** (k - 1), 1);
    const stops = hasBarriers(query) ? [0, 1, ...chain.slice(0, -1)] : [0];
    return stops.map((stop) => sql`(toUInt32(${int(way)}), toUInt8(${int(stop)}))`);
  });
}

/**
 * How many runs of an instant can stop at `stop`, those from the earliest steps on: whatever the next step could
 * take must be needed by the run, which by Hall's theorem is so if no choice of it has more events than steps.
 */
function stopsOf(kinds: Sql): Sql {
  const later = sql`bitAnd(way, bitNot(toUInt32(bitShiftLeft(toUInt64(1), stop) - 1)))`;
  const next = sql`bitAnd(${later}, bitNot(${later}) + 1)`;
  const ownSteps = sql`bitAnd(toUInt32(way), toUInt32(bitShiftLeft(toUInt64(1), stop) - bitShiftLeft(toUInt64(1), k)))`;
  // Turned round: `c.1` is what those that were not chosen can serve, so these are counted.
  const all = sql`arrayMax(arrayMap(c -> c.2, z))`;
  const isNeeded = sql`arrayAll(c -> ${all} - c.2 <= bitCount(bitAnd(c.1, ${ownSteps})), z)`;
  const choices = choicesOf(sql`arrayFilter(k -> bitAnd(k.1, ${next}) > 0, ${kinds})`);
  return sql`arrayMap(z -> arrayCount(k -> ${isNeeded}, range(toUInt32(stop))), [${choices}])[1]`;
}

/** For every choice of kinds: the steps that others can serve, and how many events the choice has. */
function choicesOf(kinds: Sql): Sql {
  const others = sql`arrayMap(c -> (bitOr(c.1, k.1), c.2), z)`;
  const chosen = sql`arrayMap(c -> (c.1, toUInt32(c.2 + k.2)), z)`;
  return sql`arrayFold((z, k) -> arrayConcat(${others}, ${chosen}), ${kinds}, [(toUInt32(0), toUInt32(0))])`;
}

/** For each step b the smallest a so that the steps from a to b (of those in `way`) can be taken; b + 1: none. */
function lowsOf(choices: Sql, way: Sql, query: FunnelQuery): Sql {
  const depends = sql`toUInt32(bitAnd(bitAnd(bitNot(c.1), ${way}), bitShiftLeft(toUInt64(1), b) - 1))`;
  const tooMany = sql`bitPositionsToArray(${depends})[greatest(bitCount(${depends}) - toInt32(c.2), 1)] + 2`;
  const low = sql`if(bitCount(${depends}) > c.2, ${tooMany}, 1)`;
  return sql`arrayMap(b -> arrayMax(arrayMap(c -> toUInt32(${low}), ${choices})), range(1, ${int(query.steps.length + 1)}))`;
}

/** The instant `i` in strict order: as many moments as before, each with the steps it may take in its place. */
function inPlaces(query: FunnelQuery): Sql {
  const steps = int(query.steps.length);
  const mayTake = sql`low <= greatest(1, toInt32(b) - toInt32(d))`;
  const mask = sql`arraySum(arrayMap((low, b) -> if(${mayTake}, bitShiftLeft(toUInt64(1), toUInt32(b - 1)), 0), lows, range(1, ${int(query.steps.length + 1)})))`;
  const masks = sql`arrayMap(d -> ${mask}, range(length(i)))`;
  const time = sql`bitShiftLeft(bitShiftRight(i[1], ${lowBits(query)}), ${lowBits(query)})`;
  return sql`arrayMap(m -> ${time} + bitShiftLeft(toUInt64(m > 0), ${steps}) + m, ${masks})`;
}

/** The instant `i` as runs of single steps, barriers before them. */
function asRuns(query: FunnelQuery, way: Sql, mayStop: boolean): Sql {
  const steps = int(query.steps.length);
  const barriers = sql`arrayFilter(p -> ${stepsOf(sql`p`, query)} = 0, i)`;
  const time = sql`bitShiftLeft(bitShiftRight(i[1], ${lowBits(query)}), ${lowBits(query)})`;
  const moment = sql`${time} + bitShiftLeft(toUInt64(1), ${steps}) + bitShiftLeft(toUInt64(1), toUInt32(b - 1))`;
  const furthest = sql`arrayCount(low -> low <= k + 1, lows)`;
  const end = mayStop ? sql`if(k < stops, least(stop, ${furthest}), ${furthest})` : furthest;
  const run = sql`arrayMap(b -> ${moment}, arrayFilter(b -> bitTest(toUInt32(${way}), b - 1), range(toUInt32(k + 1), toUInt32(${end} + 1))))`;
  return sql`arrayConcat(${barriers}, arrayFlatten(arrayMap(k -> ${run}, arrayReverse(range(${steps})))))`;
}

/**
 * The attempts of rows per way (`keys`, `way`, `at_1` ... `at_n`, `grade`) as one row per `keys`: of those of one
 * start that went that way the one that goes furthest, takes most, ends first, takes the earlier steps, is spared
 * by exclusions and takes them sooner.
 */
export function compileBestWays(attempts: Sql, { keys, query }: MatchPlan): Sql {
  const count = query.steps.length;
  const places = query.steps.map((_, k) => k + 1);
  const time = (k: number): Sql => sql`attempt.${int(k)}`;
  const last = join(
    [...places].reverse().map((k) => sql`${time(k)} > 0, ${int(k)}`),
    sql`, `,
  );
  const taken = join(
    places.map((k) => sql`(${time(k)} > 0)`),
    sql` + `,
  );
  const earlier = join(
    places.map((k) => sql`(${time(k)} > 0) * ${int(2 ** (count - k))}`),
    sql` + `,
  );
  const sooner = join(
    places.map((k) => sql`toUInt64(${NEVER} - ${time(k)})`),
    sql`, `,
  );
  const end = sql`greatest(${join([...places.map(time), int(0)], sql`, `)})`;
  const rank = sql`[toUInt64(multiIf(${last}, 0)), toUInt64(${taken}), toUInt64(${NEVER} - ${end}), toUInt64(${earlier}), toUInt64(${time(count + 1)}), ${sooner}]`;
  const columns = join(
    places.map((k) => name('at', k)),
    sql`, `,
  );
  const each = sql`SELECT ${keys}, way, arrayJoin(arrayZip(${columns}, grade)) AS attempt\nFROM (${attempts})`;
  const own = join(
    places.map((k) => sql`(${time(k)} > 0) * ${int(2 ** (k - 1))}`),
    sql` + `,
  );
  const wentThatWay = sql`way = 0 OR ${own} = bitAnd(way, toUInt32(bitShiftLeft(toUInt64(1), multiIf(${last}, 0)) - 1))`;
  const best = sql`SELECT ${keys}, argMax(attempt, ${rank}) AS best\nFROM (${each}) WHERE ${wentThatWay} GROUP BY ${keys}, attempt.1`;
  const sorted = sql`SELECT ${keys}, arraySort(groupArray(best)) AS attempts\nFROM (${best}) GROUP BY ${keys}`;
  const arrays = places.map((k) => sql`arrayMap(a -> a.${int(k)}, attempts) AS ${name('at', k)}`);
  return sql`SELECT ${keys}, ${join(arrays, sql`, `)}, arrayMap(a -> a.${int(count + 1)}, attempts) AS grade\nFROM (${sorted})`;
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
