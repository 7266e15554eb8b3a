/**
 * Each customer's numbers as one array, in order, in SQL. Not by grouping on the customer: arrays that grow in as
 * many places as there are customers cost more than all else together. Customers are gathered by ranges of their
 * keys, few and large, as pairs of key and number; sorted, these are cut wherever the key changes. It takes half the
 * time and half the memory. Knows no tables.
 */
import { empty, int, join, name, sql } from './sql.ts';
import type { EventSpan } from './span.ts';
import type { Sql } from './sql.ts';

/** So many ranges (as bits): each core has some to work on, and each is one array long enough to sort at once. */
const RANGE_BITS = 8;

/**
 * Ranges of a short stretch of time. Every range is a block of its own on the way through the statement, and a block
 * costs by the function however few rows it has. A quarter of a year in these is no more rows a range than a year in
 * those.
 */
const SHORT = { days: 92, bits: 6 } as const;
const DAY_MS = 86_400_000;

/** What is gathered. */
export interface Gathering {
  /** Rows with a `customer_key`. */
  readonly rows: Sql;
  /** Over `rows`: a number (UInt64), or an array of them. */
  readonly number: Sql;
  readonly isArray?: boolean;
  /** Over `rows`: up to two other numbers (UInt64) that go with it, and decide between equal ones. */
  readonly beside?: readonly Sql[];
  /** When the rows were, where that is known to be short or long. */
  readonly span?: EventSpan;
  /** Of the statement that gathers. */
  readonly settings?: Sql;
}

/**
 * `SELECT customer_key, numbers`, and `beside_1`, `beside_2` where asked for: a row for each customer of whom there are
 * any. Equal numbers each stay.
 */
export function sortedByCustomer({
  rows,
  number,
  isArray = false,
  beside = [],
  span,
  settings = empty,
}: Gathering): Sql {
  const entry = (n: Sql): Sql => entryOf(sql`bitShiftLeft(toUInt128(customer_key), 64) + ${n}`, beside);
  const gathered = isArray
    ? sql`groupArrayArray(arrayMap(n -> ${entry(sql`n`)}, ${number}))`
    : sql`groupArray(${entry(number)})`;
  const words = [sql`keys`, sql`numbers`, ...beside.map((_, i) => name('beside', i + 1))];
  const unpacked = words.map(
    (word, i) =>
      sql`arrayMap(e -> toUInt64(bitShiftRight(e, ${int(64 * (words.length - 1 - i))})), entries) AS all_${word}`,
  );
  const shown = words.slice(1);
  const cut = shown.map((word) => sql`arraySplit((n, f) -> f, all_${word}, is_first) AS ${word}`);
  return sql`SELECT customer_key, ${join(shown, sql`, `)}
FROM (SELECT ${join(
    words.map((word) => sql`all_${word}`),
    sql`, `,
  )}, arrayMap((k, b) -> k != b, all_keys, arrayPushFront(arrayPopBack(all_keys), bitNot(all_keys[1]))) AS is_first
FROM (SELECT ${join(unpacked, sql`, `)}
FROM (SELECT arraySort(${gathered}) AS entries
FROM (${rows}) GROUP BY bitShiftRight(customer_key, ${int(64 - rangeBits(span))}) ${settings})))
ARRAY JOIN arrayFilter((k, f) -> f, all_keys, is_first) AS customer_key, ${join(cut, sql`, `)}`;
}

function rangeBits(span: EventSpan | undefined): number {
  return span && span.toMs - span.fromMs <= SHORT.days * DAY_MS ? SHORT.bits : RANGE_BITS;
}

/** Key, number and what goes with it as one wide number, in this order. */
function entryOf(pair: Sql, [first, second]: readonly Sql[]): Sql {
  if (!first) return pair;
  if (!second) return sql`bitShiftLeft(toUInt256(${pair}), 64) + ${first}`;
  return sql`bitShiftLeft(toUInt256(${pair}), 128) + (bitShiftLeft(toUInt128(${first}), 64) + ${second})`;
}
