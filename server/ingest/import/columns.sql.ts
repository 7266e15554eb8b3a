/**
 * A file's columns as expressions: the text of one, the instant, the amount, and all that become properties
 * as one JSON text. Names of columns are parameters, never identifiers.
 */
import { join, name, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { ColumnKind, SourceColumn, SourceShape } from './shape.query.ts';

type Format = SourceShape['format'];

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

/** What a file's column is called in statements. */
export const column = (index: number): Sql => name('c', index + 1);

/** The structure that `input()` is told. */
export function structure(format: Format, columns: readonly SourceColumn[]): Sql {
  const own = columns.map(({ kind }, i) =>
    format === 'Parquet' ? sql`${column(i)} ${PARQUET_TYPES[kind]}` : sql`${column(i)} String`,
  );
  const before = format === 'Parquet' ? [] : [sql`row UInt64`, sql`problem String`, sql`raw String`];
  return join([...before, ...own], sql`, `);
}

const TEXTS: ReadonlySet<ColumnKind> = new Set<ColumnKind>(['text', 'numeric_text', 'properties']);
const NUMBERS: ReadonlySet<ColumnKind> = new Set<ColumnKind>(['integer', 'unsigned', 'float', 'decimal']);

/** A column as text; empty where it is absent. */
export function textOf({ kind }: SourceColumn, index: number): Sql {
  const c = column(index);
  if (TEXTS.has(kind)) return sql`ifNull(${c}, '')`;
  if (kind === 'list') return sql`if(empty(${c}), '', toJSONString(${c}))`;
  if (kind === 'time')
    return sql`ifNull(concat(replaceOne(toString(toTimeZone(${c}, 'UTC')), ' ', 'T'), 'Z'), '')`;
  return sql`ifNull(toString(${c}), '')`;
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
  if (source.kind === 'time' || source.kind === 'date') return sql`toDateTime64(${c}, 3, 'UTC')`;
  if (NUMBERS.has(source.kind)) return sql`if(${c} < 1e8, NULL, ${fromEpoch(sql`toFloat64(${c})`)})`;
  return instantOfText(sql`trimBoth(${textOf(source, index)})`);
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
  if (NUMBERS.has(source.kind)) return sql`toFloat64(${column(index)})`;
  return sql`toFloat64OrNull(trimBoth(${textOf(source, index)}))`;
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

/** How a value is written; `text` is the column as text, `c` the column itself. */
const JSON_VALUE: Readonly<Record<ColumnKind, (text: Sql, c: Sql) => Sql>> = {
  text: quoted,
  uuid: quoted,
  time: quoted,
  date: quoted,
  numeric_text: (text) => sql`if(match(${text}, ${JSON_NUMBER}), ${text}, toJSONString(${text}))`,
  // What is not finite is absent.
  float: (text, c) => sql`if(ifNull(isFinite(${c}), 0), ${text}, 'null')`,
  decimal: (text) => text,
  integer: (text) => text,
  unsigned: (text) => text,
  boolean: (text) => text,
  list: (text) => text,
  // As it was sent, also where it is no JSON.
  properties: (text) => sql`if(isValidJSON(${text}), ${text}, toJSONString(${text}))`,
};

function quoted(text: Sql): Sql {
  return sql`toJSONString(${text})`;
}

function jsonEntry(source: SourceColumn, index: number): Sql {
  const key = param.string(`${JSON.stringify(source.name)}:`);
  const text = textOf(source, index);
  return sql`if(${text} = '', '', concat(${key}, ${JSON_VALUE[source.kind](text, column(index))}))`;
}

/** Texts, and numbers with a fraction or an exponent; else whole numbers that JavaScript and doubles would round. */
const TEXT_OR_LONG_NUMBER = param.string(
  '("(?:[^"\\\\]|\\\\.)*"|-?\\d+(?:\\.\\d+(?:[eE][+-]?\\d+)?|[eE][+-]?\\d+))|(-?\\d{16,})',
);

const LONG = param.string('\\d{16}');

/** JSON text with its long whole numbers as texts, to the last digit. */
export function exactJson(json: Sql): Sql {
  // A sign that no JSON text contains stands for a quote until it is known around what.
  const marked = sql`replaceRegexpAll(${json}, ${TEXT_OR_LONG_NUMBER}, concat('\\\\1', char(1), '\\\\2', char(1)))`;
  return sql`if(match(${json}, ${LONG}),
    replaceAll(replaceAll(${marked}, concat(char(1), char(1)), ''), char(1), '"'), ${json})`;
}
