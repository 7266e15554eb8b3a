/**
 * Each customer's numbers as one array, in order, in SQL. Not by grouping on the customer: arrays that grow in as
 * many places as there are customers cost more than all else together. Customers are gathered by ranges of their
 * keys, few and large, as pairs of key and number; sorted, these are cut wherever the key changes. It takes half the
 * time and half the memory. Knows no tables.
 */
import { empty, int, join, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** So many ranges (as bits): each core has some to work on, and each is one array long enough to sort at once. */
const RANGE_BITS = 8;

/** What is gathered. */
export interface Gathering {
  /** Rows with a `customer_key`. */
  readonly rows: Sql;
  /** Over `rows`: a number (UInt64), or an array of them. */
  readonly number: Sql;
  readonly isArray?: boolean;
  /** Over `rows`: another number (UInt64) that goes with it, and decides between equal ones. */
  readonly beside?: Sql;
  /** Of the statement that gathers. */
  readonly settings?: Sql;
}

/**
 * `SELECT customer_key, numbers`, and `besides` where asked for: a row for each customer of whom there are any. Equal
 * numbers each stay.
 */
export function sortedByCustomer({
  rows,
  number,
  isArray = false,
  beside,
  settings = empty,
}: Gathering): Sql {
  const keyed = (n: Sql): Sql => {
    const pair = sql`bitShiftLeft(toUInt128(customer_key), 64) + ${n}`;
    return beside ? sql`bitShiftLeft(toUInt256(${pair}), 64) + ${beside}` : pair;
  };
  const gathered = isArray
    ? sql`groupArrayArray(arrayMap(n -> ${keyed(sql`n`)}, ${number}))`
    : sql`groupArray(${keyed(number)})`;
  // The 64-bit words of an entry, the last one first.
  const words = beside ? [sql`besides`, sql`numbers`, sql`keys`] : [sql`numbers`, sql`keys`];
  const unpacked = words.map(
    (word, i) => sql`arrayMap(e -> toUInt64(bitShiftRight(e, ${int(64 * i)})), entries) AS all_${word}`,
  );
  const cut = (word: Sql): Sql => sql`arraySplit((n, f) -> f, all_${word}, is_first) AS ${word}`;
  const others = beside ? sql`, besides` : empty;
  const allOthers = beside ? sql`, all_besides` : empty;
  return sql`SELECT customer_key, numbers${others}
FROM (SELECT all_keys, all_numbers${allOthers}, arrayMap((k, b) -> k != b, all_keys, arrayPushFront(arrayPopBack(all_keys), bitNot(all_keys[1]))) AS is_first
FROM (SELECT ${join(unpacked, sql`, `)}
FROM (SELECT arraySort(${gathered}) AS entries
FROM (${rows}) GROUP BY bitShiftRight(customer_key, ${int(64 - RANGE_BITS)}) ${settings})))
ARRAY JOIN arrayFilter((k, f) -> f, all_keys, is_first) AS customer_key, ${cut(sql`numbers`)}${beside ? sql`, ${cut(sql`besides`)}` : empty}`;
}
