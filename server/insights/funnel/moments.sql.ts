/**
 * The matcher's raw material: a customer's events of a funnel as one sorted array of moments. A moment packs
 * when an event happened and which steps it matches into one UInt64:
 *
 *   time << (steps + 1) | is step << steps | mask
 *
 * `time` is milliseconds since the range's start plus one (zero means "none"), 42 bits for the whole span of
 * 1970 to 2106; bit k of `mask` says that the event matches step k. With 20 steps that is 63 bits. Sorting
 * moments sorts by time, then step by step, so that events at one instant count in the funnel's order.
 */
import { compileAudience } from '../../query/audience.ts';
import { compileMatch, namesOf } from '../../query/event-match.ts';
import type { EventMatch } from '../../query/event-match.ts';
import { eventsTable } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter, noFilter } from '../../query/filter.ts';
import { and, int, join, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { inRange } from '../../query/time-range.ts';
import type { FunnelQuery } from './funnel.query.ts';

/** Later than every moment's time: "the chain ends here", as opposed to zero, "not known". */
export const NEVER = sql`toUInt64(${int(2 ** 50)})`;

/** Bits below the time. */
export function lowBits(query: FunnelQuery): Sql {
  return int(query.steps.length + 1);
}

/** The times of an array of moments. */
export function timesOf(moments: Sql, query: FunnelQuery): Sql {
  return sql`arrayMap(p -> bitShiftRight(p, ${lowBits(query)}), ${moments})`;
}

/** Which steps each of an array of moments matches. */
export function masksOf(moments: Sql, query: FunnelQuery): Sql {
  return sql`arrayMap(p -> toUInt32(bitAnd(p, ${int(2 ** query.steps.length - 1)})), ${moments})`;
}

/** `SELECT customer_key, moments`: one row a customer who has an event of the funnel. */
export function compileMoments(query: FunnelQuery, scope: CompileScope): Sql {
  // Strict order must see every event between; the other orders only those of the funnel.
  const isStrict = query.order === 'STRICT';
  const ofFunnel = isStrict ? sql`` : sql` WHERE mask > 0`;
  // Without a first step there is no attempt, unless any step may come first.
  const having = query.order === 'ANY' ? sql`` : sql` HAVING bitTest(groupBitOr(mask), 0)`;
  return sql`SELECT customer_key, arraySort(groupArray(${packed(query)})) AS moments FROM (
    SELECT customer_key, time, ${mask(query, scope)} AS mask FROM ${eventsTable(scope)} WHERE ${and(conditions(query, scope))}
  )${ofFunnel} GROUP BY customer_key${having}`;
}

function packed(query: FunnelQuery): Sql {
  const steps = int(query.steps.length);
  const sinceStart = sql`toUInt64(toUnixTimestamp64Milli(time) - ${param.int64(query.range.fromMs - 1)})`;
  return sql`bitShiftLeft(${sinceStart}, ${lowBits(query)}) + bitShiftLeft(toUInt64(mask > 0), ${steps}) + mask`;
}

function mask(query: FunnelQuery, scope: CompileScope): Sql {
  const bits = query.steps.map(
    ({ match }, k) => sql`toUInt32(${compileMatch(match, scope.vocabulary)}) * ${int(2 ** k)}`,
  );
  return join(bits, sql` + `);
}

function conditions(query: FunnelQuery, scope: CompileScope): readonly Sql[] {
  const all = [inRange(query.range)];
  const names =
    query.order === 'STRICT'
      ? null
      : namesOfAll(
          query.steps.map((s) => s.match),
          scope,
        );
  if (names) all.push(sql`event IN ${param.strings(names)}`);
  if (query.where !== noFilter) all.push(compileFilter(query.where));
  if (query.audience) all.push(compileAudience(query.audience, scope));
  return all;
}

/** Every event name that can match one of these, or null when names do not limit it. */
function namesOfAll(matches: readonly EventMatch[], scope: CompileScope): readonly string[] | null {
  const names = matches.map((match) => namesOf(match, scope.vocabulary));
  return names.every((list) => list !== null) ? [...new Set(names.flat())] : null;
}
