// The answer about paths as columns of a picture: every step adds up, what ended and what is left out
// included. Pure; names are the server's.
import type { PathsSubscription } from '../../api/generated.ts';

type Graph = PathsSubscription['paths'];
export type PathNode = Graph['nodes'][number];
export type PathEdge = Graph['edges'][number];

/** What stands in a column: a node of the answer, or what ended at the step before. */
export interface Block {
  id: string;
  step: number;
  kind: 'node' | 'other' | 'ended';
  /** As the server names it; empty for other and ended. */
  name: string;
  paths: number;
}

/** A band between two columns; without an edge it leads to what ended. */
export interface Band {
  source: string;
  target: string;
  paths: number;
  edge: PathEdge | null;
}

export interface Columns {
  blocks: Block[];
  bands: Band[];
  /** Number of columns. */
  steps: number;
  /** Blocks in the fullest column. */
  fullest: number;
}

const idOf = (step: number, name: string) => `${step} ${name}`;
const endedId = (step: number) => `ended ${step}`;
const RANK = { node: 0, other: 1, ended: 2 };

/** The columns, each from the top in an order with few crossings; other and ended stand last. */
export function columnsOf({ nodes, edges }: Pick<Graph, 'nodes' | 'edges'>): Columns {
  const steps = Math.max(0, ...nodes.map((node) => node.step));
  const bands = edges.map((edge): Band => ({
    source: idOf(edge.step, edge.from),
    target: idOf(edge.step + 1, edge.to),
    paths: edge.paths,
    edge,
  }));
  const ended = new Map<number, number>();
  for (const node of nodes) {
    if (node.step === steps || node.ended === 0) continue;
    const column = node.step + 1;
    ended.set(column, (ended.get(column) ?? 0) + node.ended);
    bands.push({
      source: idOf(node.step, node.name),
      target: endedId(column),
      paths: node.ended,
      edge: null,
    });
  }
  const all = [
    ...nodes.map((node): Block => ({
      id: idOf(node.step, node.name),
      step: node.step,
      kind: node.isOther ? 'other' : 'node',
      name: node.name,
      paths: node.paths,
    })),
    ...[...ended].map(([step, paths]): Block => ({
      id: endedId(step),
      step,
      kind: 'ended',
      name: '',
      paths,
    })),
  ];
  const columns = Array.from({ length: steps }, (_, i) => all.filter((block) => block.step === i + 1));
  return {
    blocks: arranged(columns, bands),
    bands,
    steps,
    fullest: Math.max(0, ...columns.map((c) => c.length)),
  };
}

/** Each column by where its bands come from: the weighted mean of their places in the column before. */
function arranged(columns: readonly Block[][], bands: readonly Band[]): Block[] {
  const place = new Map<string, number>();
  return columns.flatMap((column) => {
    const pull = (block: Block): number => {
      const incoming = bands.filter((band) => band.target === block.id && place.has(band.source));
      const total = incoming.reduce((sum, band) => sum + band.paths, 0);
      return (
        incoming.reduce((sum, band) => sum + band.paths * (place.get(band.source) ?? 0), 0) / (total || 1)
      );
    };
    const sorted = column
      .map((block) => ({ block, pull: pull(block) }))
      .sort(
        (a, b) => RANK[a.block.kind] - RANK[b.block.kind] || a.pull - b.pull || b.block.paths - a.block.paths,
      )
      .map(({ block }) => block);
    let below = 0;
    for (const block of sorted) {
      place.set(block.id, below + block.paths / 2);
      below += block.paths;
    }
    return sorted;
  });
}

/** The share of those at the edge's start who took it. */
export function shareOf(edge: PathEdge, nodes: readonly PathNode[]): number | null {
  const from = nodes.find((node) => node.step === edge.step && node.name === edge.from);
  return from?.paths ? edge.paths / from.paths : null;
}
