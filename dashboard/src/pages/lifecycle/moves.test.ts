import { expect, test } from 'vitest';
import { moveMatrix, moveOf, movers } from './moves.ts';

const transitions = [
  { from: 'new', to: 'new', customers: 5 },
  { from: 'new', to: 'loyal', customers: 2 },
  { from: null, to: 'new', customers: 3 },
  { from: 'loyal', to: 'new', customers: 0 },
];

test('the matrix has every stage, and a row for those first seen between', () => {
  const rows = moveMatrix(transitions, ['new', 'loyal']);
  expect(rows.map((row) => [row.from, ...row.cells.map((cell) => cell.customers), row.total])).toEqual([
    ['new', 5, 2, 7],
    ['loyal', 0, 0, 0],
    [null, 3, 0, 3],
  ]);
  expect(moveMatrix(transitions.slice(0, 2), ['new', 'loyal'])).toHaveLength(2);
});

test('movers leave out those who stayed, and count them', () => {
  expect(movers(transitions)).toEqual({
    moves: [
      { from: 'new', to: 'loyal', customers: 2 },
      { from: null, to: 'new', customers: 3 },
    ],
    stayed: 5,
    total: 10,
  });
});

test('only a link opens a move', () => {
  const move = { from: 'new', to: 'loyal', customers: 2 };
  expect(moveOf({ dataType: 'edge', data: { move } })).toEqual(move);
  expect(moveOf({ dataType: 'node', data: { move } })).toBeNull();
});
