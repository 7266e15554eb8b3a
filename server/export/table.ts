/** A report's answer as a table: columns with kinds, rows that come a batch at a time. Pure. */

/** `whole`: an integer up to 2^53 - 1; `number`: any other; `json`: whatever JSON can hold. */
export type ColumnKind = 'text' | 'whole' | 'number' | 'boolean' | 'time' | 'json';

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** Null: not defined. Times are RFC 3339 text with milliseconds, as the API writes them. */
export type Cell = string | number | boolean | object | null;
/** A cell for each column. */
export type Row = readonly Cell[];
export type Batches = AsyncIterable<readonly Row[]>;

export interface Table {
  readonly columns: readonly Column[];
  readonly batches: Batches;
  /** How many rows there will be at most. */
  readonly rows: number;
  /** Everything received up to here is in it. */
  readonly asOf: string;
}

/** The same rows in batches of `size`, the last one shorter. */
export async function* inBatchesOf(size: number, batches: Batches): AsyncGenerator<readonly Row[]> {
  let held: Row[] = [];
  for await (const batch of batches) {
    for (let from = 0; from < batch.length;) {
      const until = Math.min(batch.length, from + size - held.length);
      held.push(...batch.slice(from, until));
      from = until;
      if (held.length < size) break;
      yield held;
      held = [];
    }
  }
  if (held.length > 0) yield held;
}
