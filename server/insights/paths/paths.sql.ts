/**
 * The statements of paths. The first finds the largest edges; the second counts everything anew with only
 * these shown and the rest under one node a step, so that few groups are held whatever the number of names.
 * A customer's moves stay side by side, so that each counts once without sets of customers:
 *
 *   step << 28 | number of the node
 */
import type { CompileScope } from '../../query/events.ts';
import { readsOf } from '../../query/reads.ts';
import { and, int, param, sql } from '../../query/sql.ts';
import type { Param, Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { CODE_BITS, codeOf, dictionary } from './names.sql.ts';
import type { PathsQuery } from './paths.query.ts';
import { codeIn, msIn, walkedPaths } from './walks.sql.ts';
import type { Ties } from './walks.sql.ts';

/**
 * An edge that may be shown; or, with an empty target, a first node at which paths end at once. With step 0 it
 * says that the order of events at one instant matters: they are to be taken as `SOME` ties.
 */
export interface LargestRow {
  readonly step: number;
  readonly source: string;
  readonly target: string;
  /** UInt64 as text: stand for the names in the second statement. */
  readonly source_key: string;
  readonly target_key: string;
}

const BITS = int(CODE_BITS);
const CODES = int(2 ** CODE_BITS - 1);

/** Largest first; equal ones by step and name. As many first nodes as edges, at most. */
export function compileLargest(query: PathsQuery, ties: Ties, scope: CompileScope): SqlQuery<LargestRow> {
  const limits: Sql[] = [];
  if (query.minPaths !== null) limits.push(sql`count() >= ${param.uint64(query.minPaths)}`);
  if (query.maxPaths !== null) limits.push(sql`count() <= ${param.uint64(query.maxPaths)}`);
  const edges = sql`arrayMap((place, next) -> bitShiftLeft(place, ${BITS}) + ${codeIn(sql`next`, query)}, places, nexts)`;
  return {
    name: 'paths.largest',
    reads: readsOf(query.range, query.audience, scope),
    sql: sql`WITH ${dictionary(query, scope)}
SELECT toUInt32(bitShiftRight(edge, ${int(2 * CODE_BITS)})) AS step, ${nameOf(sql`bitAnd(bitShiftRight(edge, ${BITS}), ${CODES})`)} AS source,
  ${nameOf(sql`bitAnd(edge, ${CODES})`)} AS target, sipHash64(source) AS source_key, sipHash64(target) AS target_key
FROM (
  SELECT arrayJoin(if(is_tied, arrayPushFront(${edges}, toUInt64(0)), ${edges})) AS edge
  FROM (${placed(query, ties, scope)})
)
WHERE bitAnd(edge, ${CODES}) > 0 OR step <= 1
GROUP BY edge
HAVING target = '' OR (${and(limits)})
ORDER BY count() DESC, concat(toString(step), '_', source), concat(toString(step + 1), '_', target)
LIMIT ${int(query.maxEdges)} BY target = '', step = 0`,
  };
}

/**
 * `SELECT customer_key, is_tied, places, nexts`: of each node of the customer's paths its step and number, and
 * the visit after it (0 where the path ends).
 */
function placed(query: PathsQuery, ties: Ties, scope: CompileScope): Sql {
  const place = sql`bitShiftLeft(toUInt64(step), ${BITS}) + ${codeIn(sql`visit`, query)}`;
  return sql`SELECT customer_key, is_tied,
  arrayFlatten(arrayMap(path -> arrayMap((visit, step) -> ${place}, path, arrayEnumerate(path)), paths)) AS places,
  arrayFlatten(arrayMap(path -> arrayPushBack(arrayPopFront(path), toUInt64(0)), paths)) AS nexts
FROM (${walkedPaths(query, ties, scope)})`;
}

function nameOf(code: Sql): Sql {
  return sql`transform(toUInt32(${code}), codes, nodes, '')`;
}

/** What is shown under its own name, by the keys of the first statement. */
export interface Shown {
  readonly nodes: readonly { readonly step: number; readonly key: string }[];
  readonly edges: readonly { readonly step: number; readonly source: string; readonly target: string }[];
}

/** A node (`is_node`) or an edge. Empty names: the rest. */
export interface PathCountRow {
  readonly step: number;
  readonly source: string;
  readonly target: string;
  readonly is_node: number;
  readonly paths: string;
  readonly customers: string;
  readonly ended: string;
  readonly average_seconds: number;
  readonly median_seconds: number;
}

/** Which paths are counted: those of a question, with what is shown of them. */
export interface ShownPaths {
  readonly query: PathsQuery;
  readonly shown: Shown;
  readonly ties: Ties;
}

export function compileCounts(asked: ShownPaths, scope: CompileScope): SqlQuery<PathCountRow> {
  const { query } = asked;
  return {
    name: 'paths',
    reads: readsOf(query.range, query.audience, scope),
    sql: sql`WITH ${dictionary(query, scope)}
SELECT toUInt32(bitShiftRight(place, ${BITS})) AS step, ${nameOf(sql`bitAnd(place, ${CODES})`)} AS source,
  ${nameOf(sql`bitAnd(bitShiftRight(edge, 1), ${CODES})`)} AS target, is_node, sum(moved) AS paths,
  if(is_node, sum(here), sum(moving)) AS customers, sumIf(moved, bitTest(move, 0)) AS ended,
  sum(milliseconds) / paths / 1000 AS average_seconds, any(median) / 1000 AS median_seconds
FROM (
  SELECT move, bitShiftRight(move, ${int(CODE_BITS + 1)}) AS place, count() AS moved, countIf(nth = 1) AS moving,
    countIf(nth_here = 1) AS here, sum(${msIn(sql`next`, query)}) AS milliseconds,
    quantileExactInclusiveIf(0.5)(${msIn(sql`next`, query)}, next > 0) AS median
  FROM (${namedMoves(asked, scope)})
  ARRAY JOIN moves AS move, nexts AS next, arrayEnumerateUniq(moves) AS nth, arrayEnumerateUniq(sources) AS nth_here
  GROUP BY move
) ARRAY JOIN [toUInt8(0), 1] AS is_node
WHERE is_node OR NOT bitTest(move, 0)
GROUP BY place, is_node, if(is_node, 0, move) AS edge
ORDER BY step, is_node, source = '', target = '', paths DESC, source, target`,
  };
}

/** Which edge: `from` and `to` are empty for the node of the rest. */
export interface EdgeRef {
  readonly step: number;
  readonly from: string;
  readonly to: string;
}

/** `SELECT customer_key ...` of those with a path over the edge. */
export function compileMembers(asked: ShownPaths, edge: EdgeRef, scope: CompileScope): Sql {
  const place = sql`bitShiftLeft(toUInt64(${param.uint32(edge.step)}), ${BITS}) + ${codeOf(param.string(edge.from))}`;
  return sql`WITH ${dictionary(asked.query, scope)}
SELECT customer_key FROM (${namedMoves(asked, scope)})
WHERE has(moves, ${moveOf(place, codeOf(param.string(edge.to)), sql`0`)})`;
}

/** `SELECT customer_key ...` of those with a path through the node at its step. */
export function compileNodeMembers(
  asked: ShownPaths,
  node: { readonly step: number; readonly name: string },
  scope: CompileScope,
): Sql {
  const place = sql`bitShiftLeft(toUInt64(${param.uint32(node.step)}), ${BITS}) + ${codeOf(param.string(node.name))}`;
  return sql`WITH ${dictionary(asked.query, scope)}
SELECT customer_key FROM (${namedMoves(asked, scope)})
WHERE has(sources, ${place})`;
}

function moveOf(source: Sql, target: Sql, isEnd: Sql): Sql {
  return sql`bitShiftLeft(${source}, ${int(CODE_BITS + 1)}) + ${target} * 2 + (${isEnd})`;
}

/**
 * `SELECT customer_key, sources, moves, nexts` with names only for what is shown. A move over an edge that is
 * not shown leads from its node to the rest; one from the rest leads to its node if that is shown. So each
 * node's moves stay its own.
 */
function namedMoves({ query, shown, ties }: ShownPaths, scope: CompileScope): Sql {
  const steps = numbers(shown.edges.map(({ step }) => step));
  const sources = numbers(shown.edges.map(({ source }) => source));
  const targets = numbers(shown.edges.map(({ target }) => target));
  const edges = sql`SELECT bitShiftLeft(bitShiftLeft(at, ${BITS}) + ${codeOfKey(sql`source_key`)}, ${BITS}) + ${codeOfKey(sql`target_key`)}
    FROM (SELECT 1) ARRAY JOIN ${steps} AS at, ${sources} AS source_key, ${targets} AS target_key`;
  const nodes = sql`SELECT bitShiftLeft(at, ${BITS}) + ${codeOfKey(sql`key`)}
    FROM (SELECT 1) ARRAY JOIN ${numbers(shown.nodes.map(({ step }) => step))} AS at, ${numbers(shown.nodes.map(({ key }) => key))} AS key`;
  const next = codeIn(sql`next`, query);
  // Every path from a start has it first, however it is written.
  const first = query.startAt === null ? sql`` : sql` OR bitShiftRight(place, ${BITS}) = 1`;
  const nextPlace = sql`bitShiftLeft(bitShiftRight(place, ${BITS}) + 1, ${BITS}) + ${next}`;
  const target = sql`multiIf(
    next = 0, 0,
    bitShiftLeft(place, ${BITS}) + ${next} IN (${edges}), ${next},
    bitAnd(source, ${CODES}) = 0 AND ${nextPlace} IN (${nodes}), ${next},
    0)`;
  return sql`SELECT customer_key, sources, nexts,
  arrayMap((source, place, next) -> ${moveOf(sql`source`, target, sql`next = 0`)}, sources, places, nexts) AS moves
FROM (
  SELECT customer_key, places, nexts,
    arrayMap(place -> if(place IN (${nodes})${first}, place, bitShiftLeft(bitShiftRight(place, ${BITS}), ${BITS})), places) AS sources
  FROM (${placed(query, ties, scope)})
)`;
}

function codeOfKey(key: Sql): Sql {
  return sql`toUInt64(transform(${key}, node_keys, codes, toUInt32(0)))`;
}

function numbers(values: readonly (string | number)[]): Param {
  return param.uint64s(values.map(String));
}
