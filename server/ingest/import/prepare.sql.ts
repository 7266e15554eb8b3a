/**
 * From a chunk of a file to checked rows in the shape of events, in one pass: `import_rows`. What is wrong
 * with a row is said in the words that ingestion has for it. Pure.
 */
import { int, join, param, sql } from '../../query/sql.ts';
import type { Param, Sql } from '../../query/sql.ts';
import { exactJson, instantOf, jsonObject, numberOf, structure, textOf } from './columns.sql.ts';
import type { Field } from './fields.query.ts';
import type { SourceShape } from './shape.query.ts';

/** What is wrong beyond what single fields say. */
export interface CheckLimits {
  /** Texts that are never an id, in lower case. */
  readonly noIds: readonly string[];
  readonly maxTextLength: number;
  readonly maxEventBytes: number;
  /** Of properties. */
  readonly maxDepth: number;
  readonly maxValues: number;
}

export interface PrepareScope extends CheckLimits {
  readonly importId: number;
  readonly chunk: number;
  /** Number of the chunk's first record, from 1. */
  readonly firstRow: number;
  readonly nowMs: number;
}

/** `INSERT INTO import_rows SELECT ... FROM input(...) FORMAT ...`; its body is the chunk. */
export function prepareRows(source: SourceShape, scope: PrepareScope): Sql {
  const { format, columns } = source;
  const isText = format === 'RowBinary';
  const rows: RawRows = {
    table: sql`input('${structure(format, columns)}')`,
    row: isText ? sql`row` : sql`${int(scope.firstRow)} + rowNumberInAllBlocks()`,
    problem: isText ? sql`problem` : sql`''`,
    raw: isText ? sql`raw` : sql`''`,
    arrivedAt: param.time(scope.nowMs),
    areIdsOfOneFile: true,
    arePropertiesChecked: true,
  };
  return sql`INSERT INTO import_rows
SELECT ${int(scope.importId)}, ${int(scope.chunk)}, row, problem, raw, key,
  id, customer_id, event, stored_time, channel, order_id, session_id, amount, stored_properties
FROM (${checkedRows(source, rows, scope)})
SETTINGS short_circuit_function_evaluation = 'force_enable'
FORMAT ${format === 'Parquet' ? sql`Parquet` : sql`RowBinary`}`;
}

/** Rows as they came, with columns `c_1`, ... as the shape says. */
export interface RawRows {
  readonly table: Sql;
  /** What tells a row from the others. */
  readonly row: Sql;
  /** What is already known to be wrong with it, and then what was sent. */
  readonly problem: Sql;
  readonly raw: Sql;
  /** A time more than a day after it counts as it. */
  readonly arrivedAt: Sql | Param;
  /** Ids that are mere numbers may mean something else in the next file. */
  readonly areIdsOfOneFile: boolean;
  readonly arePropertiesChecked: boolean;
}

/**
 * Each row with what is wrong with it (empty: nothing), what was sent where something is, and the fields of its
 * event. `key` says what it is: its id, else its content as sent, whenever it arrived.
 */
export function checkedRows(source: SourceShape, rows: RawRows, limits: CheckLimits): Sql {
  const id = rows.areIdsOfOneFile ? scopedId : sql`own_id`;
  return sql`
  SELECT row, arrived_at, problem, multiIf(problem = '', '', source_raw != '', source_raw, record) AS raw,
    if(id != '', sipHash128('id', id),
      sipHash128('row', customer_id, event, toUnixTimestamp64Milli(sent_time), channel, order_id, session_id,
        ifNull(toString(amount), ''), properties)) AS key,
    id, customer_id, event, if(is_ahead, arrived_at, sent_time) AS stored_time, channel, order_id, session_id, amount,
    if(is_ahead, ${withSentTime}, properties) AS stored_properties
  FROM (
    SELECT *,
      ${problem(limits, rows)} AS problem,
      ifNull(at, toDateTime64(0, 3, 'UTC')) AS sent_time,
      sent_time > arrived_at + INTERVAL 1 DAY AS is_ahead,
      ${id} AS id,
      if(isFinite(revenue) AND abs(revenue) <= 1e13, toDecimal64OrNull(toString(round(revenue, 4)), 4), NULL) AS amount
    FROM (${fieldsOf(source, rows)})
  )`;
}

