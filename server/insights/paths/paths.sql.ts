/**
 * The statements of paths. The first finds the largest edges; the second counts everything anew with only
 * these shown and the rest under one node a step, so that few groups are held whatever the number of names.
 */
import type { CompileScope } from '../../query/events.ts';
import { readsOf } from '../../query/reads.ts';
import { and, int, param, sql } from '../../query/sql.ts';
import type { Sql, SqlQuery } from '../../query/sql.ts';
import type { PathsQuery } from './paths.query.ts';
import { moves } from './walks.sql.ts';

/** An edge that may be shown; or, with an empty target, a first node at which paths end at once. */
export interface LargestRow {
  readonly step: number;
  readonly source: string;
  readonly target: string;
  /** UInt64 as text: names the node, the node after it and the edge in the second statement. */
  readonly source_key: string;
  readonly target_key: string;
  readonly edge_key: string;
}

/** Largest first; equal ones by step and name. As many first nodes as edges, at most. */
export function compileLargest(query: PathsQuery, scope: CompileScope): SqlQuery<LargestRow> {
  const limits: Sql[] = [];
  if (query.minPaths !== null) limits.push(sql`count() >= ${param.uint64(query.minPaths)}`);
  if (query.maxPaths !== null) limits.push(sql`count() <= ${param.uint64(query.maxPaths)}`);
  return {
    name: 'paths.largest',
    reads: readsOf(query.range, query.audience, scope),
    sql: sql`WITH ${moves(query, scope)}
SELECT step, node AS source, next_node AS target, ${nodeKey(sql`step`, sql`node`)} AS source_key,
  ${nodeKey(sql`step + 1`, sql`next_node`)} AS target_key, ${edgeKey} AS edge_key
FROM moves
WHERE next_node != '' OR step = 1
GROUP BY step, node, next_node
HAVING next_node = '' OR (${and(limits)})
ORDER BY count() DESC, concat(toString(step), '_', node), concat(toString(step + 1), '_', next_node)
LIMIT ${int(query.maxEdges)} BY next_node = ''`,
  };
}

function nodeKey(step: Sql, node: Sql): Sql {
  return sql`sipHash64(toUInt32(${step}), ${node})`;
}

const edgeKey = sql`sipHash64(step, node, next_node)`;

/** What is shown under its own name, by the keys of the first statement. */
export interface Shown {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
}

/** A node (`is_node`), an edge, or (`is_end`) the paths that end at a node. Empty names: the rest. */
export interface PathCountRow {
  readonly step: number;
  readonly source: string;
  readonly target: string;
  readonly is_end: number;
  readonly is_node: number;
  readonly paths: string;
  readonly customers: string;
  readonly ended: string;
  readonly average_seconds: number;
  readonly median_seconds: number;
}

export function compileCounts(query: PathsQuery, shown: Shown, scope: CompileScope): SqlQuery<PathCountRow> {
  return {
    name: 'paths',
    reads: readsOf(query.range, query.audience, scope),
    sql: sql`WITH ${namedMoves(query, shown, scope)}
SELECT step, source, target, is_end, toUInt8(grouping(is_end)) AS is_node, count() AS paths,
  uniqExact(customer_key) AS customers, countIf(is_end) AS ended,
  avg(gap) / 1000 AS average_seconds, quantileExactInclusive(0.5)(gap) / 1000 AS median_seconds
FROM named_moves
GROUP BY GROUPING SETS ((step, source), (step, source, target, is_end))
ORDER BY step, is_node, source = '', target = '', paths DESC, source, target, is_end`,
  };
}

/** Which edge: `from` and `to` are empty for the node of the rest. */
export interface EdgeRef {
  readonly step: number;
  readonly from: string;
  readonly to: string;
}

/** `SELECT customer_key ...` of those with a path over the edge. */
export function compileMembers(query: PathsQuery, shown: Shown, edge: EdgeRef, scope: CompileScope): Sql {
  return sql`WITH ${namedMoves(query, shown, scope)}
SELECT customer_key FROM named_moves
WHERE step = ${param.uint32(edge.step)} AND source = ${param.string(edge.from)} AND target = ${param.string(edge.to)} AND NOT is_end`;
}

/**
 * `moves` with names only for what is shown. A move over an edge that is not shown leads from its node to the
 * rest; one from the rest leads to its node if that is shown. So each node's moves stay its own.
 */
function namedMoves(query: PathsQuery, shown: Shown, scope: CompileScope): Sql {
  const isShown = (step: Sql, node: Sql): Sql => sql`${nodeKey(step, node)} IN ${param.uint64s(shown.nodes)}`;
  // Every path from a start has it first, however it is written.
  const source =
    query.startAt === null
      ? sql`if(${isShown(sql`step`, sql`node`)}, node, '')`
      : sql`if(step = 1 OR ${isShown(sql`step`, sql`node`)}, node, '')`;
  return sql`${moves(query, scope)},
named_moves AS (
  SELECT customer_key, step, gap, next_node = '' AS is_end, ${source} AS source,
    multiIf(
      is_end, '',
      ${edgeKey} IN ${param.uint64s(shown.edges)}, next_node,
      source = '' AND ${isShown(sql`step + 1`, sql`next_node`)}, next_node,
      '') AS target
  FROM moves
)`;
}
