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
  const from = Math.max(0, Math.floor(top / row) - AROUND);
  const to = Math.min(count, Math.ceil((top + height) / row) + AROUND);
  return { from: Math.min(from, Math.max(0, to)), to };
}
