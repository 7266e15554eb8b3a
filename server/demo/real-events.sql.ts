/**
 * The mapping of the bundled real data sets' files to events: one table of text columns that takes any of the
 * files, and the statement that turns its rows into events, moved in time. Knows no files.
 */
import { join, name, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';

/** Columns of the files that become properties, as text or as numbers. */
const TEXTS = [
  'product_id',
  'product_name',
  'category',
  'department',
  'brand',
  'country',
  'campaign_id',
  'campaign_type',
  'coupon_id',
  'store_id',
] as const;
export const NUMBER_PROPERTIES = ['quantity', 'price', 'retail_discount', 'coupon_discount'] as const;

const COLUMNS: readonly string[] = [
  'event_id',
  'customer_id',
  'event_time',
  'event_type',
  'channel',
  'order_id',
  'session_id',
  'revenue',
  ...TEXTS,
  ...NUMBER_PROPERTIES,
];

/** Takes the rows of a file as they are; a column that a file does not have stays empty. */
export const stagingTable = sql`CREATE TABLE demo_rows (${join(
  COLUMNS.map((column) => sql`${name(column)} String`),
  sql`, `,
)}) ENGINE = MergeTree ORDER BY tuple()`;

export const dropStagingTable = sql`DROP TABLE IF EXISTS demo_rows SYNC`;

function member(column: string, value: Sql): Sql {
  return sql`if(${name(column)} = '', '', concat('"', ${param.string(column)}, '":', ${value}))`;
}

/** Inserts the staged rows as events, `shiftMs` later; event ids get the data set's name in front. */
export function eventsFromStaging(dataset: string, shiftMs: number): Sql {
  const members = join(
    [
      ...TEXTS.map((column) => member(column, sql`toJSONString(${name(column)})`)),
      ...NUMBER_PROPERTIES.map((column) => member(column, name(column))),
    ],
    sql`, `,
  );
  return sql`
INSERT INTO events (customer_key, time, event, channel, revenue, order_id, session_id, customer_id, event_id,
  received_at, properties)
SELECT
  cityHash64(customer_id), at, event_type, channel, toDecimal64OrNull(revenue, 4), order_id, session_id, customer_id,
  concat(${param.string(dataset)}, '-', event_id), at,
  CAST(concat('{', arrayStringConcat(arrayFilter(member -> member != '', [${members}]), ','), '}')
    AS JSON(max_dynamic_paths = 256))
FROM (
  SELECT *, fromUnixTimestamp64Milli(
    toUnixTimestamp64Milli(parseDateTime64BestEffort(event_time, 3, 'UTC')) + ${param.int64(shiftMs)}, 'UTC') AS at
  FROM demo_rows
)
SETTINGS insert_deduplicate = 0`;
}
