/** What stands beside the events, brought in line with them after a crash came between the two. Pure. */
import { sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';

/** Ids of these rows (with `event_id`) that event_ids lacks. All of them must be stored. */
export function repairIdsOf(rows: Sql): Sql {
  return sql`INSERT INTO event_ids
SELECT sipHash64(event_id) AS id_hash FROM (${rows})
WHERE id_hash NOT IN (SELECT id_hash FROM event_ids WHERE id_hash IN (SELECT sipHash64(event_id) FROM (${rows})))`;
}

/**
 * What is known of these customers (a list of keys). Counts are sums, so the difference is added (it may be below
 * zero: UInt64 wraps to the right sum).
 */
export function repairCustomersOf(keys: Sql): Sql {
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
