/**
 * From landed rows to events, a slice at a time, set by set: checked and shaped as rows of files are, each id
 * once, bad rows aside. Pure.
 */
import { int, join, name, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { column } from '../import/columns.sql.ts';
import { FIELDS } from '../import/fields.query.ts';
import { checkedRows } from '../import/prepare.sql.ts';
import type { CheckLimits } from '../import/prepare.sql.ts';
import type { SourceColumn, SourceShape } from '../import/shape.query.ts';
import { outOfStepCustomers, repairIdsOf } from '../repair.sql.ts';
import type { LandedPart, Slice } from './slices.ts';

/** How it is known which ids are counted: by the table of ids, or (after a crash) by the events themselves. */
export type Known = 'by ids' | 'by events';

export interface PartRow {
  readonly name: string;
  readonly id: string;
  readonly rows: string;
  readonly bytes: string;
}

/** The oldest parts with rows that are not taken yet. */
export function landedParts(most: number): SqlQuery<PartRow> {
  return {
    name: 'landing.parts',
    isVolatile: true,
    sql: sql`SELECT name, toString(uuid) AS id, rows, data_uncompressed_bytes AS bytes FROM system.parts
WHERE database = currentDatabase() AND table = 'landed' AND active AND rows > 0
ORDER BY min_block_number LIMIT ${int(most)}`,
  };
}

export interface PlanRow {
  readonly slice: string;
  readonly part_ids: readonly string[];
  readonly duplicates: string;
  readonly rejected: string;
  readonly stored: number;
}

/** What was decided of slices of these parts. */
export function plansOf(parts: readonly LandedPart[]): SqlQuery<PlanRow> {
  const ids = param.strings(parts.map(({ id }) => id));
  return {
    name: 'landing.plans',
    isVolatile: true,
    sql: sql`SELECT slice, any(parts) AS part_ids, any(landing_slices.duplicates) AS duplicates,
  any(landing_slices.rejected) AS rejected, max(is_stored) AS stored
FROM landing_slices WHERE hasAny(parts, ${ids}) GROUP BY slice ORDER BY min(at), slice`,
  };
}

/** The columns of `landing` in the words of one event; a rejected row is kept in them too. */
const COLUMNS: readonly { readonly column: SourceColumn; readonly value: Sql }[] = [
  // An event with neither id nor time cannot be told from its like: each is one of its own.
  {
    column: { name: 'id', kind: 'text' },
    value: sql`if(event_id = '' AND trimBoth(time) = '', toString(row_id), event_id)`,
  },
  { column: { name: 'customerId', kind: 'text' }, value: sql`customer_id` },
  { column: { name: 'anonymousId', kind: 'text' }, value: sql`anonymous_id` },
  { column: { name: 'event', kind: 'text' }, value: sql`event` },
  {
    column: { name: 'time', kind: 'numeric_text' },
    value: sql`if(trimBoth(time) = '', concat(replaceOne(toString(landed_at), ' ', 'T'), 'Z'), time)`,
  },
  { column: { name: 'channel', kind: 'text' }, value: sql`channel` },
  { column: { name: 'orderId', kind: 'text' }, value: sql`order_id` },
  { column: { name: 'revenue', kind: 'numeric_text' }, value: sql`revenue` },
  { column: { name: 'sessionId', kind: 'text' }, value: sql`session_id` },
  { column: { name: 'properties', kind: 'properties' }, value: sql`properties` },
];

const SHAPE: SourceShape = {
  format: 'RowBinary',
  columns: COLUMNS.map(({ column: source }) => source),
  fields: Object.fromEntries(
    FIELDS.map((field) => [field, COLUMNS.findIndex(({ column: source }) => source.name === field)]),
  ),
};

/** The rows of a slice with their `problem`; good ones have the id they count under. */
function rowsOf({ parts, stretch }: Slice, limits: CheckLimits): Sql {
  const inStretch = stretch
    ? sql` AND _part_offset >= ${int(stretch.from)} AND _part_offset < ${int(stretch.to)}`
    : sql``;
  const values = COLUMNS.map(({ value }, i) => sql`${value} AS ${column(i)}`);
  const checked = checkedRows(
    SHAPE,
    {
      table: sql`(
      SELECT row_id, landed_at, ${join(values, sql`, `)} FROM landed
      WHERE _part IN ${param.strings(parts.map((part) => part.name))}${inStretch})`,
      row: sql`row_id`,
      problem: sql`''`,
      raw: sql`''`,
      arrivedAt: sql`landed_at`,
      areIdsOfOneFile: false,
      arePropertiesChecked: false,
    },
    limits,
  );
  return sql`
SELECT row AS row_id, arrived_at, problem, raw, if(id != '', id, lower(hex(key))) AS event_id, customer_id, event,
  stored_time AS time, channel, order_id, session_id, amount AS revenue, stored_properties AS properties
FROM (${checked})`;
}

function isNew(rows: Sql, known: Known): Sql {
  return known === 'by ids'
    ? sql`sipHash64(event_id) NOT IN (
  SELECT id_hash FROM known_ids WHERE id_hash IN (SELECT sipHash64(event_id) FROM (${rows})))`
    : sql`event_id NOT IN (SELECT event_id FROM events WHERE event_id IN (SELECT event_id FROM (${rows})))`;
}

const LAZILY = sql`SETTINGS short_circuit_function_evaluation = 'force_enable'`;

/** Rows of a slice, those that are bad, and ids that count for the first time. */
export function countSlice(
  slice: Slice,
  limits: CheckLimits,
): SqlQuery<{ rows: string; rejected: string; fresh: string }> {
  const rows = rowsOf(slice, limits);
  return {
    name: 'landing.count',
    isVolatile: true,
    sql: sql`SELECT count() AS rows, countIf(problem != '') AS rejected,
  uniqExactIf(event_id, problem = '' AND ${isNew(rows, 'by ids')}) AS fresh
FROM (${rows})
${LAZILY}`,
  };
}

/** Stores the good rows that are not counted yet; of those with one id the first. */
export function storeSlice(slice: Slice, limits: CheckLimits, known: Known): Sql {
  const rows = rowsOf(slice, limits);
  return sql`INSERT INTO events (time, event, channel, revenue, order_id, session_id, customer_id, event_id, properties)
SELECT time, event, channel, revenue, order_id, session_id, customer_id, event_id,
  CAST(properties, 'JSON(max_dynamic_paths = 256)')
FROM (
  SELECT * FROM (${rows}) WHERE problem = '' AND ${isNew(rows, known)}
  ORDER BY arrived_at LIMIT 1 BY event_id
)
SETTINGS short_circuit_function_evaluation = 'force_enable', max_insert_threads = 1, parallel_view_processing = 1,
  max_partitions_per_insert_block = 0, type_json_skip_duplicated_paths = 1`;
}

/** After a crash: what the statement that stored may have left undone beside the events. */
export function repairSlice(
  slice: Slice,
  limits: CheckLimits,
): { readonly ids: Sql; readonly customers: Sql } {
  const good = sql`SELECT * FROM (${rowsOf(slice, limits)}) WHERE problem = ''`;
  return {
    ids: sql`${repairIdsOf(good)}
${LAZILY}`,
    customers: sql`${outOfStepCustomers(sql`SELECT DISTINCT cityHash64(customer_id) FROM (${good})`)}
${LAZILY}`,
  };
}

/** Keeps the bad rows aside, each once. */
export function keepRejected(slice: Slice, limits: CheckLimits): Sql {
  const rows = rowsOf(slice, limits);
  return sql`INSERT INTO rejected_events (id, received_at, reason, payload, source)
SELECT row_id, arrived_at, problem, raw, 'landing' FROM (${rows})
WHERE problem != '' AND row_id NOT IN (
  SELECT id FROM rejected_events WHERE received_at >= (SELECT min(arrived_at) FROM (${rows})) AND source = 'landing')
${LAZILY}`;
}

/** Forgets parts that are stored whole. */
export function dropParts(parts: readonly LandedPart[]): Sql {
  const drops = parts.map((part) => sql`DROP PART '${name(part.name)}'`);
  return sql`ALTER TABLE landed ${join(drops, sql`, `)}`;
}
