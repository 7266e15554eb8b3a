/** What a file is to the import: columns, and chunks of rows in a form that ClickHouse reads. */
import type { Readable } from 'node:stream';
import type { FieldColumns } from './fields.query.ts';

/** How a column's values arrive and which JSON they become as a property. */
export type ColumnKind =
  /** Text; empty is absent. */
  | 'text'
  /** Text that is a number wherever it looks like one. */
  | 'numeric_text'
  | 'integer'
  | 'unsigned'
  | 'float'
  | 'decimal'
  | 'boolean'
  | 'uuid'
  | 'time'
  | 'date'
  /** A list of texts. */
  | 'list'
  /** Text that is a JSON object: the properties themselves. */
  | 'properties';

export interface SourceColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

export interface SourceChunk {
  /** Number of its first record in the file, from 1. */
  readonly firstRow: number;
  readonly body: Readable;
}

export interface Source {
  readonly format: 'Parquet' | 'RowBinary';
  readonly columns: readonly SourceColumn[];
  readonly fields: FieldColumns;
  /** Columns that cannot be taken, by name. */
  readonly leftOut: readonly string[];
  /**
   * Chunks of at most about a million rows, each read to its end before the next is asked for where
   * `isSequential`; else several may be read at once.
   */
  readonly chunks: AsyncIterable<SourceChunk>;
  readonly isSequential: boolean;
  close(): Promise<void>;
}

export interface ReadProgress {
  /** Bytes of the file as it is on disk. */
  bytesRead: number;
  totalBytes: number;
  rows: number;
}
