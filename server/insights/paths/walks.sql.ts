/**
 * The paths themselves, in SQL: each customer's events become sorted moments, are cut to sessions, rid of equal
 * neighbours, cut to their start, their end and their length. Knows nothing of names nor of which moves are
 * shown. A moment is one UInt64, so that a customer's events take eight bytes each and sort as numbers:
 *
 *   milliseconds since the range's start << bits | number of the node
 *
 * and a visit of a path likewise, with the milliseconds since the visit before it.
 */
import type { CompileScope } from '../../query/events.ts';
import { sortedByCustomer } from '../../query/gathered.ts';
import { int, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { codeBits, codeOf, hasMiddle, namedEvents } from './names.sql.ts';
import { MIDDLE } from './paths.query.ts';
import type { PathsQuery } from './paths.query.ts';

/** Customers' events that do not fit into a gigabyte go to disk while they are gathered. */
const BOUNDED = sql`SETTINGS max_bytes_before_external_group_by = 1000000000`;

/**
 * What is known of different events of a customer at one instant, which count in the order of their ids:
 * `UNKNOWN`: taken in any order, and reported; `SOME`: customers who have such are read once more, with ids.
 */
export type Ties = 'UNKNOWN' | 'SOME';

/** `SELECT customer_key, paths, is_tied`: of each customer the paths, an array of arrays of visits. */
export function walkedPaths(query: PathsQuery, ties: Ties, scope: CompileScope): Sql {
  const sessions = sql`arraySplit((m, before) -> ${isNewPath(query)}, moments, arrayPushFront(arrayPopBack(moments), moments[1]))`;
  const walks = sql`arrayMap(session -> arrayFilter((m, next) -> ${codeIn(sql`m`, query)} != ${codeIn(sql`next`, query)}, session, arrayPushBack(arrayPopFront(session), toUInt64(0))), ${sessions})`;
  const visits = sql`arrayMap(walk -> arrayMap((m, before) -> toUInt64(m - bitShiftLeft(${msIn(sql`before`, query)}, ${bits(query)})), walk, arrayPushFront(arrayPopBack(walk), walk[1])), ${walks})`;
  const cutWalks = sql`arrayMap(walk -> ${cut(query)}, walks)`;
  return sql`SELECT customer_key, is_tied, ${cutWalks} AS paths
FROM (SELECT customer_key, is_tied, ${upToEnd(query, fromStart(query, visits))} AS walks
FROM (${moments(query, ties, scope)}))`;
}

/** The number of the node of a moment or a visit. */
export function codeIn(packed: Sql, query: PathsQuery): Sql {
  return sql`bitAnd(${packed}, ${int(2 ** codeBits(query) - 1)})`;
}

/** The milliseconds in a moment or a visit. */
export function msIn(packed: Sql, query: PathsQuery): Sql {
  return sql`bitShiftRight(${packed}, ${bits(query)})`;
}

function bits(query: PathsQuery): Sql {
  return int(codeBits(query));
}

/** `SELECT customer_key, moments, is_tied`, sorted. */
function moments(query: PathsQuery, ties: Ties, scope: CompileScope): Sql {
  const moment = sql`bitShiftLeft(toUInt64(toUnixTimestamp64Milli(time) - ${param.int64(query.range.fromMs)}), ${bits(query)}) + code`;
  const isTie = sql`${msIn(sql`m`, query)} = ${msIn(sql`next`, query)} AND m != next`;
  const sorted = sortedByCustomer({
    rows: namedEvents(query, scope),
    number: moment,
    settings: BOUNDED,
  });
  const all = sql`SELECT customer_key, numbers AS moments, has(arrayMap((m, next) -> ${isTie}, arrayPopBack(numbers), arrayPopFront(numbers)), 1) AS is_tied
FROM (${sorted})`;
  if (ties === 'UNKNOWN') return all;
  const tied = sql`customer_key IN (SELECT customer_key FROM (${all}) WHERE is_tied)`;
  const byId = sql`arraySort(groupArray((time, event_id, ${moment})))`;
  return sql`SELECT customer_key, moments, is_tied FROM (${all}) WHERE NOT is_tied
UNION ALL
SELECT customer_key, tupleElement(${byId}, 3) AS moments, toUInt8(0) AS is_tied
FROM (${namedEvents(query, scope, sql`, event_id`)}) WHERE ${tied} GROUP BY customer_key ${BOUNDED}`;
}

/** True of a moment `m` that is more than the gap later than the one `before`. */
function isNewPath(query: PathsQuery): Sql {
  const { months, ms } = query.sessionGap;
  const [at, before] = [msIn(sql`m`, query), msIn(sql`before`, query)];
  if (months === 0) return sql`${at} - ${before} > ${param.int64(ms)}`;
  const start = param.int64(query.range.fromMs);
  const instant = sql`fromUnixTimestamp64Milli(toInt64(${before}) + ${start}, 'UTC')`;
  return sql`toInt64(${at}) + ${start} > toUnixTimestamp64Milli(addMonths(${instant}, ${int(months)})) + ${param.int64(ms)}`;
}

/** Walks from the node's first occurrence on; those without it go. */
function fromStart(query: PathsQuery, walks: Sql): Sql {
  if (query.startAt === null) return walks;
  const isThere = sameAs(query.startAt, query);
  return sql`arrayMap(walk -> arraySlice(walk, arrayFirstIndex(m -> ${isThere}, walk)), ${having(isThere, walks)})`;
}

/** Walks up to the node's first occurrence; those without it go. */
function upToEnd(query: PathsQuery, walks: Sql): Sql {
  if (query.endAt === null) return walks;
  const isThere = sameAs(query.endAt, query);
  return sql`arrayMap(walk -> arraySlice(walk, 1, arrayFirstIndex(m -> ${isThere}, walk)), ${having(isThere, walks)})`;
}

function having(isThere: Sql, walks: Sql): Sql {
  return sql`arrayFilter(walk -> arrayExists(m -> ${isThere}, walk), ${walks})`;
}

/** True of a moment or visit `m` at the node. Slashes at the end do not count, on either side. */
function sameAs(node: string, query: PathsQuery): Sql {
  const same = sql`arrayFilter((code, node) -> trimRight(node, '/') = trimRight(${param.string(node)}, '/'), codes, nodes)`;
  return sql`has(${same}, ${codeIn(sql`m`, query)})`;
}

/** Of a `walk` the first visits stay, before an end the last; between a start and an end both, and the middle. */
function cut(query: PathsQuery): Sql {
  const most = int(query.maxSteps);
  if (query.endAt === null) return sql`arraySlice(walk, 1, ${most})`;
  if (!hasMiddle(query)) return sql`if(length(walk) > ${most}, arraySlice(walk, -${most}), walk)`;
  const head = Math.floor(query.maxSteps / 2);
  const cutOff = sql`walk[${int(head + 1)}]`;
  const middle = sql`bitShiftLeft(${msIn(cutOff, query)}, ${bits(query)}) + ${codeOf(param.string(MIDDLE))}`;
  return sql`if(length(walk) > ${most}, arrayConcat(arraySlice(walk, 1, ${int(head)}), [${middle}], arraySlice(walk, -${int(query.maxSteps - head)})), walk)`;
}
