/** What stands in a store, as texts that are equal for equal contents: for tests of what must be as it was before. */
import type { Engine } from '../../server/engine/port.ts';
import { int, param, Sql, sql } from '../../server/query/sql.ts';

/** Events, their ids, customers, what projections count, and rows kept aside. */
export async function storePrint(engine: Engine): Promise<Readonly<Record<string, string>>> {
  const { rows } = await engine.query<Record<string, string>>({
    name: 'test.store_print',
    sql: sql`SELECT
  (SELECT toString((count(), uniqExact(event_id), sum(revenue), groupBitXor(cityHash64(event_id, customer_id, time)))) FROM events) AS events,
  (SELECT toString((uniqExact(id_hash), groupBitXor(id_hash))) FROM (SELECT DISTINCT id_hash FROM known_ids)) AS ids,
  (SELECT toString((count(), groupBitXor(cityHash64(customer_key, customer_id, first_seen, last_seen, events, revenue)))) FROM (
    SELECT customer_key, anyLast(customers.customer_id) AS customer_id, min(customers.first_seen) AS first_seen,
      max(customers.last_seen) AS last_seen, sum(customers.events) AS events, sum(customers.revenue) AS revenue
    FROM customers GROUP BY customer_key)) AS customers,
  (SELECT toString(groupArray((event, channel, c, first, last))) FROM (
    SELECT event, channel, count() AS c, min(time) AS first, max(time) AS last FROM events GROUP BY event, channel ORDER BY event, channel)) AS totals,
  (SELECT toString(groupArray((event, c, r))) FROM (
    SELECT event, count() AS c, sum(revenue) AS r FROM events WHERE has_revenue OR event IN ('view') GROUP BY event ORDER BY event)) AS by_name,
  (SELECT toString((count(), groupBitXor(cityHash64(payload, reason)))) FROM rejected_events) AS rejected,
  (SELECT toString(count()) FROM import_rows) AS reading`,
  });
  return rows[0] ?? {};
}

/** Sums of `ingest_counts`, and events there are. */
export async function balance(engine: Engine): Promise<Readonly<Record<string, number>>> {
  const { rows } = await engine.query<Record<string, string>>({
    name: 'test.balance',
    sql: sql`SELECT sum(duplicates) AS duplicates, sum(rejected) AS rejected, sum(removed) AS removed,
  (SELECT count() FROM events) AS events FROM ingest_counts`,
  });
  return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, value]) => [name, Number(value)]));
}

/** Every table and column of the database whose text has `needle` somewhere. */
export async function placesOf(engine: Engine, needle: string): Promise<readonly string[]> {
  const columns = await engine.query<{ table: string; name: string }>({
    name: 'test.columns',
    sql: sql`SELECT columns.table AS table, name FROM system.columns AS columns
INNER JOIN (SELECT name AS table FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree') AS tables USING table
WHERE database = currentDatabase() ORDER BY table, name`,
  });
  const places: string[] = [];
  for (const { table, name } of columns.rows) {
    const { rows } = await engine.query<{ found: number }>({
      name: 'test.search',
      sql: sql`SELECT count() > 0 AS found FROM ${new Sql([`\`${table}\``], [])}
WHERE position(toString(${new Sql([`\`${name}\``], [])}), ${param.string(needle)}) > 0 LIMIT ${int(1)}`,
    });
    if (rows[0]?.found === 1) places.push(`${table}.${name}`);
  }
  return places;
}
