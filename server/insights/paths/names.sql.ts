/**
 * The nodes' names as numbers, in SQL: what an event is called is looked up once a name, not once an event, so
 * that grouping, excluding and comparing cost what names there are, and a node takes a few bits. Knows nothing
 * of how nodes follow one another.
 */
import { compileAudience } from '../../query/audience.ts';
import { compileMatch } from '../../query/event-match.ts';
import { eventProperty, eventsTable } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { compileFilter, noFilter } from '../../query/filter.ts';
import { and, empty, int, join, param, sql } from '../../query/sql.ts';
import type { Param, Sql } from '../../query/sql.ts';
import { inRange } from '../../query/time-range.ts';
import { touchpoint } from '../../query/touchpoint.ts';
import { MIDDLE } from './paths.query.ts';
import type { PathsQuery } from './paths.query.ts';

/** Bits of a node's number, at most. */
export const CODE_BITS = 28;

/** Bits that the instants of the range leave of 64. */
export function codeBits({ range }: Pick<PathsQuery, 'range'>): number {
  return Math.min(CODE_BITS, 64 - Math.ceil(Math.log2(range.toMs - range.fromMs + 1)));
}

/**
 * Constants for `WITH`: `names` as events have them, the `nodes` that they stand for, their numbers `codes` from
 * 1 and their hashes `node_keys`, side by side.
 */
export function dictionary(query: PathsQuery, scope: CompileScope): Sql {
  const named = sql`SELECT DISTINCT ${nameOf(query)} AS name FROM ${eventsTable(scope)} WHERE ${and(selection(query, scope))}`;
  const pairs = sql`SELECT CAST(name, 'String') AS name, ${grouped(query, ungrouped(query, scope))} AS node FROM (${named}) WHERE name != ''`;
  const kept = query.exclude.length === 0 ? empty : sql` AND node NOT IN ${param.strings(query.exclude)}`;
  // No event has an empty name: the middle of long paths is in no event.
  const middle = hasMiddle(query) ? sql` UNION ALL SELECT '', ${param.string(MIDDLE)}` : empty;
  const limit = int(2 ** codeBits(query));
  const code = sql`toUInt32(dense_rank() OVER (ORDER BY node)) AS code, throwIf(code >= ${limit}, 'More nodes than paths can tell apart')`;
  return sql`(
  SELECT (groupArray(name), groupArray(node), groupArray(code), groupArray(sipHash64(node)))
  FROM (SELECT name, node, ${code} FROM (SELECT name, node FROM (${pairs}) WHERE node != ''${kept}${middle}))
) AS dictionary,
dictionary.1 AS names, dictionary.2 AS nodes, dictionary.3 AS codes, dictionary.4 AS node_keys`;
}

/** `SELECT customer_key, time, name, code` and more of the events that take part. */
export function namedEvents(query: PathsQuery, scope: CompileScope, more = empty): Sql {
  const conditions = selection(query, scope);
  if (query.audience) conditions.push(compileAudience(query.audience, scope));
  const rows = sql`SELECT customer_key, time, ${nameOf(query)} AS name, transform(name, names, codes, toUInt32(0)) AS code${more} FROM ${eventsTable(scope)} WHERE ${and(conditions)}`;
  return sql`SELECT * FROM (${rows}) WHERE name != '' AND code > 0`;
}

/** The number of a node, 0 where there is none of the name. */
export const codeOf = (node: Sql | Param): Sql => sql`transform(${node}, nodes, codes, toUInt32(0))`;

/** True where both ends are given, so that what is too long is cut in the middle. */
export function hasMiddle({ startAt, endAt }: PathsQuery): boolean {
  return startAt !== null && endAt !== null;
}

function selection(query: PathsQuery, scope: CompileScope): Sql[] {
  const conditions = [inRange(query.range), compileMatch(query.match, scope.vocabulary)];
  if (query.where !== noFilter) conditions.push(compileFilter(query.where));
  return conditions;
}

/** What an event's node follows from; empty for events that have none. */
function nameOf(query: PathsQuery): Sql {
  switch (query.node) {
    case 'TOUCHPOINT':
      return touchpoint;
    case 'EVENT':
    case 'STAGE':
      return sql`event`;
    case 'CHANNEL':
      return sql`channel`;
    case 'PROPERTY':
      return sql`ifNull(${eventProperty(query.property ?? '')}, '')`;
  }
}

/** The node of a name before grouping; empty for events of no stage. */
function ungrouped(query: PathsQuery, { vocabulary }: CompileScope): Sql {
  if (query.node !== 'STAGE') return sql`CAST(name, 'String')`;
  const events = [...vocabulary.stages].flatMap(([stage, names]) => names.map((name) => ({ stage, name })));
  return sql`transform(CAST(name, 'String'), ${param.strings(events.map(({ name }) => name))}, ${param.strings(events.map(({ stage }) => stage))}, '')`;
}

function grouped({ groups }: PathsQuery, node: Sql): Sql {
  if (groups.length === 0) return node;
  const patterns = groups.map(
    (pattern) => sql`ungrouped LIKE ${param.string(likeAnywhere(pattern))}, ${param.string(pattern)}`,
  );
  return sql`multiIf((${node} AS ungrouped) = '', '', ${join(patterns, sql`, `)}, ungrouped)`;
}

/** `*` stands for anything, all else for itself, anywhere in the name. */
function likeAnywhere(pattern: string): string {
  return `%${pattern.replace(/[\\%_]/g, (sign) => `\\${sign}`).replaceAll('*', '%')}%`;
}
