/**
 * Events out of the store, set by set: which they are, the events themselves, their ids, what was counted of
 * their customers. Each statement may be run again. Pure.
 */
import { int, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';

/** Which events: those that came with an import, or those of customers listed in `removing_customers`. */
export type Removed =
  | { readonly kind: 'import'; readonly removalId: number; readonly importId: number }
  | { readonly kind: 'customer'; readonly removalId: number };

/** A condition on rows of events. */
function isRemoved(removed: Removed): Sql {
  if (removed.kind === 'import') return sql`import_id = ${int(removed.importId)}`;
  return sql`customer_key IN (${listedCustomers(removed.removalId)})`;
}

export function listedCustomers(removalId: number): Sql {
  return sql`SELECT customer_key FROM removing_customers WHERE removal_id = ${int(removalId)}`;
}

function listedIds(removalId: number): Sql {
  return sql`SELECT id_hash FROM removing_events WHERE removal_id = ${int(removalId)}`;
}

/** Adds to the list what it does not have yet: a crash may have come before it was whole. */
export function listEvents(removed: Removed): Sql {
  const id = removed.removalId;
  return sql`INSERT INTO removing_events (removal_id, id_hash, customer_key)
SELECT ${int(id)}, sipHash64(event_id), customer_key FROM events
WHERE ${isRemoved(removed)} AND sipHash64(event_id) NOT IN (${listedIds(id)})`;
}

export function countListed(removalId: number): SqlQuery<{ events: string }> {
  return {
    name: 'removal.count_events',
    sql: sql`SELECT count() AS events FROM removing_events WHERE removal_id = ${int(removalId)}`,
  };
}

/** From every answer at once: a mask over the rows, and the projections without them. */
export function maskEvents(removed: Removed): Sql {
  return sql`DELETE FROM events WHERE ${isRemoved(removed)} SETTINGS lightweight_deletes_sync = 1`;
}

/**
 * Rows of an earlier removal that are leaving the disk would be waited for, while nobody may write: they leave
 * with this one.
 */
export const stopWriteAnew = sql`KILL MUTATION WHERE database = currentDatabase() AND table = 'events'
  AND command LIKE '%APPLY DELETED MASK%' AND NOT is_done SYNC`;

/** From the disk, in the background: parts with masked rows are written anew. */
export const writeAnew = sql`ALTER TABLE events APPLY DELETED MASK SETTINGS mutations_sync = 0`;

/**
 * So that the events can come again. Not those that came again already, where others wrote between a crash and
 * the second try.
 */
export function dropIds(removalId: number): Sql {
  const listed = listedIds(removalId);
  return sql`ALTER TABLE known_ids DELETE WHERE id_hash IN (
  ${listed} AND id_hash NOT IN (SELECT sipHash64(event_id) FROM events WHERE sipHash64(event_id) IN (${listed}))
) SETTINGS mutations_sync = 1`;
}

/** Whose events are removed, also where some of them had none. */
function touched(removed: Removed): Sql {
  const listed = sql`SELECT customer_key FROM removing_events WHERE removal_id = ${int(removed.removalId)}`;
  if (removed.kind === 'import') return listed;
  return sql`${listed} UNION DISTINCT ${listedCustomers(removed.removalId)}`;
}

export function dropCustomers(removed: Removed): Sql {
  return sql`ALTER TABLE customers DELETE WHERE customer_key IN (${touched(removed)}) SETTINGS mutations_sync = 1`;
}

/** Of the events that are left; the table is in order of customers, so this takes little memory. */
export function rebuildCustomers(removed: Removed): Sql {
  return sql`INSERT INTO customers (customer_key, customer_id, first_seen, last_seen, events, revenue)
SELECT customer_key, anyLast(left.customer_id), min(time), max(time), count(), sum(ifNull(left.revenue, 0))
FROM events AS left
WHERE customer_key IN (${touched(removed)})
GROUP BY customer_key
SETTINGS optimize_aggregation_in_order = 1, optimize_use_projections = 0`;
}

/** Rows of the file that were kept aside. */
export function dropRejectedRows(importId: number): Sql {
  return sql`ALTER TABLE rejected_events DELETE WHERE import_id = ${int(importId)} SETTINGS mutations_sync = 1`;
}

export function countRejectedRows(importId: number): SqlQuery<{ found: string }> {
  return {
    name: 'removal.count_rejected_rows',
    sql: sql`SELECT count() AS found FROM rejected_events WHERE import_id = ${int(importId)}`,
  };
}

export function markUndone(importId: number): Sql {
  return sql`INSERT INTO imports (import_id, file, state, owner, chunks, done_chunks, rows, accepted, rejected,
  started_at, version, progress, problem, finished_at)
SELECT import_id, file, 'undone', owner, chunks, done_chunks, rows, accepted, rejected,
  started_at, version + 1, progress, problem, now64(3)
FROM imports FINAL WHERE import_id = ${int(importId)} AND state != 'undone'`;
}

/** The lists of a removal that is done. */
export function dropLists(removalId: number): readonly Sql[] {
  return [
    sql`ALTER TABLE removing_events DROP PARTITION ${int(removalId)}`,
    sql`ALTER TABLE removing_rejected DROP PARTITION ${int(removalId)}`,
    sql`ALTER TABLE removing_customers DROP PARTITION ${int(removalId)}`,
  ];
}
