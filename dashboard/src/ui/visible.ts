// Which rows of a long list are drawn: those in sight and some around them. Pure.

/** Rows drawn beyond either edge. */
const AROUND = 12;

export interface Visible {
  from: number;
  /** Exclusive. */
  to: number;
}

/** `top` and `height` of what is in sight and the height of a row, in pixels. */
export function visibleRows(count: number, top: number, height: number, row: number): Visible {
  return around(count, Math.floor(top / row), Math.ceil((top + height) / row));
}

/** As `visibleRows`, of rows that are not alike: `tops` as of `topsOf`. */
export function visibleAmong(tops: readonly number[], top: number, height: number): Visible {
  const count = tops.length - 1;
  return around(count, rowAt(tops, top), Math.min(count, rowAt(tops, top + height) + 1));
}

function around(count: number, first: number, end: number): Visible {
  const to = Math.min(count, Math.max(0, end + AROUND));
  return { from: Math.min(Math.max(0, first - AROUND), to), to };
}

/** Where each row begins, and last where the list ends. */
export function topsOf(count: number, heightOf: (index: number) => number): number[] {
  const tops = [0];
  for (let i = 0, top = 0; i < count; i++) tops.push((top += heightOf(i)));
  return tops;
}

/** The last row that begins at or above `y`. */
function rowAt(tops: readonly number[], y: number): number {
  let low = 0;
  let high = tops.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((tops[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}
