/** What stands in the store, in SQL: events, properties and their values, channels, totals. */
import {
  customerTrait,
  customerTraits,
  customersTable,
  eventProperty,
  eventsTable,
} from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import type { PropertyScope } from '../../query/filter.ts';
import { int, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';

/** Most events (customers) whose properties are looked at; rows of whole customers, so a fair sample. */
const PROPERTY_SAMPLE = int(200_000);
/** Most values that are counted before the most frequent are taken. */
const VALUE_SAMPLE = int(2_000_000);

export interface EventTotalRow {
  readonly name: string;
  readonly total: string;
  /** Milliseconds. */
  readonly first_ms: number;
  readonly last_ms: number;
}

/** Every event name, most frequent first. Whose events they are does not matter: the projection `totals` tells. */
export function compileEventTotals(): SqlQuery<EventTotalRow> {
  return {
    name: 'catalog_events',
    sql: sql`SELECT event AS name, count() AS total, toFloat64(toUnixTimestamp64Milli(min(time))) AS first_ms,
  toFloat64(toUnixTimestamp64Milli(max(time))) AS last_ms
FROM events GROUP BY event ORDER BY total DESC, name`,
  };
}

export function compileCustomerTotal(scope: CompileScope): SqlQuery<{ total: string }> {
  return {
    name: 'catalog_customers',
    // Told apart by sorting them, range by range: a set of all of them takes twice as long.
    sql: sql`SELECT sum(length(arrayCompact(arraySort(keys)))) AS total
FROM (SELECT groupArray(customer_key) AS keys FROM ${customersTable(scope)} GROUP BY bitShiftRight(customer_key, 56))`,
  };
}

/** Told by the projection `totals` too. */
export function compileChannels(): SqlQuery<{ name: string }> {
  return {
    name: 'catalog_channels',
    sql: sql`SELECT channel AS name FROM events WHERE channel != '' GROUP BY channel ORDER BY count() DESC, name`,
  };
}

export interface PropertyRow {
  readonly name: string;
  /** ClickHouse's types of it. */
  readonly types: readonly string[];
  readonly total: string;
}

/** Keys of properties or traits with how many carry each, most first. */
export function compileProperties(
  of: PropertyScope,
  event: string | null,
  scope: CompileScope,
): SqlQuery<PropertyRow> {
  const one = event === null ? sql`` : sql` WHERE event = ${param.string(event)}`;
  const source =
    of === 'EVENT'
      ? sql`SELECT properties AS bag FROM ${eventsTable(scope)}${one} LIMIT ${PROPERTY_SAMPLE}`
      : sql`SELECT traits AS bag FROM ${customerTraits} LIMIT ${PROPERTY_SAMPLE}`;
  return {
    name: 'catalog_properties',
    sql: sql`SELECT entry.1 AS name, arraySort(groupUniqArray(entry.2)) AS types, count() AS total
FROM (SELECT arrayJoin(CAST(JSONAllPathsWithTypes(bag), 'Array(Tuple(String, String))')) AS entry FROM (${source}))
GROUP BY name ORDER BY total DESC, name`,
  };
}

export interface BuiltInRow {
  readonly channel: string;
  readonly revenue: string;
  readonly order_id: string;
  readonly session_id: string;
}

/** How many events carry each of the built-in properties. */
export function compileBuiltIns(event: string | null, scope: CompileScope): SqlQuery<BuiltInRow> {
  const one = event === null ? sql`` : sql` WHERE event = ${param.string(event)}`;
  return {
    name: 'catalog_built_ins',
    sql: sql`SELECT countIf(channel != '') AS channel, countIf(isNotNull(revenue)) AS revenue,
  countIf(order_id != '') AS order_id, countIf(session_id != '') AS session_id
FROM (SELECT channel, revenue, order_id, session_id FROM ${eventsTable(scope)}${one} LIMIT ${PROPERTY_SAMPLE})`,
  };
}

export interface ValuesQuery {
  readonly property: string;
  readonly of: PropertyScope;
  /** A part of the value; null: any. */
  readonly search: string | null;
  readonly first: number;
}

/** Values of one property or trait as text, most frequent first. */
export function compileValues(query: ValuesQuery, scope: CompileScope): SqlQuery<{ value: string }> {
  const value = query.of === 'EVENT' ? eventProperty(query.property) : customerTrait(query.property);
  const from = query.of === 'EVENT' ? eventsTable(scope) : customerTraits;
  const found: Sql =
    query.search === null
      ? sql`isNotNull(value)`
      : sql`ifNull(positionCaseInsensitiveUTF8(value, ${param.string(query.search)}) > 0, 0)`;
  return {
    name: 'catalog_values',
    sql: sql`SELECT assumeNotNull(value) AS value FROM (SELECT ${value} AS value FROM ${from} WHERE ${found} LIMIT ${VALUE_SAMPLE})
GROUP BY value ORDER BY count() DESC, value LIMIT ${int(query.first)}`,
  };
}
