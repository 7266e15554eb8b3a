/** Lists of customers in SQL: a page in a stable order, found by audience and search. */
import { compileAudience } from '../../query/audience.ts';
import { customerTraits, customersTable, eventsTable, isOrder, orderKey } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { rowsOf } from '../../query/keyed.ts';
import type { PageRequest } from '../../query/page.ts';
import { and, empty, int, or, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import type { CustomerOrder } from '../../query/customer-order.ts';
import type { CustomersQuery } from './customers.query.ts';

export interface PlaceRow {
  readonly key: string;
  /** What the list is sorted by, as whole number text. */
  readonly sort: string;
  /** Customers on all pages. */
  readonly total: string;
}

const PLACES: Record<CustomerOrder, Sql> = {
  LAST_SEEN: sql`toUnixTimestamp64Milli(max(last_seen))`,
  FIRST_SEEN: sql`toUnixTimestamp64Milli(min(first_seen))`,
  REVENUE: sql`toInt64(sum(revenue) * 10000)`,
  ORDERS: sql`0`,
};

/**
 * Who stands on a page of those for whom `selection`, a condition on `customer_key`, holds; one more than asked
 * for. Of everybody only what the list is sorted by is read.
 */
export function compileCustomerPage(
  selection: Sql,
  orderBy: CustomerOrder,
  page: PageRequest,
  scope: CompileScope,
): SqlQuery<PlaceRow> {
  const [sort = '0', key = '0'] = page.after ?? [];
  const after = page.after
    ? sql`WHERE (place, customer_key) < (${param.int64(sort)}, ${param.uint64(key)})`
    : empty;
  return {
    name: 'customers_page',
    sql: sql`SELECT toString(customer_key) AS key, toString(place) AS sort, toString(total) AS total
FROM (SELECT customer_key, place, count() OVER () AS total FROM (${placed(selection, orderBy, scope)})) ${after}
ORDER BY place DESC, customer_key DESC LIMIT ${int(page.first + 1)}`,
  };
}

/** The keys of all of them, in the order of the pages. */
export function compileKeys(
  selection: Sql,
  orderBy: CustomerOrder,
  scope: CompileScope,
): SqlQuery<Pick<PlaceRow, 'key'>> {
  return {
    name: 'customers_keys',
    sql: sql`SELECT toString(customer_key) AS key FROM (${placed(selection, orderBy, scope)})
ORDER BY place DESC, customer_key DESC`,
  };
}

/** Each of them with what the list is sorted by. */
function placed(selection: Sql, orderBy: CustomerOrder, scope: CompileScope): Sql {
  const known = sql`SELECT customer_key, ${PLACES[orderBy]} AS place FROM ${customersTable(scope)} WHERE ${selection} GROUP BY customer_key`;
  return orderBy === 'ORDERS'
    ? sql`SELECT customer_key, toInt64(order_count) AS place FROM (${known}) AS known LEFT JOIN (${orderCounts(selection, scope)}) AS ordered USING (customer_key)`
    : known;
}

/** Rows looked at for each customer of a page: parts that are not merged yet hold a row each of the same customer. */
const ROWS_PER_PLACE = 16;

/**
 * The first page of everybody by LAST_SEEN, without a total and without a group for everybody: whoever stands on it
 * was seen no earlier than the newest rows. Fewer than one more than asked for: they did not tell.
 */
export function compileNewest(page: PageRequest, scope: CompileScope): SqlQuery<PlaceRow> {
  const table = customersTable(scope);
  const most = int((page.first + 1) * ROWS_PER_PLACE);
  return {
    name: 'customers_newest',
    sql: sql`SELECT toString(customer_key) AS key, toString(toUnixTimestamp64Milli(max(last_seen)) AS place) AS sort, '0' AS total
FROM ${table}
WHERE last_seen >= (SELECT min(last_seen) FROM (SELECT last_seen FROM ${table} ORDER BY last_seen DESC LIMIT ${most}))
GROUP BY customer_key
ORDER BY place DESC, customer_key DESC LIMIT ${int(page.first + 1)}`,
  };
}

export interface KnownRow {
  readonly key: string;
  readonly id: string;
  readonly first_ms: number;
  readonly last_ms: number;
  readonly revenue: number;
}

/** What is known of some customers, given by their keys as decimal text. */
export function compileKnown(keys: readonly string[], scope: CompileScope): SqlQuery<KnownRow> {
  return {
    name: 'customers_known',
    isLight: true,
    sql: sql`SELECT toString(customer_key) AS key, anyLast(customer_id) AS id,
  toFloat64(toUnixTimestamp64Milli(min(first_seen))) AS first_ms, toFloat64(toUnixTimestamp64Milli(max(last_seen))) AS last_ms,
  toFloat64(sum(revenue)) AS revenue
FROM ${customersTable(scope)} WHERE ${rowsOf(keys, scope)} GROUP BY customer_key`,
  };
}

/** How many there are on all pages. */
export function compileCustomerCount(selection: Sql, scope: CompileScope): SqlQuery<{ total: string }> {
  return {
    name: 'customers_count',
    sql: sql`SELECT uniqExact(customer_key) AS total FROM ${customersTable(scope)} WHERE ${selection}`,
  };
}

export interface OrderCountRow {
  readonly key: string;
  readonly order_count: string;
}

/** Orders of some customers, given by their keys as decimal text. */
export function compileOrderCounts(keys: readonly string[], scope: CompileScope): SqlQuery<OrderCountRow> {
  const counts = orderCounts(rowsOf(keys, scope), scope);
  return {
    name: 'customers_orders',
    isLight: true,
    sql: sql`SELECT toString(customer_key) AS key, order_count FROM (${counts})`,
  };
}

function orderCounts(selection: Sql, scope: CompileScope): Sql {
  return sql`SELECT customer_key, uniqExact(${orderKey}) AS order_count FROM ${eventsTable(scope)}
WHERE ${isOrder(scope.vocabulary)} AND ${selection} GROUP BY customer_key`;
}

/** At the end of a statement that answers JSON text: whole numbers come as they were sent, not as text. */
export const numbersAsNumbers = sql`SETTINGS output_format_json_quote_64bit_integers = 0`;

/** A condition on `customer_key`. */
export function compileSelection(query: CustomersQuery, scope: CompileScope): Sql {
  const conditions = [compileAudience(query.audience, scope)];
  if (query.search !== null) conditions.push(found(query.search, scope));
  return and(conditions);
}

/** By a part of the id, of an id that was joined, or of a trait's value, whatever the case. */
function found(search: string, scope: CompileScope): Sql {
  const holds = (text: Sql): Sql =>
    sql`ifNull(positionCaseInsensitiveUTF8(${text}, ${param.string(search)}) > 0, 0)`;
  return or([
    sql`customer_key IN (SELECT customer_key FROM ${customersTable(scope)} WHERE ${holds(sql`customer_id`)})`,
    sql`customer_key IN (SELECT customer_key FROM identities FINAL WHERE ${holds(sql`alias`)})`,
    sql`customer_key IN (SELECT customer_key FROM ${customerTraits} WHERE ${inTraits(search, holds)})`,
  ]);
}

/** Where JSON writes them as they are, the text of all traits tells most customers out before they are taken apart. */
function inTraits(search: string, holds: (text: Sql) => Sql): Sql {
  const text = sql`toJSONString(traits)`;
  const values = sql`JSONExtractKeysAndValues(${text}, 'String')`;
  const inValues = sql`arrayExists(entry -> ${holds(sql`entry.2`)}, ${values})`;
  return /^[\p{L}\p{N} @._+-]+$/u.test(search) ? and([holds(text), inValues]) : inValues;
}

/** The key of the customer whom an id stands for, also one that was joined to another. */
export function compileKeyOf(id: string): SqlQuery<{ key: string }> {
  const own = sql`cityHash64(${param.string(id)})`;
  return {
    name: 'customer_key',
    isLight: true,
    sql: sql`SELECT toString(if(empty(joined), ${own}, joined[1])) AS key
FROM (SELECT groupArray(customer_key) AS joined FROM identities FINAL WHERE alias_key = ${own})`,
  };
}
