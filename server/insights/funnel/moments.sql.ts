/**
 * The matcher's raw material: a customer's events of a funnel as one sorted array of moments. A moment packs
 * when an event happened and what it means into one UInt64:
 *
 *   time << (steps + 1) | is step << steps | mask
 *
 * `time` is milliseconds since the range's start plus one (zero means "none"), 42 bits for the whole span of
 * 1970 to 2106. Bit k of a step's mask says that the event may serve step k. What is no step is a barrier: bit
 * j of its mask says that an exclusion holds between steps j and j + 1. With 20 steps that is 63 bits. Sorting
 * moments sorts by time; at one instant barriers come before steps, and steps in the funnel's order.
 */
import { compileAudience } from '../../query/audience.ts';
import { compileMatch, isNamesAlone, namesOf } from '../../query/event-match.ts';
import { eventsTable } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter, noFilter } from '../../query/filter.ts';
import { sortedByCustomer } from '../../query/gathered.ts';
import { and, int, join, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { inRange } from '../../query/time-range.ts';
import type { FunnelExclusion, FunnelQuery } from './funnel.query.ts';
import { heldValue, isHeld, perHeldValue, subjectOf } from './held.sql.ts';
import { compileStepMatch } from './occurrence.sql.ts';

/** Later than every moment's time: "the chain ends here", as opposed to zero, "not known". */
export const NEVER = sql`toUInt64(${int(2 ** 50)})`;

/** Bits below the time. */
export function lowBits(query: FunnelQuery): Sql {
  return int(query.steps.length + 1);
}

/** When the moment `p` was. */
export function timeOf(p: Sql, query: FunnelQuery): Sql {
  return sql`bitShiftRight(${p}, ${lowBits(query)})`;
}

/** Which steps the moment `p` may serve; zero for a barrier. */
export function stepsOf(p: Sql, query: FunnelQuery): Sql {
  const bits = sql`toUInt32(bitAnd(${p}, ${int(2 ** query.steps.length - 1)}))`;
  return hasBarriers(query) ? sql`if(bitTest(${p}, ${int(query.steps.length)}), ${bits}, 0)` : bits;
}

/** `SELECT keys, times, masks` (with exclusions `barriers` too, and `moments` if asked) of rows of moments. */
export function unpacked(moments: Sql, keys: Sql, query: FunnelQuery, kept = sql``): Sql {
  const times = sql`arrayMap(p -> ${timeOf(sql`p`, query)}, moments)`;
  const masks = sql`arrayMap(p -> ${stepsOf(sql`p`, query)}, moments)`;
  const gaps = sql`toUInt32(bitAnd(p, ${int(2 ** query.steps.length - 1)}))`;
  const barriers = hasBarriers(query)
    ? sql`, arrayMap(p -> if(bitTest(p, ${int(query.steps.length)}), 0, ${gaps}), moments) AS barriers`
    : sql``;
  return sql`SELECT ${keys}, ${kept}${times} AS times, ${masks} AS masks${barriers}\nFROM (${moments})`;
}

/** Exclusions say nothing new in strict order. */
export function hasBarriers(query: FunnelQuery): boolean {
  return query.order !== 'STRICT' && query.exclusions.length > 0;
}

/** `SELECT subject, moments`: one row a customer (or held value of one) who may begin the funnel. */
export function compileMoments(query: FunnelQuery, scope: CompileScope): Sql {
  if (isHeld(query)) {
    const subject = subjectOf(query);
    const gathered = sql`SELECT ${subject}, arraySort(groupArrayArray(${momentsOfRow(query)})) AS moments\nFROM (${eventRows(query, scope)}) GROUP BY ${subject}`;
    return sql`SELECT ${subject}, moments\nFROM (${gathered}) WHERE ${mayBegin(query, sql`moments`)}`;
  }
  const sorted = sortedByCustomer({
    rows: eventRows(query, scope),
    ...numberOfRow(query),
    span: query.range,
  });
  return sql`SELECT customer_key, numbers AS moments\nFROM (${sorted}) WHERE ${mayBegin(query, sql`numbers`)}`;
}

/** The moment, or moments, of one row of `eventRows`. */
export function numberOfRow(query: FunnelQuery): { readonly number: Sql; readonly isArray: boolean } {
  const isArray = hasBarriers(query);
  return { number: isArray ? both(query) : stepMoment(query), isArray };
}

/** The same as an array. */
export function momentsOfRow(query: FunnelQuery): Sql {
  const { number, isArray } = numberOfRow(query);
  return isArray ? number : sql`[${number}]`;
}

/** Without a first step there is no attempt, unless any step may come first: true of such `moments`. */
export function mayBegin(query: FunnelQuery, moments: Sql): Sql {
  const isStep = 2 ** query.steps.length;
  const bits = int(query.order === 'ANY' ? isStep : isStep + 1);
  return sql`arrayExists(p -> bitAnd(p, ${bits}) = ${bits}, ${moments})`;
}

/**
 * The events of the funnel (in strict order: all events of the range), with what each means: `customer_key`,
 * `time`, `mask` (the steps it may serve), with exclusions `barrier` (the gaps it closes), where something is
 * held constant `held`, and `more`. `whose`: a further condition on rows of `eventsTable`.
 */
export function eventRows(
  query: FunnelQuery,
  scope: CompileScope,
  more = sql``,
  whose: Sql | null = null,
): Sql {
  const withBarriers = hasBarriers(query);
  const mayServe = withBarriers ? sql`mask > 0 OR barrier > 0` : sql`mask > 0`;
  const isCertain = query.order === 'STRICT' || isByNameAlone(query);
  const where = and([...conditions(query, scope), ...(whose ? [whose] : [])]);
  const stops = barrier(query, scope);
  if (!isHeld(query)) {
    const barriers = withBarriers ? sql`, ${stops} AS barrier` : sql``;
    const rows = sql`SELECT customer_key, time, ${mask(query, scope)} AS mask${barriers}${more} FROM ${eventsTable(scope)} WHERE ${where}`;
    return isCertain ? rows : sql`SELECT *\nFROM (${rows}) WHERE ${mayServe}`;
  }
  // What stands between steps stands between them whatever is held: such rows go to every value.
  if (query.order === 'STRICT' || withBarriers) {
    const barriers = withBarriers ? sql`, ${stops} AS own_barrier` : sql``;
    const rows = sql`SELECT customer_key, time, ${mask(query, scope)} AS own_mask, ${heldValue(query)} AS own_held${barriers}${more} FROM ${eventsTable(scope)} WHERE ${where}`;
    const perValue = perHeldValue(rows, withBarriers);
    return query.order === 'STRICT' ? perValue : sql`SELECT *\nFROM (${perValue}) WHERE ${mayServe}`;
  }
  return sql`SELECT *\nFROM (SELECT customer_key, time, ${mask(query, scope)} AS mask, ${heldValue(query)} AS held${more} FROM ${eventsTable(scope)} WHERE ${where}) WHERE mask > 0 AND held != ''`;
}

function sinceStart(query: FunnelQuery): Sql {
  const time = sql`toUInt64(toUnixTimestamp64Milli(time) - ${param.int64(query.range.fromMs - 1)})`;
  return sql`bitShiftLeft(${time}, ${lowBits(query)})`;
}

function stepMoment(query: FunnelQuery): Sql {
  // Only in strict order, and beside barriers, are there rows that take no step.
  const isStep =
    query.order === 'STRICT' || hasBarriers(query)
      ? sql`bitShiftLeft(toUInt64(mask > 0), ${int(query.steps.length)})`
      : int(2 ** query.steps.length);
  return sql`${sinceStart(query)} + ${isStep} + mask`;
}

/**
 * An event may be a step and stand in the way of another: it goes in as two moments. In any order all steps
 * must be done before it, so that it is none itself.
 */
function both(query: FunnelQuery): Sql {
  const step = stepMoment(query);
  const stop = sql`${sinceStart(query)} + barrier`;
  if (query.order === 'ANY') return sql`if(barrier = 0, [${step}], [${stop}])`;
  return sql`multiIf(barrier = 0, [${step}], mask = 0, [${stop}], [${stop}, ${step}])`;
}

/** Steps that a name alone decides are looked up together: once a name, not once a row and step. */
function mask(query: FunnelQuery, scope: CompileScope): Sql {
  const byName = new Map<string, number>();
  const others: Sql[] = [];
  query.steps.forEach((step, k) => {
    if (step.occurrence === 'ANY' && isNamesAlone(step.match)) {
      for (const event of new Set(namesOf(step.match, scope.vocabulary)))
        byName.set(event, (byName.get(event) ?? 0) + 2 ** k);
    } else others.push(sql`toUInt32(${compileStepMatch(step, query, scope)}) * ${int(2 ** k)}`);
  });
  if (byName.size === 0) return join(others, sql` + `);
  const masks = [...byName.values()];
  const named = sql`transform(event, ${param.strings([...byName.keys()])}, ${param.uint32s(masks)}, toUInt32(0))`;
  return sql`toUInt32(${join([sql`CAST(${named}, 'UInt32')`, ...others], sql` + `)})`;
}

function barrier(query: FunnelQuery, scope: CompileScope): Sql {
  return query.exclusions.reduce(
    (all, exclusion) => {
      const gaps = int(gapsOf(exclusion, query).reduce((sum, gap) => sum + 2 ** gap, 0));
      return sql`bitOr(${all}, toUInt32(${compileMatch(exclusion.match, scope.vocabulary)}) * ${gaps})`;
    },
    sql`toUInt32(0)`,
  );
}

/** The gaps that an exclusion holds in: gap j lies between steps j and j + 1 (0-based). In any order, all. */
export function gapsOf(exclusion: FunnelExclusion, query: FunnelQuery): readonly number[] {
  const gaps = query.steps.map((_, k) => k);
  return query.order === 'ANY'
    ? gaps
    : gaps.filter((gap) => gap >= exclusion.fromStep && gap < exclusion.toStep);
}

function conditions(query: FunnelQuery, scope: CompileScope): readonly Sql[] {
  const all = [inRange(query.range)];
  const names = query.order === 'STRICT' ? null : namesOfAll(query, scope);
  if (names) all.push(sql`event IN ${param.strings(names)}`);
  if (query.where !== noFilter) all.push(compileFilter(query.where));
  if (query.audience) all.push(compileAudience(query.audience, scope));
  return all;
}

/** True when an event of one of the names is certain to serve a step or stand in the way. */
function isByNameAlone({ steps, exclusions }: FunnelQuery): boolean {
  return (
    steps.every((step) => step.occurrence === 'ANY') &&
    [...steps, ...exclusions].every(({ match }) => isNamesAlone(match))
  );
}

/** Every event name that the funnel asks for, or null when names do not limit it. */
function namesOfAll(query: FunnelQuery, scope: CompileScope): readonly string[] | null {
  const names = [...query.steps, ...query.exclusions].map(({ match }) => namesOf(match, scope.vocabulary));
  return names.every((list) => list !== null) ? [...new Set(names.flat())] : null;
}
