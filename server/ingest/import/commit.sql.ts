/**
 * From checked rows to events, set by set: which rows repeat others of the file, which ids are counted
 * already, and the inserts themselves. Pure.
 */
import { int, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { outOfStepCustomers, repairIdsOf } from '../repair.sql.ts';

/** How it is known which ids are counted: by the table of ids, or (after a crash) by the events themselves. */
export type Known = 'by ids' | 'by events';

/** Rows of a chunk that are stored together. */
export interface Slice {
  readonly importId: number;
  readonly chunk: number;
  /** Numbers of its first and last row. */
  readonly from: number;
  readonly to: number;
}

/** Where the good rows of a chunk begin and end; 0 and 0 where it has none. */
export function boundsOf(importId: number, chunk: number): SqlQuery<{ first: string; last: string }> {
  return {
    name: 'import.bounds',
    sql: sql`SELECT min(row) AS first, max(row) AS last FROM import_rows
WHERE import_id = ${int(importId)} AND chunk = ${int(chunk)} AND problem = ''`,
  };
}

function isIn({ importId, chunk, from, to }: Slice): Sql {
  return sql`import_id = ${int(importId)} AND chunk = ${int(chunk)} AND row BETWEEN ${int(from)} AND ${int(to)}`;
}

/** Numbers the rows that are equal, or carry the same id, in their order; the first of each is left out. */
export function numberRepeats(importId: number): Sql {
  const good = sql`import_id = ${int(importId)} AND problem = ''`;
  return sql`INSERT INTO import_repeats
SELECT ${int(importId)}, chunk, row, occurrence FROM (
  SELECT chunk, row, row_number() OVER (PARTITION BY key ORDER BY row) AS occurrence
  FROM import_rows
  WHERE ${good} AND key IN (SELECT key FROM import_rows WHERE ${good} GROUP BY key HAVING count() > 1)
)
WHERE occurrence > 1
SETTINGS max_bytes_before_external_group_by = 1000000000, max_bytes_before_external_sort = 1000000000`;
}

/**
 * Good rows of a slice with the id they count under. Rows that are equal and have no id of their own are
 * events of their own, told apart by their number; so the same file gives the same ids again.
 */
function sliceRows(slice: Slice): Sql {
  return sql`
  SELECT rows.*, if(own_id != '', own_id,
    concat(lower(hex(key)), if(occurrence > 0, concat('-', toString(occurrence)), ''))) AS event_id
  FROM (SELECT * FROM import_rows WHERE ${isIn(slice)} AND problem = '') AS rows
  ANY LEFT JOIN (
    SELECT row, occurrence FROM import_repeats WHERE ${isIn(slice)}
  ) AS repeats USING row
  WHERE own_id = '' OR occurrence = 0`;
}

function newRows(slice: Slice, known: Known): Sql {
  const rows = sliceRows(slice);
  const isNew =
    known === 'by ids'
      ? sql`sipHash64(event_id) NOT IN (
  SELECT id_hash FROM known_ids WHERE id_hash IN (SELECT sipHash64(event_id) FROM (${rows})))`
      : sql`event_id NOT IN (SELECT event_id FROM events WHERE event_id IN (SELECT event_id FROM (${rows})))`;
  return sql`(${rows}) WHERE ${isNew}`;
}

export function countNew(slice: Slice, known: Known): SqlQuery<{ accepted: string }> {
  return {
    name: 'import.count_new',
    sql: sql`SELECT count() AS accepted FROM ${newRows(slice, known)}`,
  };
}

/** The most threads that write: each makes parts of its own. */
const WRITERS = 2;

export function storeSlice(slice: Slice, known: Known): Sql {
  return sql`INSERT INTO events (time, event, channel, revenue, order_id, session_id, customer_id, event_id, import_id, properties)
SELECT time, event, channel, revenue, order_id, session_id, customer_id, event_id, ${int(slice.importId)},
  CAST(properties, 'JSON(max_dynamic_paths = 256)')
FROM ${newRows(slice, known)}
SETTINGS max_insert_threads = ${int(WRITERS)}, parallel_view_processing = 1, max_partitions_per_insert_block = 0,
  type_json_skip_duplicated_paths = 1`;
}

/** Ids of the slice's events that known_ids lacks: a crash came between the two. */
export function repairIds(slice: Slice): Sql {
  return repairIdsOf(sliceRows(slice));
}

/** Brings what is known of the slice's customers in line with their events, after a crash between the two. */
export function repairCustomers(slice: Slice): Sql {
  return outOfStepCustomers(sql`SELECT DISTINCT cityHash64(customer_id) FROM import_rows
    WHERE ${isIn(slice)} AND problem = ''`);
}

/** Keeps the bad rows aside, each once however often the file is imported. */
export function keepRejected(importId: number, file: Sql): Sql {
  return sql`INSERT INTO rejected_events (id, received_at, reason, payload, source, import_id)
SELECT rejected_id, now64(3), problem, raw, concat(file, ' row ', toString(row)), ${int(importId)} FROM (
  SELECT row, problem, raw, ${file} AS file,
    toUUID(UUIDNumToString(sipHash128(file, toString(row), raw, problem))) AS rejected_id
  FROM import_rows WHERE import_id = ${int(importId)} AND problem != ''
)
WHERE rejected_id NOT IN (SELECT id FROM rejected_events)`;
}

export function countRows(importId: number): SqlQuery<{ rows: string; rejected: string }> {
  return {
    name: 'import.count_rows',
    sql: sql`SELECT count() AS rows, countIf(problem != '') AS rejected FROM import_rows WHERE import_id = ${int(importId)}`,
  };
}

/** What is stored of an import, by the events themselves. */
export function countStored(importId: number): SqlQuery<{ accepted: string }> {
  return {
    name: 'import.count_stored',
    sql: sql`SELECT count() AS accepted FROM events WHERE import_id = ${int(importId)}`,
  };
}

export function dropRows(importId: number): readonly Sql[] {
  return [
    sql`ALTER TABLE import_rows DROP PARTITION ${int(importId)}`,
    sql`ALTER TABLE import_repeats DROP PARTITION ${int(importId)}`,
  ];
}
