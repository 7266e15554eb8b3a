/** What is read to keep answers up to date: everybody's facts, those of some, what arrived, which ids were joined. */
import { eventsTable } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { sortedByCustomer } from '../../query/gathered.ts';
import { wholeOf } from '../../query/whole.ts';
import type { FactsPart, FactsQuery } from '../../query/kept.ts';
import { int, or, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';

/** `customer_key, numbers[, beside_1[, beside_2]]`: the facts of each customer, side by side in order. */
export function factsByCustomer(facts: FactsQuery, scope: CompileScope, part: FactsPart): Sql {
  const beside = [sql`reinterpretAsUInt64(beside_1)`, sql`reinterpretAsUInt64(beside_2)`];
  const sorted = sortedByCustomer({
    rows: facts.rows(scope, part),
    number: sql`reinterpretAsUInt64(fact)`,
    beside: beside.slice(0, facts.width - 1),
  });
  return facts.isSet && facts.width === 1
    ? sql`SELECT customer_key, arrayCompact(numbers) AS numbers FROM (${sorted})`
    : sorted;
}

/** True of rows of events and customers that belong to these customers, by whatever id they are stored. */
export function isOfCustomers(keys: readonly string[], { hasMergedIdentities }: CompileScope): Sql {
  const own = param.uint64s(keys);
  if (!hasMergedIdentities) return sql`customer_key IN ${own}`;
  const customers = sql`SELECT dictGetOrDefault('identity_keys', 'customer_key', key, key) FROM (SELECT arrayJoin(${own}) AS key)`;
  return sql`stored_key IN (${customers} UNION ALL SELECT alias_key FROM identities WHERE identities.customer_key IN (${customers}))`;
}

export interface FactRow {
  readonly customer_key: string;
  readonly fact: string;
  readonly beside_1?: string;
  readonly beside_2?: string;
}

/** The same of some customers, a row a fact, in any order. */
export function factRows(facts: FactsQuery, scope: CompileScope, part: FactsPart): SqlQuery<FactRow> {
  return { name: 'live.facts', sql: facts.rows(scope, part), isLight: true };
}

/** What is told of an event that arrived, in the order of `toldOf`. */
export type Told = readonly [
  key: string,
  storedKey: string,
  id: string,
  timeMs: number,
  event: string,
  channel: string,
  amount: number,
  hasRevenue: number,
  hasOrderId: number,
  orderKey: number,
  sessionKey: number,
];

/** A row of `arrived` as one value. */
export function toldOf(isMerged: boolean): Sql {
  const key = isMerged
    ? sql`dictGetOrDefault('identity_keys', 'customer_key', arrived.customer_key, arrived.customer_key)`
    : sql`arrived.customer_key`;
  return sql`tuple(toString(${key}), toString(arrived.customer_key), toString(id_hash), toUnixTimestamp64Milli(time),
  toString(event), toString(channel), amount + 0, has_revenue + 0, has_order_id + 0, ${wholeOf(sql`order_key`)},
  if(session_id = '', 0, ${wholeOf(sql`sipHash64(session_id)`)}))`;
}

interface ArrivedRow {
  readonly batch: string;
  readonly told: Told;
}

/** The events that came with these inserts. */
export function arrivedEvents(batches: readonly string[], isMerged: boolean): SqlQuery<ArrivedRow> {
  return {
    name: 'live.arrived',
    isLight: true,
    sql: sql`SELECT toString(arrived.batch) AS batch, ${toldOf(isMerged)} AS told
FROM arrived WHERE arrived.batch IN ${param.uint64s(batches)}
SETTINGS output_format_json_quote_64bit_integers = 0`,
  };
}

/** An event by its id, or, without one, a customer and when they were seen first. */
export interface StoredRow {
  readonly key: string;
  readonly time_ms: number;
  readonly id: string;
}

/** An event that is looked for. */
interface Sought {
  readonly storedKey: string;
  readonly id: string;
  readonly event: { readonly timeMs: number };
}

/** Months that one look for stored events spans at most; what lies in more is looked for a few months at a time. */
export const MONTHS_AT_ONCE = 24;

/** The events by the months (UTC) they happened in, as the store keeps them; so many months together at most. */
export function inMonths<T extends Sought>(arrivals: readonly T[]): readonly (readonly (readonly T[])[])[] {
  const months = new Map<string, T[]>();
  for (const arrival of arrivals) {
    const month = new Date(arrival.event.timeMs).toISOString().slice(0, 7);
    const own = months.get(month);
    if (own) own.push(arrival);
    else months.set(month, [arrival]);
  }
  const all = [...months.values()];
  const looks = Math.ceil(all.length / MONTHS_AT_ONCE);
  return Array.from({ length: looks }, (_, i) => all.slice(i * MONTHS_AT_ONCE, (i + 1) * MONTHS_AT_ONCE));
}

/**
 * Those of the events that can be read, and since when their customers are known. Each month is asked for by itself:
 * one event that came very late does not have the others' customers read for all the time between.
 */
export function storedAmong(months: readonly (readonly Sought[])[]): SqlQuery<StoredRow> {
  const keys = param.uint64s(keysOf(months.flat()));
  const ids = param.uint64s(months.flatMap((month) => month.map(({ id }) => id)));
  return {
    name: 'live.stored',
    isLight: true,
    isVolatile: true,
    sql: sql`SELECT toString(events.customer_key) AS key, toUnixTimestamp64Milli(time) AS time_ms, toString(sipHash64(event_id)) AS id
FROM events WHERE ${or(months.map(isOfMonth))} AND sipHash64(event_id) IN ${ids}
UNION ALL
SELECT toString(customers.customer_key), toUnixTimestamp64Milli(min(first_seen)), ''
FROM customers WHERE customers.customer_key IN ${keys} GROUP BY customers.customer_key
SETTINGS output_format_json_quote_64bit_integers = 0`,
  };
}

/** True of rows of the customers with events in the month, from the first of these events to the last. */
function isOfMonth(month: readonly Sought[]): Sql {
  const [first, last] = month.reduce(
    ([a, b], { event: { timeMs } }) => [Math.min(a, timeMs), Math.max(b, timeMs)],
    [Infinity, -Infinity],
  );
  return sql`events.customer_key IN ${param.uint64s(keysOf(month))} AND time BETWEEN ${param.time(first)} AND ${param.time(last)}`;
}

function keysOf(arrivals: readonly Sought[]): readonly string[] {
  return [...new Set(arrivals.map(({ storedKey }) => storedKey))];
}

/** Who did something in a stretch of time, and when; at most so many. */
export function laterEvents(
  scope: CompileScope,
  fromMs: number,
  toMs: number,
  most: number,
): SqlQuery<{ readonly key: string; readonly time_ms: number }> {
  return {
    name: 'live.ahead',
    sql: sql`SELECT toString(customer_key) AS key, toUnixTimestamp64Milli(time) AS time_ms FROM ${eventsTable(scope)}
WHERE time >= ${param.time(fromMs)} AND time < ${param.time(toMs)} LIMIT ${int(most)}
SETTINGS output_format_json_quote_64bit_integers = 0`,
  };
}

export interface JoinRow {
  readonly alias: string;
  readonly customer: string;
}

/** Ids that were joined to a customer with these inserts. */
export function arrivedJoins(batches: readonly string[]): SqlQuery<JoinRow> {
  return {
    name: 'live.joins',
    isLight: true,
    sql: sql`SELECT toString(alias_key) AS alias, toString(arrived_joins.customer_key) AS customer
FROM arrived_joins WHERE batch IN ${param.uint64s(batches)} AND alias_key != arrived_joins.customer_key`,
  };
}
