/**
 * The paths themselves, in SQL: each customer's events become nodes, are sorted, cut to sessions, rid of equal
 * neighbours, cut to their start, their end and their length, and laid out one move a row. Knows nothing of
 * which moves are shown.
 */
import { compileAudience } from '../../query/audience.ts';
import { compileMatch } from '../../query/event-match.ts';
import { eventProperty, eventsTable } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter, noFilter } from '../../query/filter.ts';
import { and, int, join, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { inRange } from '../../query/time-range.ts';
import { touchpoint } from '../../query/touchpoint.ts';
import { MIDDLE } from './paths.query.ts';
import type { PathsQuery } from './paths.query.ts';

/** Customers' events that do not fit into a gigabyte go to disk while they are gathered. */
const BOUNDED = sql`SETTINGS max_bytes_before_external_group_by = 1000000000`;

/**
 * CTEs up to `moves`, one row a node of a path: `customer_key`, `step` (from 1), `node`, `next_node` (empty
 * where the path ends) and `gap`, the milliseconds to it. At equal times events count in the order of their ids.
 */
export function moves(query: PathsQuery, scope: CompileScope): Sql {
  return sql`visits AS (
  SELECT customer_key, arraySort(groupArray((toUnixTimestamp64Milli(time), event_id, node))) AS visits
  FROM (${nodes(query, scope)})${excluded(query)}
  GROUP BY customer_key
  ${BOUNDED}
),
sessions AS (
  SELECT customer_key, arrayJoin(arraySplit(
    (visit, before) -> visit.1 > ${gapEnd(sql`before`, query)},
    visits, arrayPushFront(arrayPopBack(visits.1), visits.1[1]))) AS session
  FROM visits
),
walks AS (
  SELECT customer_key, arrayFilter(
    (visit, next) -> visit.3 != next, session, arrayPushBack(arrayPopFront(session.3), '')) AS walk
  FROM sessions
),
whole_paths AS (
  SELECT customer_key, walk.3 AS all_nodes, arrayDifference(walk.1) AS all_gaps
  FROM (${upToEnd(query, fromStart(query, sql`walks`))})
),
paths AS (
  SELECT customer_key, ${cutNodes(query)} AS nodes, ${cut(sql`all_gaps`, query)} AS gaps
  FROM whole_paths
),
moves AS (
  SELECT customer_key, toUInt32(step) AS step, node, next_node, gap
  FROM paths
  ARRAY JOIN
    arrayEnumerate(nodes) AS step,
    nodes AS node,
    arrayPushBack(arrayPopFront(nodes), '') AS next_node,
    arrayPushBack(arrayPopFront(gaps), toInt64(0)) AS gap
)`;
}

/** `SELECT customer_key, time, event_id, node`: events that take part, each with the name of its node. */
function nodes(query: PathsQuery, scope: CompileScope): Sql {
  const conditions = [inRange(query.range), compileMatch(query.match, scope.vocabulary)];
  if (query.where !== noFilter) conditions.push(compileFilter(query.where));
  if (query.audience) conditions.push(compileAudience(query.audience, scope));
  const rows = sql`SELECT customer_key, time, event_id, ${nodeOf(query, scope)} AS name FROM ${eventsTable(scope)} WHERE ${and(conditions)}`;
  if (query.groups.length === 0) return sql`SELECT *, name AS node FROM (${rows}) WHERE name != ''`;
  const groups = query.groups.map(
    (pattern) => sql`name LIKE ${param.string(likeAnywhere(pattern))}, ${param.string(pattern)}`,
  );
  return sql`SELECT *, multiIf(${join(groups, sql`, `)}, name) AS node FROM (${rows}) WHERE name != ''`;
}

/** The node's name; empty for events that are none: without the property or channel, of no stage. */
function nodeOf(query: PathsQuery, scope: CompileScope): Sql {
  switch (query.node) {
    case 'TOUCHPOINT':
      return touchpoint;
    case 'EVENT':
      return sql`CAST(event, 'String')`;
    case 'CHANNEL':
      return sql`CAST(channel, 'String')`;
    case 'PROPERTY':
      return sql`ifNull(${eventProperty(query.property ?? '')}, '')`;
    case 'STAGE': {
      const events = [...scope.vocabulary.stages].flatMap(([stage, names]) =>
        names.map((name) => ({ stage, name })),
      );
      return sql`transform(CAST(event, 'String'), ${param.strings(events.map(({ name }) => name))}, ${param.strings(events.map(({ stage }) => stage))}, '')`;
    }
  }
}

/** `*` stands for anything, all else for itself, anywhere in the name. */
function likeAnywhere(pattern: string): string {
  return `%${pattern.replace(/[\\%_]/g, (sign) => `\\${sign}`).replaceAll('*', '%')}%`;
}

function excluded({ exclude }: PathsQuery): Sql {
  return exclude.length === 0 ? sql`` : sql` WHERE node NOT IN ${param.strings(exclude)}`;
}

/** The latest instant (milliseconds) at which an event still belongs to the path of the one at `before`. */
function gapEnd(before: Sql, { sessionGap: { months, ms } }: PathsQuery): Sql {
  if (months === 0) return sql`${before} + ${param.int64(ms)}`;
  const instant = sql`fromUnixTimestamp64Milli(${before}, 'UTC')`;
  return sql`toUnixTimestamp64Milli(addMonths(${instant}, ${int(months)})) + ${param.int64(ms)}`;
}

/** Walks from the node's first occurrence on; those without it go. */
function fromStart({ startAt }: PathsQuery, walks: Sql): Sql {
  if (startAt === null) return sql`SELECT customer_key, walk FROM ${walks}`;
  return sql`SELECT customer_key, arraySlice(walk, first_at) AS walk FROM (
    SELECT customer_key, walk, ${firstOccurrence(startAt)} AS first_at FROM ${walks}
  ) WHERE first_at > 0`;
}

/** Walks up to the node's first occurrence; those without it go. */
function upToEnd({ endAt }: PathsQuery, walks: Sql): Sql {
  if (endAt === null) return walks;
  return sql`SELECT customer_key, arraySlice(walk, 1, last_at) AS walk FROM (
    SELECT customer_key, walk, ${firstOccurrence(endAt)} AS last_at FROM (${walks})
  ) WHERE last_at > 0`;
}

/** Slashes at the end do not count, on either side. */
function firstOccurrence(node: string): Sql {
  return sql`arrayFirstIndex(visit -> trimRight(visit.3, '/') = trimRight(${param.string(node)}, '/'), walk)`;
}

/** The first nodes stay, before an end the last; between a start and an end both, and one for the middle. */
function cut(values: Sql, query: PathsQuery, middle = sql`${values}[${int(headOf(query) + 1)}]`): Sql {
  const most = int(query.maxSteps);
  if (query.endAt === null) return sql`arraySlice(${values}, 1, ${most})`;
  if (query.startAt === null)
    return sql`if(length(${values}) > ${most}, arraySlice(${values}, -${most}), ${values})`;
  const head = headOf(query);
  return sql`if(length(${values}) > ${most}, arrayConcat(arraySlice(${values}, 1, ${int(head)}), [${middle}], arraySlice(${values}, -${int(query.maxSteps - head)})), ${values})`;
}

function cutNodes(query: PathsQuery): Sql {
  return cut(sql`all_nodes`, query, sql`${param.string(MIDDLE)}`);
}

/** Nodes that stay before the middle. */
function headOf({ maxSteps }: PathsQuery): number {
  return Math.floor(maxSteps / 2);
}