/**
 * Ids that are mere numbers are those of one file or table, and begin at 1 in the next: they count together
 * with whose event it is, which, and when.
 */
const scopedId = sql`if(match(own_id, ${param.string('^[0-9]{1,12}$')}),
      concat(own_id, '-', lower(hex(sipHash64(customer_id, event, toUnixTimestamp64Milli(sent_time))))), own_id)`;

/** The properties with what the event said of its time; first, since of equal names the first is kept. */
const afterBrace = sql`substring(properties, position(properties, '{') + 1)`;
const withSentTime = sql`concat('{"sent_time":"', replaceOne(toString(sent_time), ' ', 'T'), 'Z"',
      if(startsWith(trimLeft(${afterBrace}), '}'), '', ','), ${afterBrace})`;

function fieldsOf(source: SourceShape, rows: RawRows): Sql {
  const { columns, fields } = source;
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
  return sql`
    SELECT
      ${rows.row} AS row,
      ${rows.problem} AS source_problem,
      ${rows.raw} AS source_raw,
      ${rows.arrivedAt} AS arrived_at,
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
      ${properties(source, rows)} AS properties,
      ${record(source)} AS record
    FROM ${rows.table}`;
}

function properties({ columns, fields }: SourceShape, { arePropertiesChecked }: RawRows): Sql {
  const own = columns.findIndex(({ kind }) => kind === 'properties');
  const column = columns[own];
  if (column) {
    const text = textOf(column, own);
    return sql`if(${text} = '', '{}', ${arePropertiesChecked ? text : exactJson(text)})`;
  }
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
function problem(limits: CheckLimits, rows: RawRows): Sql {
  const { noIds, maxTextLength, maxEventBytes } = limits;
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
      trimBoth(revenue_text) != '' AND (isNull(revenue) OR NOT isFinite(revenue)), 'revenue is not a number.',
      abs(revenue) > 1e13, 'revenue is beyond 10,000,000,000,000.',
      ${rows.areIdsOfOneFile ? sql`own_id != '0' AND ` : sql``}own_id != '' AND ${odd('own_id')}, concat('"', own_id, '" is not an id.'),
      ${join(tooLong, sql` OR `)}, 'A text is longer than ${int(maxTextLength)} characters.',
      ${size} > ${int(maxEventBytes)}, 'The event is larger than ${int(Math.floor(maxEventBytes / 1024))} kB.',
      ${rows.arePropertiesChecked ? sql`` : propertiesProblem(limits)}'')`;
}

/** JSON without its texts: every sign in it means what it is. */
const signs = sql`replaceRegexpAll(properties, ${param.string('"(?:[^"\\\\]|\\\\.)*"')}, '')`;
const depths = sql`arrayCumSum(arrayMap(sign -> multiIf(sign IN ('{', '['), 1, sign IN ('}', ']'), -1, 0), splitByString('', ${signs})))`;

function propertiesProblem({ maxDepth, maxValues }: CheckLimits): Sql {
  const [depth, values] = [int(maxDepth), int(maxValues)];
  return sql`NOT isValidJSON(properties) OR JSONType(properties) != 'Object', 'properties is not an object.',
      countSubstrings(properties, ',') >= ${values}
        AND countSubstrings(${signs}, ',') >= ${values}, 'properties have more than ${values} values.',
      countSubstrings(properties, '{') + countSubstrings(properties, '[') > ${depth}
        AND arrayMax(${depths}) > ${depth}, 'properties are nested deeper than ${depth} levels.',
      `;
}

const ID_NAMES: Readonly<Record<string, Sql>> = {
  customer_id: sql`customer_id`,
  event: sql`event`,
  channel: sql`channel`,
  order_id: sql`order_id`,
  session_id: sql`session_id`,
  own_id: sql`own_id`,
};
