import { expect, test } from 'vitest';
import { columnsOf, shareOf } from './path-graph.ts';
import type { PathEdge, PathNode } from './path-graph.ts';

const node = (step: number, name: string, paths: number, ended = 0): PathNode => ({
  step,
  name,
  isOther: name === '',
  paths,
  customers: paths,
  ended,
});
const edge = (step: number, from: string, to: string, paths: number): PathEdge => ({
  step,
  from,
  to,
  paths,
  customers: paths,
  medianSeconds: 5,
});

const graph = {
  nodes: [
    node(1, 'home', 10, 3),
    node(1, 'ad', 6, 1),
    node(2, 'cart', 5, 5),
    node(2, 'list', 4, 4),
    node(2, '', 3, 3),
  ],
  edges: [edge(1, 'home', 'list', 4), edge(1, 'home', '', 3), edge(1, 'ad', 'cart', 5)],
};

test('every step adds up: what left a block is what its bands carry', () => {
  const { blocks, bands, steps } = columnsOf(graph);
  expect(steps).toBe(2);
  for (const block of blocks.filter((b) => b.step < steps && b.kind !== 'ended'))
    expect(bands.filter((b) => b.source === block.id).reduce((sum, b) => sum + b.paths, 0)).toBe(block.paths);
  for (const block of blocks.filter((b) => b.step === 2))
    expect(bands.filter((b) => b.target === block.id).reduce((sum, b) => sum + b.paths, 0)).toBe(block.paths);
});

test('a column stands in the order of the one before; other and ended come last', () => {
  const { blocks, fullest } = columnsOf(graph);
  expect(blocks.filter((b) => b.step === 2).map((b) => [b.kind, b.name, b.paths])).toEqual([
    ['node', 'list', 4],
    ['node', 'cart', 5],
    ['other', '', 3],
    ['ended', '', 4],
  ]);
  expect(fullest).toBe(4);
});

test('no paths, no columns; the last step has nothing after it', () => {
  expect(columnsOf({ nodes: [], edges: [] })).toEqual({ blocks: [], bands: [], steps: 0, fullest: 0 });
  expect(columnsOf({ nodes: [node(1, 'a', 2, 2)], edges: [] }).bands).toEqual([]);
});

test('the share of an edge is of those at its start', () => {
  expect(shareOf(edge(1, 'home', 'list', 4), graph.nodes)).toBe(0.4);
  expect(shareOf(edge(3, 'gone', 'list', 4), graph.nodes)).toBeNull();
});
