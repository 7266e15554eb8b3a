/** The columns of a Parquet file as the import takes them. Pure. */
import type { FileMetaData, SchemaElement, SchemaTree } from 'hyparquet';
import { parquetSchema } from 'hyparquet';
import type { ColumnKind } from './shape.query.ts';

export interface ParquetColumn {
  readonly name: string;
  /** Null: a form that is not taken (maps, structures, times of day). */
  readonly kind: ColumnKind | null;
}

export function parquetColumns(metadata: FileMetaData): readonly ParquetColumn[] {
  return parquetSchema(metadata).children.map((tree) => ({ name: tree.element.name, kind: kindOf(tree) }));
}

function kindOf(tree: SchemaTree): ColumnKind | null {
  const { element, children } = tree;
  if (children.length > 0) return isScalarList(tree) ? 'list' : null;
  return element.repetition_type === 'REPEATED' ? null : scalarKind(element);
}

function isScalarList({ element, children }: SchemaTree): boolean {
  if (element.logical_type?.type !== 'LIST' && element.converted_type !== 'LIST') return false;
  const [repeated] = children;
  const [item, ...others] = repeated?.children ?? [];
  return (
    item !== undefined &&
    others.length === 0 &&
    item.children.length === 0 &&
    scalarKind(item.element) === 'text'
  );
}

const BY_LOGICAL_TYPE: Readonly<Record<string, ColumnKind | null>> = {
  STRING: 'text',
  ENUM: 'text',
  JSON: 'text',
  UUID: 'uuid',
  DATE: 'date',
  DECIMAL: 'decimal',
  TIMESTAMP: 'time',
  FLOAT16: 'float',
  TIME: null,
  BSON: null,
  INTERVAL: null,
  VARIANT: null,
  GEOMETRY: null,
  GEOGRAPHY: null,
};

const BY_CONVERTED_TYPE: Readonly<Record<string, ColumnKind | null>> = {
  UTF8: 'text',
  ENUM: 'text',
  JSON: 'text',
  DATE: 'date',
  DECIMAL: 'decimal',
  TIMESTAMP_MILLIS: 'time',
  TIMESTAMP_MICROS: 'time',
  UINT_8: 'unsigned',
  UINT_16: 'unsigned',
  UINT_32: 'unsigned',
  UINT_64: 'unsigned',
  TIME_MILLIS: null,
  TIME_MICROS: null,
  BSON: null,
  INTERVAL: null,
};

const BY_TYPE: Readonly<Record<string, ColumnKind | null>> = {
  BOOLEAN: 'boolean',
  INT32: 'integer',
  INT64: 'integer',
  INT96: 'time',
  FLOAT: 'float',
  DOUBLE: 'float',
  BYTE_ARRAY: 'text',
  FIXED_LEN_BYTE_ARRAY: 'text',
};

function scalarKind({ logical_type, converted_type, type }: SchemaElement): ColumnKind | null {
  if (logical_type?.type === 'INTEGER') return logical_type.isSigned ? 'integer' : 'unsigned';
  const byLogical = logical_type && BY_LOGICAL_TYPE[logical_type.type];
  if (byLogical !== undefined) return byLogical;
  const byConverted = converted_type && BY_CONVERTED_TYPE[converted_type];
  if (byConverted !== undefined) return byConverted;
  return (type && BY_TYPE[type]) ?? null;
}
