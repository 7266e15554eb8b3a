/** Rows of numbers laid out flat: which comes first, and putting them in order. Knows nothing of what they mean. */

/** Below 0: the row at `a` comes before the one at `b`; 0: they are equal. */
export function compareRows(
  values: ArrayLike<number>,
  a: number,
  others: ArrayLike<number>,
  b: number,
  width: number,
): number {
  for (let i = 0; i < width; i += 1) {
    const difference = (values[a + i] ?? 0) - (others[b + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function areRowsInOrder(values: Float64Array, begin: number, end: number, width: number): boolean {
  for (let at = begin + width; at < end; at += width) {
    if (compareRows(values, at - width, values, at, width) > 0) return false;
  }
  return true;
}

/** Puts the rows from `begin` to before `end` in order, by their first number, then the others. */
export function orderRows(values: Float64Array, begin: number, end: number, width: number): void {
  if (areRowsInOrder(values, begin, end, width)) return;
  if (width === 1) {
    values.subarray(begin, end).sort();
    return;
  }
  const rows = values.slice(begin, end);
  const order = Uint32Array.from({ length: rows.length / width }, (_, i) => i * width);
  order.sort((a, b) => compareRows(rows, a, rows, b, width));
  let at = begin;
  for (const from of order) {
    for (let i = 0; i < width; i += 1) values[at + i] = rows[from + i] ?? 0;
    at += width;
  }
}

/** Removes rows equal to the one before them, of rows in order; returns where the rest ends. */
export function distinctRows(values: Float64Array, begin: number, end: number, width: number): number {
  let to = Math.min(begin + width, end);
  for (let at = to; at < end; at += width) {
    if (compareRows(values, to - width, values, at, width) === 0) continue;
    if (to !== at) values.copyWithin(to, at, at + width);
    to += width;
  }
  return to;
}
