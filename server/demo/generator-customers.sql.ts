/**
 * Who the generated retailer's customers are and when they visit: one row a visit, in shop time (days, see
 * generator-calendar.sql.ts). All chance is a hash of the customer's number and the seed.
 */
import { int, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import { DAY_MS, HISTORY_DAYS, SHARES_PER_DAY } from './generator-calendar.sql.ts';
import { FIRST_GAP_FACTOR, ORDER_RATES_PER_10000_DAYS, SAME_DAY_SHARE } from './repurchase.ts';

/** Customers by number, `first <= number < first + count`, of the retailer that `seed` stands for. */
export interface CustomerSlice {
  readonly seed: number;
  readonly first: number;
  readonly count: number;
}

/** The instants between which events are made: `fromMs <= start of the visit`, event before `endMs`. */
export interface HistorySpan {
  /** The end of history, which spans HISTORY_DAYS. */
  readonly endMs: number;
  /** Only visits from here on; null for all. */
  readonly fromMs: number | null;
  /** Stands in front of the ids of this span's visits, so that two spans of one store never share an id. */
  readonly idPrefix: string;
}

/** 16 bits of a hash as a number in (0, 1). */
export function share16(hash: Sql, bit: number): Sql {
  return sql`((bitAnd(bitShiftRight(${hash}, ${int(bit)}), 65535) + 0.5) / 65536)`;
}

/** A waiting time with mean 1: exponential, from 16 bits of a hash. */
function wait16(hash: Sql, bit: number): Sql {
  return sql`(-log(${share16(hash, bit)}))`;
}

/** Indices `0 .. size-1`, the constant that `transform` looks values up by. */
export function indices(size: number): Sql {
  return sql`range(${int(size)})`;
}

/**
 * One row a customer: number, hashes h1 and h2, role (0 anonymous visitor, 1 known prospect, 2 customer from
 * before history begins, 3 customer won since), customer_id, place (see people.ts), rate (orders a day) and day
 * of arrival. Each step stands in a query of its own: ClickHouse repeats the whole expression behind a name.
 */
export function customersOf(slice: CustomerSlice): Sql {
  return sql`
    SELECT
      number, h1, h2, role,
      if(role = 0, concat('V', lower(hex(bitShiftRight(cityHash64(h1, h2), 24)))),
        concat('C', if(number < 1000000, leftPad(toString(number), 6, '0'), toString(number)))) AS customer_id,
      toUInt8(cityHash64(h1) % 20) AS place,
      transform(toUInt64(${share16(sql`h1`, 16)} * 100), ${indices(100)},
        ${param.floats(ORDER_RATES_PER_10000_DAYS)}, 0.) / 10000 AS rate,
      if(role = 2, 0., (sqrt(1 + 0.69 * ${share16(sql`h1`, 32)}) - 1) / 0.3 * ${int(HISTORY_DAYS)}) AS arrival
    FROM (
      SELECT *, multiIf(role_share < 0.36, 0, role_share < 0.5, 1, role_share < 0.66, 2, 3) AS role
      FROM (
        SELECT number, cityHash64(number, ${param.uint64(slice.seed)}, 1) AS h1, cityHash64(h1, 2) AS h2,
          ${share16(sql`h1`, 0)} AS role_share
        FROM numbers_mt(${param.uint64(slice.first)}, ${param.uint64(slice.count)})
      )
    )`;
}

/** Days from one order to the next: waits at the customer's own rate, the first longer, some on the same day. */
const gaps = sql`arrayMap(
        (hash, k) -> if(k > 0 AND ${share16(sql`hash`, 0)} < ${param.float(SAME_DAY_SHARE)}, ${share16(sql`hash`, 16)} * 0.3,
          ${wait16(sql`hash`, 16)} / rate * if(k = 0, ${param.float(FIRST_GAP_FACTOR)}, 1)),
        arrayMap(k -> cityHash64(h2, k), order_numbers), order_numbers)`;

/** For a third of the orders, a look around some days before. */
const researchDays = sql`arrayFilter(day -> day >= 0, arrayMap(
        (day, hash) -> if(bitAnd(hash, 255) < 90, day - 4 * ${wait16(sql`hash`, 16)}, -1.),
        order_days, arrayMap(k -> cityHash64(h2, k, 3), arrayEnumerate(order_days))))`;

/** Visits of those who have not bought: a few after arrival. */
const prospectDays = sql`arrayMap(sum -> arrival + sum, arrayCumSum(arrayPushFront(
        arrayMap(k -> 36 * ${wait16(sql`cityHash64(h2, k, 4)`, 16)},
          range(toUInt64(least(7 * ${wait16(sql`h2`, 32)}, 40)))), 0.)))`;

/** `visits` days spread evenly from `since` while the customer stays interested. */
function spread(since: Sql, visits: Sql, salt: number): Sql {
  return sql`arrayMap(k -> ${since} + (interested_until - ${since}) * ${share16(sql`cityHash64(h2, k, ${int(salt)})`, 16)},
        range(toUInt64(least((interested_until - ${since}) * ${visits} + ${share16(sql`h2`, 48)}, 200))))`;
}

/** Days of the customer's orders: the first soon after arrival, the others by the customer's own rate. */
const orderDays = sql`if(role < 2, [], arrayFilter(day -> day < ${int(HISTORY_DAYS)}, arrayMap(
          sum -> sum + if(role = 2, ${wait16(sql`h2`, 0)} / greatest(rate, 0.011),
            arrival + 5 * ${wait16(sql`h2`, 0)}),
          arrayCumSum(arrayPushFront(${gaps}, 0.)))))`;

/** In shop time, a day before the span begins: all that a visit at `fromMs` may stand at, and little more. */
function sinceDay({ endMs, fromMs }: HistorySpan): Sql {
  if (fromMs === null) return sql`1`;
  const day = HISTORY_DAYS - 2 - (Math.floor(endMs / DAY_MS) - Math.floor(fromMs / DAY_MS));
  return sql`day >= (arrayFirstIndex(share -> share >= ${param.int64(Math.max(0, day))}, calendar) - 1) / ${int(SHARES_PER_DAY)}`;
}

/**
 * One row a visit: number, customer_id, h1, place, `visit` (1-based number), `kind` (1 order, 2 look around
 * before an order, 3 visit without an order, 4 look at the points) and `day` in shop time.
 */
export function visitsOf(slice: CustomerSlice, span: HistorySpan): Sql {
  const end = int(HISTORY_DAYS);
  return sql`
    SELECT number, customer_id, h1, place, visit, kind_day.1 AS kind, kind_day.2 AS day
    FROM (
      SELECT
        number, customer_id, h1, place,
        arrayConcat(
          arrayMap(day -> (toUInt8(1), day), order_days),
          arrayMap(day -> (toUInt8(2), day), ${researchDays}),
          arrayMap(day -> (toUInt8(3), day), if(is_prospect, ${prospectDays}, ${spread(sql`arrival`, sql`browse_rate`, 5)})),
          arrayMap(day -> (toUInt8(4), day), if(is_prospect, [], ${spread(sql`first_order`, sql`0.012`, 6)}))) AS visits
      FROM (
        SELECT *, empty(order_days) AS is_prospect, order_days[1] AS first_order,
          least(${end}, order_days[-1] + 35 * ${wait16(sql`h2`, 16)}) AS interested_until,
          0.015 + 0.05 * ${share16(sql`h2`, 32)} AS browse_rate
        FROM (
          SELECT *, ${orderDays} AS order_days
          FROM (
            SELECT *, range(toUInt64(if(role < 2, 0, least(rate * 900 + 14, 200)))) AS order_numbers
            FROM (${customersOf(slice)})
          )
        )
      )
    )
    ARRAY JOIN visits AS kind_day, arrayEnumerate(visits) AS visit
    WHERE day < ${end} AND ${sinceDay(span)}`;
}
