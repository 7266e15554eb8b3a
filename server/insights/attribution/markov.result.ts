/**
 * Removal effects of a first-order Markov chain (Anderl, Becker, von Wangenheim, Schumann 2016: "Mapping the
 * customer journey"): by how much fewer paths end in a conversion when a state leads nowhere. Pure algebra.
 */
import type { Ends, MoveRow } from './markov.sql.ts';

/**
 * Per state 0 ... `states - 1`: the share of conversions lost without it, 0 to 1. With h(i) the probability to
 * convert from i, and N the expected visits (the inverse of I - Q), the paths through i that convert are
 * N(start, i) / N(i, i) * h(i): those are lost, whatever else they pass.
 */
export function removalEffects(moves: readonly MoveRow[], states: number, ends: Ends): readonly number[] {
  const leaving = new Map<number, number>();
  for (const { source, moves: count } of moves) {
    leaving.set(source, (leaving.get(source) ?? 0) + Number(count));
  }
  const indices = Array.from({ length: states }, (_, i) => i);
  const stay = indices.map((i) => indices.map((j): number => (i === j ? 1 : 0)));
  const toConversion = indices.map(() => 0);
  const fromStart = indices.map(() => 0);
  for (const { source, target, moves: count } of moves) {
    const share = Number(count) / (leaving.get(source) ?? 1);
    if (source === ends.start) fromStart[target] = share;
    else if (target === ends.conversion) toConversion[source] = share;
    else if (target !== ends.nothing) at(stay, source)[target] = at(at(stay, source), target) - share;
  }
  const visits = inverse(stay);
  const converts = visits.map((row) => dot(row, toConversion));
  const whole = dot(fromStart, converts);
  if (whole === 0) return indices.map(() => 0);
  return indices.map((i) => {
    const fromStartTo = dot(
      fromStart,
      visits.map((row) => at(row, i)),
    );
    return ((fromStartTo / at(at(visits, i), i)) * at(converts, i)) / whole;
  });
}

/** By Gauss and Jordan with the largest pivots. Every state leads to an end, so the matrix has an inverse. */
function inverse(matrix: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...matrix.map((_, j) => (i === j ? 1 : 0))]);
  for (let column = 0; column < size; column += 1) {
    let best = column;
    for (let i = column + 1; i < size; i += 1) {
      if (Math.abs(at(at(rows, i), column)) > Math.abs(at(at(rows, best), column))) best = i;
    }
    const pivotRow = at(rows, best);
    rows[best] = at(rows, column);
    const pivot = at(pivotRow, column);
    const scaled = pivotRow.map((value) => value / pivot);
    rows[column] = scaled;
    rows.forEach((row, i) => {
      const factor = at(row, column);
      if (i === column || factor === 0) return;
      rows[i] = row.map((value, j) => value - factor * at(scaled, j));
    });
  }
  return rows.map((row) => row.slice(size));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * at(b, i), 0);
}

/** An element that is there. */
function at<T>(list: readonly T[], index: number): T {
  return list[index] as T;
}
