/** What statements need to know of a file: its format for ClickHouse, its columns, which are fields. Pure. */
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

export interface SourceShape {
  readonly format: 'Parquet' | 'RowBinary';
  readonly columns: readonly SourceColumn[];
  readonly fields: FieldColumns;
}
