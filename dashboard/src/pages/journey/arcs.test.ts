import { expect, test } from 'vitest';
import { arcsOf, labelled } from './arcs.ts';
import type { Flow, Layout } from './arcs.ts';

const flow = (from: string, to: string, moves: number): Flow => ({ from, to, moves, customers: moves });
const ACROSS: Layout = { length: 400, box: 60, depth: 40, onward: 100, back: 80, isDown: false };
const STAGES = ['a', 'b', 'c', 'd'];
const find = (picture: ReturnType<typeof arcsOf>, from: string, to: string) =>
  picture.arcs.find((arc) => arc.flow.from === from && arc.flow.to === to);

test('onward arcs stand above the line, arcs back below, longer ones farther out', () => {
  const picture = arcsOf(STAGES, [flow('a', 'b', 5), flow('a', 'd', 5), flow('c', 'a', 5)], ACROSS);
  const line = picture.places[0]?.y ?? 0;
  const [near, far, back] = [find(picture, 'a', 'b'), find(picture, 'a', 'd'), find(picture, 'c', 'a')];
  expect(near?.apex.y).toBeLessThan(line - 20);
  expect(far?.apex.y).toBeLessThan(near?.apex.y ?? 0);
  expect(back?.apex.y).toBeGreaterThan(line + 20);
  expect(back?.isBack).toBe(true);
  expect(picture).toMatchObject({ width: 400, height: 220 });
  for (const { apex, width } of picture.arcs) {
    expect(apex.y - width / 2).toBeGreaterThanOrEqual(0);
    expect(apex.y + width / 2).toBeLessThanOrEqual(picture.height);
  }
});

test('widths are by moves, and a side of a box holds all of its arcs', () => {
  const picture = arcsOf(STAGES, [flow('a', 'b', 30), flow('b', 'c', 60), flow('a', 'c', 10)], ACROSS);
  const width = (from: string, to: string) => find(picture, from, to)?.width ?? 0;
  expect(width('b', 'c')).toBeCloseTo(2 * width('a', 'b'));
  expect(width('a', 'b') + width('b', 'c')).toBeCloseTo(60 * 0.8);
});

test('at a box nested arcs do not cross: the longest leaves at the left and arrives at the right', () => {
  const picture = arcsOf(STAGES, [flow('a', 'b', 9), flow('a', 'd', 9), flow('c', 'd', 9)], ACROSS);
  const ends = (from: string, to: string) => {
    const numbers =
      find(picture, from, to)
        ?.path.match(/-?[\d.]+/g)
        ?.map(Number) ?? [];
    return { start: numbers[0] ?? 0, end: numbers[6] ?? 0 };
  };
  expect(ends('a', 'd').start).toBeLessThan(ends('a', 'b').start);
  expect(ends('c', 'd').end).toBeLessThan(ends('a', 'd').end);
});

test('a line down the page has onward arcs at its right', () => {
  const picture = arcsOf(STAGES, [flow('a', 'c', 5), flow('d', 'a', 5)], { ...ACROSS, isDown: true });
  const line = picture.places[0]?.x ?? 0;
  expect(find(picture, 'a', 'c')?.apex.x).toBeGreaterThan(line);
  expect(find(picture, 'd', 'a')?.apex.x).toBeLessThan(line);
  expect(picture).toMatchObject({ width: 220, height: 400 });
});

test('loops, moves that nobody made and stages no longer on the map have no arc', () => {
  expect(arcsOf(STAGES, [flow('a', 'a', 5), flow('a', 'b', 0), flow('a', 'gone', 5)], ACROSS).arcs).toEqual(
    [],
  );
  expect(arcsOf([], [], ACROSS).places).toEqual([]);
});

test('figures stand at the widest arcs and never meet', () => {
  const picture = arcsOf(STAGES, [flow('a', 'b', 50), flow('b', 'a', 40), flow('a', 'c', 30)], ACROSS);
  expect(labelled(picture.arcs, { width: 10, height: 10 }).map((arc) => arc.flow.moves)).toEqual([
    50, 40, 30,
  ]);
  expect(labelled(picture.arcs, { width: 1000, height: 1000 })).toHaveLength(1);
});
