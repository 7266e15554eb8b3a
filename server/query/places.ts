/**
 * Where in numbered stretches of time customers did something, in SQL, without a group for each customer: a place is
 * a customer and a position in one number. Customers are gathered by ranges of their keys (as in gathered.ts), and
 * the bits that name a range make room for the position. Sorted places have a customer's side by side, in order of
 * position. Pure; knows no tables.
 */
import { int, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** Bits of positions, and of ranges: few ranges where they do. */
const WIDTHS = [8, 13] as const;

/** More positions than this have no room. */
export const MAX_POSITIONS = 2 ** 13;

/** Of positions from 0 to below `count`. */
export interface Places {
  /** Over rows with `customer_key`: the place of one, as UInt64. */
  readonly at: (position: Sql) => Sql;
  /** What rows are grouped by. */
  readonly range: Sql;
  /** Of a place, as UInt16. */
  readonly position: (place: Sql) => Sql;
  /** Over sorted places: 1 for each customer's first. */
  readonly isFirst: (places: Sql) => Sql;
  /** Over sorted places: the position of the customer's next, `last` where there is none. */
  readonly next: (places: Sql, last: Sql) => Sql;
  /** Over rows with `order_key`: what `ofOrders` gathers. */
  readonly orderAt: (position: Sql) => Sql;
  /** From gathered `orderAt`: a place for each order, where the first of its events stands; sorted. */
  readonly ofOrders: (orders: Sql) => Sql;
}

export function placesOf(count: number): Places {
  const width = WIDTHS.find((bits) => count <= 2 ** bits) ?? WIDTHS[1];
  const bits = int(width);
  const mask = int(2 ** width - 1);
  const differs = (a: Sql, b: Sql): Sql => sql`bitShiftRight(bitXor(${a}, ${b}), ${bits}) != 0`;
  const position = (place: Sql): Sql => sql`toUInt16(bitAnd(${place}, ${mask}))`;
  const key = sql`bitShiftLeft(customer_key, ${bits})`;
  const place = sql`bitOr(bitShiftLeft(toUInt64(bitShiftRight(o, ${int(64 + width)})), ${bits}), toUInt64(bitAnd(o, ${mask})))`;
  return {
    at: (at) => sql`(${key} + toUInt64(${at}))`,
    range: sql`bitShiftRight(customer_key, ${int(64 - width)})`,
    position,
    isFirst: (places) => sql`arrayMap((p, b) -> ${differs(sql`p`, sql`b`)}, ${places}, ${shifted(places)})`,
    next: (places, last) =>
      sql`arrayMap((p, n) -> if(${differs(sql`p`, sql`n`)}, toUInt16(${last}), ${position(sql`n`)}), ${places}, arrayPopFront(arrayPushBack(${places}, bitNot(${places}[-1]))))`,
    // The customer, the order, the position: so an order's first event comes before its others.
    orderAt: (at) =>
      sql`(bitShiftLeft(toUInt128(${key}), 64) + bitShiftLeft(toUInt128(order_key), ${bits}) + toUInt64(${at}))`,
    ofOrders: (orders) =>
      sql`arraySort(arrayMap(o -> ${place}, arrayFilter((o, b) -> ${differs(sql`o`, sql`b`)}, ${orders}, ${shifted(orders)})))`,
  };
}

/** Each entry's predecessor; the first has one that is no neighbour of anything. */
function shifted(array: Sql): Sql {
  return sql`arrayPopBack(arrayPushFront(${array}, bitNot(${array}[1])))`;
}
