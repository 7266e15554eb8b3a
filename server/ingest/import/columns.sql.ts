/**
 * A file's columns as expressions: the text of one, the instant, the amount, and all that become properties
 * as one JSON text. Names of columns are parameters, never identifiers.
 */
import { join, name, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { cleanText } from '../json.ts';
import type { ColumnKind, Source, SourceColumn } from './source.ts';

type Format = Source['format'];

const PARQUET_TYPES: Readonly<Record<ColumnKind, Sql>> = {
  text: sql`Nullable(String)`,
  numeric_text: sql`Nullable(String)`,
  properties: sql`Nullable(String)`,
  integer: sql`Nullable(Int64)`,
  unsigned: sql`Nullable(UInt64)`,
  float: sql`Nullable(Float64)`,
  decimal: sql`Nullable(Float64)`,
  boolean: sql`Nullable(Bool)`,
  uuid: sql`Nullable(UUID)`,
  time: sql`Nullable(DateTime64(6))`,
  date: sql`Nullable(Date32)`,
  list: sql`Array(Nullable(String))`,
};

const column = (index: number): Sql => name('c', index + 1);

/** The structure that `input()` is told. */
export function structure(format: Format, columns: readonly SourceColumn[]): Sql {
  const own = columns.map(({ kind }, i) =>
    format === 'Parquet' ? sql`${column(i)} ${PARQUET_TYPES[kind]}` : sql`${column(i)} String`,
  );
  const before = format === 'Parquet' ? [] : [sql`row UInt64`, sql`problem String`, sql`raw String`];
  return join([...before, ...own], sql`, `);
}

/** A column as text; empty where it is absent. */
export function textOf({ kind }: SourceColumn, index: number): Sql {
  const c = column(index);
  switch (kind) {
    case 'text':
    case 'numeric_text':
    case 'properties':
      return sql`ifNull(${c}, '')`;
    case 'list':
      return sql`if(empty(${c}), '', toJSONString(${c}))`;
    case 'time':
      return sql`ifNull(concat(replaceOne(toString(toTimeZone(${c}, 'UTC')), ' ', 'T'), 'Z'), '')`;
    default:
      return sql`ifNull(toString(${c}), '')`;
  }
}

/** As text where it may be compared as an instant; offsets and fractions of a second as RFC 3339 has them. */
const RFC_3339 = param.string(
  '^\\d{4}-\\d{2}-\\d{2}([T ]([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d([.,]\\d{1,9})?)?)? ?(Z|UTC|GMT|[+-]\\d{2}(:?\\d{2})?)?$',
);
/** Seconds since 1973 up to nanoseconds: fewer digits may be a date without signs. */
const EPOCH = param.string('^\\d{9,19}(\\.\\d{1,9})?$');

/** A column as Nullable(DateTime64(3, 'UTC')); null where it is no instant. */
export function instantOf(source: SourceColumn, index: number): Sql {
  const c = column(index);
  switch (source.kind) {
    case 'time':
    case 'date':
      return sql`toDateTime64(${c}, 3, 'UTC')`;
    case 'integer':
    case 'unsigned':
    case 'float':
    case 'decimal':
      return sql`if(${c} < 1e8, NULL, ${fromEpoch(sql`toFloat64(${c})`)})`;
    default:
      return instantOfText(sql`trimBoth(${textOf(source, index)})`);
  }
}

function instantOfText(text: Sql): Sql {
  const isDate = sql`toString(toDate32OrNull(left(${text}, 10))) = left(${text}, 10)`;
  return sql`multiIf(
      match(${text}, ${RFC_3339}) AND ${isDate}, parseDateTime64BestEffortOrNull(replaceOne(${text}, ',', '.'), 3, 'UTC'),
      match(${text}, ${EPOCH}), ${fromEpoch(sql`toFloat64OrNull(${text})`)},
      NULL)`;
}

/** Seconds, milliseconds, microseconds or nanoseconds, by size. */
function fromEpoch(x: Sql): Sql {
  const ms = sql`multiIf(${x} < 1e11, ${x} * 1e3, ${x} < 1e14, ${x}, ${x} < 1e17, ${x} / 1e3, ${x} / 1e6)`;
  return sql`fromUnixTimestamp64Milli(toInt64(least(ifNull(${ms}, 0), 1e13)), 'UTC')`;
}

/** A column as Nullable(Float64); null where it is no number. */
export function numberOf(source: SourceColumn, index: number): Sql {
  switch (source.kind) {
    case 'integer':
    case 'unsigned':
    case 'float':
    case 'decimal':
      return sql`toFloat64(${column(index)})`;
    default:
      return sql`toFloat64OrNull(trimBoth(${textOf(source, index)}))`;
  }
}

/** Whole and decimal numbers as JSON has them; codes with leading zeros and long ones stay text. */
const JSON_NUMBER = param.string('^-?(0|[1-9]\\d{0,14})(\\.\\d{1,12})?$');

/** The columns with these indexes as the text of a JSON object; what is absent is left out. */
export function jsonObject(columns: readonly SourceColumn[], indexes: readonly number[]): Sql {
  const entries = indexes.flatMap((i) => {
    const source = columns[i];
    return source ? [jsonEntry(source, i)] : [];
  });
  if (entries.length === 0) return sql`'{}'`;
  return sql`concat('{', arrayStringConcat(arrayFilter(entry -> entry != '', [${join(entries, sql`, `)}]), ','), '}')`;
}

function jsonEntry(source: SourceColumn, index: number): Sql {
  const c = column(index);
  const key = param.string(`${JSON.stringify(cleanText(source.name))}:`);
  const text = textOf(source, index);
  switch (source.kind) {
    case 'numeric_text':
      return sql`if(${text} = '', '', concat(${key}, if(match(${text}, ${JSON_NUMBER}), ${text}, toJSONString(${text}))))`;
    case 'float':
    case 'decimal':
      return sql`ifNull(if(isFinite(${c}), concat(${key}, toString(${c})), ''), '')`;
    case 'integer':
    case 'unsigned':
    case 'boolean':
      return sql`ifNull(concat(${key}, toString(${c})), '')`;
    case 'list':
    case 'properties':
      return sql`if(${text} = '', '', concat(${key}, ${text}))`;
    default:
      return sql`if(${text} = '', '', concat(${key}, toJSONString(${text})))`;
  }
}
