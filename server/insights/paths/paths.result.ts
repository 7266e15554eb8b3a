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
    ...kept.flatMap(({ step, source_key, target_key }) => [
      { step, key: source_key },
      { step: step + 1, key: target_key },
    ]),
    ...endsAtOnce.map(({ step, source_key }) => ({ step, key: source_key })),
  ];
  return {
    edges: kept.map(({ step, source_key, target_key }) => ({ step, source: source_key, target: target_key })),
    nodes: [...new Map(nodes.map((node) => [placeOf(node.step, node.key), node])).values()],
  };
}

/** Edges that can be walked to from the first step over edges that are shown. */
function connected(edges: readonly LargestRow[]): readonly LargestRow[] {
  const reached = new Set<string>();
  return [...edges]
    .sort((a, b) => a.step - b.step)
    .filter((edge) => {
      if (edge.step > 1 && !reached.has(placeOf(edge.step, edge.source_key))) return false;
      reached.add(placeOf(edge.step + 1, edge.target_key));
      return true;
    });
}

function placeOf(step: number, key: string): string {
  return `${step} ${key}`;
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
      .filter((row) => !row.is_node)
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
