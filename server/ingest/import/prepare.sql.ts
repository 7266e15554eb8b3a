/**
 * From a chunk of a file to checked rows in the shape of events, in one pass: `import_rows`. What is wrong
 * with a row is said in the words that ingestion has for it. Pure.
 */
import { int, join, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import { instantOf, jsonObject, numberOf, structure, textOf } from './columns.sql.ts';
import type { Field } from './fields.query.ts';
import type { SourceShape } from './shape.query.ts';

export interface PrepareScope {
  readonly importId: number;
  readonly chunk: number;
  /** Number of the chunk's first record, from 1. */
  readonly firstRow: number;
  readonly nowMs: number;
  /** Texts that are never an id, in lower case. */
  readonly noIds: readonly string[];
  readonly maxTextLength: number;
  readonly maxEventBytes: number;
}

/** `INSERT INTO import_rows SELECT ... FROM input(...) FORMAT ...`; its body is the chunk. */
export function prepareRows(source: SourceShape, scope: PrepareScope): Sql {
  const { format } = source;
  return sql`INSERT INTO import_rows
SELECT ${int(scope.importId)}, ${int(scope.chunk)}, row, problem,
  multiIf(problem = '', '', source_raw != '', source_raw, record) AS raw,
  if(id != '', sipHash128('id', id),
    sipHash128('row', customer_id, event, toUnixTimestamp64Milli(stored_time), channel, order_id, session_id,
      ifNull(toString(amount), ''), properties)) AS key,
  id, customer_id, event, stored_time, channel, order_id, session_id, amount, properties
FROM (
  SELECT *,
    ${problem(scope)} AS problem,
    ifNull(at, toDateTime64(0, 3, 'UTC')) AS stored_time,
    ${scopedId} AS id,
    if(isFinite(revenue) AND abs(revenue) <= 1e13, toDecimal64OrNull(toString(round(revenue, 4)), 4), NULL) AS amount
  FROM (${fieldsOf(source, scope)})
)
SETTINGS short_circuit_function_evaluation = 'force_enable'
FORMAT ${format === 'Parquet' ? sql`Parquet` : sql`RowBinary`}`;
}

/**
 * Ids that are mere numbers are those of one file or table, and begin at 1 in the next: they count together
 * with whose event it is, which, and when.
 */
const scopedId = sql`if(match(own_id, ${param.string('^[0-9]{1,12}$')}),
      concat(own_id, '-', lower(hex(sipHash64(customer_id, event, toUnixTimestamp64Milli(stored_time))))), own_id)`;

function fieldsOf(source: SourceShape, { firstRow }: PrepareScope): Sql {
  const { format, columns, fields } = source;
  const text = (field: Field): Sql => {
    const index = fields[field];
    const column = index === undefined ? undefined : columns[index];
    return index === undefined || !column ? sql`''` : textOf(column, index);
  };
  const of = (field: Field, make: typeof instantOf, otherwise: Sql): Sql => {
    const index = fields[field];
    const column = index === undefined ? undefined : columns[index];
    return index === undefined || !column ? otherwise : make(column, index);
  };
  const known = text('customerId');
  const isText = format === 'RowBinary';
  return sql`
    SELECT
      ${isText ? sql`row` : sql`${int(firstRow)} + rowNumberInAllBlocks() AS row`},
      ${isText ? sql`problem` : sql`''`} AS source_problem,
      ${isText ? sql`raw` : sql`''`} AS source_raw,
      ${text('id')} AS own_id,
      if(${known} != '', ${known}, ${text('anonymousId')}) AS customer_id,
      ${text('event')} AS event,
      ${text('channel')} AS channel,
      ${text('orderId')} AS order_id,
      ${text('sessionId')} AS session_id,
      ${text('time')} AS time_text,
      ${of('time', instantOf, sql`NULL`)} AS at,
      ${text('revenue')} AS revenue_text,
      ${of('revenue', numberOf, sql`CAST(NULL, 'Nullable(Float64)')`)} AS revenue,
      ${properties(source)} AS properties,
      ${record(source)} AS record
    FROM input('${structure(format, columns)}')`;
}

function properties({ columns, fields }: SourceShape): Sql {
  const own = columns.findIndex(({ kind }) => kind === 'properties');
  const column = columns[own];
  if (column) return sql`if(${textOf(column, own)} = '', '{}', ${textOf(column, own)})`;
  const taken = new Set(Object.values(fields));
  return jsonObject(
    columns,
    columns.map((_, i) => i).filter((i) => !taken.has(i)),
  );
}

/** The whole record, for those that are kept aside. */
function record({ columns }: SourceShape): Sql {
  return jsonObject(
    columns,
    columns.map((_, i) => i),
  );
}

/** The first thing that is wrong; empty for a good row. */
function problem({ nowMs, noIds, maxTextLength, maxEventBytes }: PrepareScope): Sql {
  const odd = (id: string): Sql =>
    sql`has(${param.strings(noIds)}, lower(trimBoth(${ID_NAMES[id] ?? sql``})))`;
  const tooLong = ['customer_id', 'event', 'channel', 'order_id', 'session_id', 'own_id'].map(
    (column) => sql`lengthUTF8(${ID_NAMES[column] ?? sql``}) > ${int(maxTextLength)}`,
  );
  const size = sql`length(customer_id) + length(event) + length(channel) + length(order_id) + length(session_id) + length(properties)`;
  const texts = sql`concat(customer_id, event, channel, order_id, session_id, own_id, properties)`;
  return sql`multiIf(
      source_problem != '', source_problem,
      NOT isValidUTF8(${texts}), 'The row is not UTF-8 text.',
      trimBoth(customer_id) = '', 'An event needs a customerId or an anonymousId.',
      ${odd('customer_id')}, concat('customerId "', customer_id, '" is not an id.'),
      trimBoth(event) = '', 'The event has no name.',
      trimBoth(time_text) = '', 'The event has no time.',
      isNull(at), 'time is not an instant such as 2026-01-31T23:59:59Z.',
      at <= toDateTime64(0, 3, 'UTC'), 'time is not after 1970-01-01T00:00:00Z.',
      at > ${param.time(nowMs)} + INTERVAL 1 DAY, 'time is more than a day ahead.',
      trimBoth(revenue_text) != '' AND (isNull(revenue) OR NOT isFinite(revenue)), 'revenue is not a number.',
      abs(revenue) > 1e13, 'revenue is beyond 10,000,000,000,000.',
      own_id != '0' AND ${odd('own_id')}, concat('"', own_id, '" is not an id.'),
      ${join(tooLong, sql` OR `)}, 'A text is longer than ${int(maxTextLength)} characters.',
      ${size} > ${int(maxEventBytes)}, 'The event is larger than ${int(Math.floor(maxEventBytes / 1024))} kB.',
      '')`;
}

const ID_NAMES: Readonly<Record<string, Sql>> = {
  customer_id: sql`customer_id`,
  event: sql`event`,
  channel: sql`channel`,
  order_id: sql`order_id`,
  session_id: sql`session_id`,
  own_id: sql`own_id`,
};
