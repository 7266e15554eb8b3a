/** Which edges are shown, and rows to the graph. Pure. */
import { OTHER } from './paths.query.ts';
import type { PathsQuery } from './paths.query.ts';
import type { LargestRow, PathCountRow, Shown } from './paths.sql.ts';

export interface PathNodeAnswer {
  readonly step: number;
  readonly name: string;
  readonly isOther: boolean;
  readonly paths: number;
  readonly customers: number;
  readonly ended: number;
}

export interface PathEdgeAnswer {
  readonly step: number;
  readonly from: string;
  readonly to: string;
  readonly paths: number;
  readonly customers: number;
  readonly averageSeconds: number;
  readonly medianSeconds: number;
}

export interface PathGraphAnswer {
  readonly nodes: readonly PathNodeAnswer[];
  readonly edges: readonly PathEdgeAnswer[];
}

/** The edges that stay, their nodes, and the first nodes at which most paths end at once. */
export function shownOf(query: Pick<PathsQuery, 'startAt'>, rows: readonly LargestRow[]): Shown {
  const edges = rows.filter((row) => row.target !== '');
  const kept = query.startAt === null ? edges : connected(edges);
  const endsAtOnce = rows.filter((row) => row.target === '');
  const nodes = [
    ...kept.flatMap((edge) => [edge.source_key, edge.target_key]),
    ...endsAtOnce.map((row) => row.source_key),
  ];
  return { edges: kept.map((edge) => edge.edge_key), nodes: [...new Set(nodes)] };
}

/** Edges that can be walked to from the first step over edges that are shown. */
function connected(edges: readonly LargestRow[]): readonly LargestRow[] {
  const reached = new Set<string>();
  return [...edges]
    .sort((a, b) => a.step - b.step)
    .filter((edge) => {
      if (edge.step > 1 && !reached.has(edge.source_key)) return false;
      reached.add(edge.target_key);
      return true;
    });
}

/** Nodes and edges in order of step, largest first, the rest last. */
export function pathGraph(rows: readonly PathCountRow[]): PathGraphAnswer {
  return {
    nodes: rows
      .filter((row) => row.is_node)
      .map((row) => ({
        step: row.step,
        name: row.source,
        isOther: row.source === OTHER,
        paths: Number(row.paths),
        customers: Number(row.customers),
        ended: Number(row.ended),
      })),
    edges: rows
      .filter((row) => !row.is_node && !row.is_end)
      .map((row) => ({
        step: row.step,
        from: row.source,
        to: row.target,
        paths: Number(row.paths),
        customers: Number(row.customers),
        averageSeconds: row.average_seconds,
        medianSeconds: row.median_seconds,
      })),
  };
}
