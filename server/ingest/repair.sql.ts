/** What the views behind `events` lack of it, as statements. Pure. */
import { int, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';
import type { IngestEvent } from './event.ts';
import { textList } from './text-list.ts';

/** A crash concerns inserts that were under way: those received this shortly before the last one. */
const LAST_SECONDS = 30;

/** A condition on events. */
export const receivedLast = sql`received_at >= (SELECT least(max(received_at), now64(3)) FROM events) - INTERVAL ${int(LAST_SECONDS)} SECOND`;

/** Enters ids of such events that known_ids lacks. */
export function missingIds(which: Sql): Sql {
  return sql`
INSERT INTO known_ids
SELECT sipHash64(event_id) AS id_hash FROM events
WHERE ${which} AND id_hash NOT IN (
  SELECT id_hash FROM known_ids WHERE id_hash IN (SELECT sipHash64(event_id) FROM events WHERE ${which})
)`;
}

/** Ids of these rows (with `event_id`) that known_ids lacks. All of them must be stored. */
export function repairIdsOf(rows: Sql): Sql {
  return sql`INSERT INTO known_ids
SELECT sipHash64(event_id) AS id_hash FROM (${rows})
WHERE id_hash NOT IN (SELECT id_hash FROM known_ids WHERE id_hash IN (SELECT sipHash64(event_id) FROM (${rows})))`;
}

/**
 * Brings what is known of customers, given by a statement of their keys, in line with their events. Counts are
 * sums, so the difference is added (it may be below zero: UInt64 wraps to the right sum).
 */
export function outOfStepCustomers(keys: Sql): Sql {
  return sql`INSERT INTO customers
SELECT customer_key, id, first, last, count - known_events, total - known_revenue
FROM (
  SELECT customer_key, any(events.customer_id) AS id, min(time) AS first, max(time) AS last, count() AS count,
    sum(ifNull(events.revenue, toDecimal128(0, 4))) AS total
  FROM events WHERE customer_key IN (${keys}) GROUP BY customer_key
) AS real
ANY LEFT JOIN (
  SELECT customer_key, sum(customers.events) AS known_events, sum(customers.revenue) AS known_revenue
  FROM customers WHERE customer_key IN (${keys}) GROUP BY customer_key
) AS known USING customer_key
WHERE count != known_events OR total != known_revenue`;
}

/** The keys of customers as they were sent. */
export function keysOf(customerIds: readonly string[]): Sql {
  return sql`SELECT cityHash64(arrayJoin(${textList(customerIds)}))`;
}

/** Which of these events are stored; found under their customers and times. */
export function storedOf(events: readonly IngestEvent[]): SqlQuery<{ readonly event_id: string }> {
  const times = events.map((event) => event.timeMs);
  const earliest = times.reduce((a, b) => Math.min(a, b));
  const latest = times.reduce((a, b) => Math.max(a, b));
  return {
    name: 'ingest.known_events',
    sql: sql`
SELECT DISTINCT event_id FROM events
WHERE customer_key IN (${keysOf([...new Set(events.map((e) => e.customerId))])})
  AND time BETWEEN ${param.time(earliest)} AND ${param.time(latest)}
  AND event_id IN (SELECT arrayJoin(${textList(events.map((event) => event.eventId))}))`,
  };
}
