/**
 * What happens in a visit of the generated retailer: its channel, device, source, start, products, basket, and
 * the set of things done, as a bit mask of slots in order of time. The chances of each thing stand here.
 */
import { int, name, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import { firstDay, SHARES_PER_DAY } from './generator-calendar.sql.ts';
import { indices, share16, visitsOf } from './generator-customers.sql.ts';
import type { CustomerSlice, HistorySpan } from './generator-customers.sql.ts';
import { PLACES } from './people.ts';
import { PRODUCTS } from './assortment.ts';
import { hourShares, ONLINE_HOURS, STORE_HOURS } from './rhythm.ts';

/** Places of the mask, in the order in which they happen; from `delivered` on, days after the visit. */
export const SLOT = {
  source: 0,
  landed: 1,
  searched: 2,
  listed: 3,
  contacted: 4,
  viewed: 5,
  viewedSecond: 6,
  content: 7,
  viewedThird: 8,
  wished: 9,
  added: 10,
  addedSecond: 11,
  cart: 12,
  coupon: 13,
  checkout: 14,
  redeemed: 15,
  ordered: 16,
  points: 17,
  delivered: 20,
  supported: 21,
  refunded: 22,
  reviewed: 23,
  referred: 24,
  pointsLater: 25,
} as const;

/** A quick order of something known goes straight to the cart. */
const EXPRESS_SLOTS = [SLOT.source, SLOT.landed, SLOT.cart, SLOT.coupon, SLOT.checkout].reduce(
  (all: number, slot) => all + 2 ** slot,
  0,
);

/** 10 bits of a hash as a number in [0, 1). */
function share10(hash: 'a' | 'b' | 'c', bit: number): Sql {
  return sql`(bitAnd(bitShiftRight(${name(hash)}, ${int(bit)}), 1023) / 1024)`;
}

function done(slot: number, when: Sql): Sql {
  return sql`toUInt32(${when}) * ${int(2 ** slot)}`;
}

function mask(entries: readonly (readonly [number, Sql])[]): Sql {
  return entries
    .map(([slot, when]) => done(slot, when))
    .reduce((all, next) => sql`${all}\n          + ${next}`);
}

/** An online visit up to the checkout; `reached` decides how far it goes. */
const onlineMask = mask([
  [SLOT.source, sql`source BETWEEN 1 AND 3`],
  [SLOT.landed, sql`NOT message_only`],
  [SLOT.searched, sql`reached >= 1 AND ${share10('b', 0)} < 0.2`],
  [SLOT.listed, sql`reached >= 1 AND ${share10('b', 10)} < 0.42`],
  [SLOT.contacted, sql`reached >= 1 AND ${share10('b', 20)} < 0.016`],
  [SLOT.viewed, sql`reached >= 2`],
  [SLOT.viewedSecond, sql`reached >= 2 AND ${share10('b', 30)} < 0.42`],
  [SLOT.content, sql`reached >= 1 AND channel != 'app' AND ${share10('b', 40)} < 0.12`],
  [SLOT.viewedThird, sql`reached >= 2 AND ${share10('b', 40)} > 0.8`],
  [SLOT.wished, sql`reached >= 2 AND ${share10('b', 50)} < 0.06`],
  [SLOT.added, sql`reached >= 3`],
  [SLOT.addedSecond, sql`reached >= 3 AND ${share10('b', 50)} > 0.8`],
  [SLOT.cart, sql`reached >= 4 OR express`],
  [SLOT.coupon, sql`(reached >= 5 OR express) AND ${share10('c', 0)} < 0.24`],
  [SLOT.checkout, sql`reached >= 5 OR express`],
]);

/** What an order brings with it, whatever its channel. */
const orderMask = mask([
  [SLOT.redeemed, sql`kind = 1 AND ${share10('c', 10)} < 0.07`],
  [SLOT.ordered, sql`kind = 1`],
  [SLOT.delivered, sql`kind = 1 AND channel != 'store' AND ${share10('c', 20)} < 0.9`],
  [SLOT.supported, sql`kind = 1 AND ${share10('c', 20)} > 0.95`],
  [SLOT.refunded, sql`kind = 1 AND ${share10('c', 30)} < 0.04`],
  [SLOT.reviewed, sql`kind = 1 AND ${share10('c', 30)} > 0.93`],
  [SLOT.referred, sql`kind = 1 AND ${share10('c', 40)} < 0.02`],
  [SLOT.pointsLater, sql`kind = 1 AND ${share10('c', 40)} > 0.86`],
  [SLOT.points, sql`kind = 4`],
]);

/** Chance that an online visit without an order goes on: to look around, view, add, cart, check out. */
const reached = sql`multiIf(
          message_only OR kind = 4, 0,
          kind = 1, 5,
          ${share10('c', 50)} < 0.26 AND kind = 3, 0,
          ${share10('b', 0)} * 0.5 + ${share10('b', 32)} * 0.5 < 0.3 AND kind = 3, 1,
          ${share10('a', 30)} >= if(kind = 2, 0.3, multiIf(channel = 'app', 0.13, device = 'desktop', 0.12, 0.085)), 2,
          ${share10('a', 40)} < 0.36, 3,
          ${share10('a', 40)} < if(device = 'desktop', 0.6, 0.68), 4,
          5)`;

/** Customers keep to a favourite among web, app, WeChat; those in Chinese-speaking places use WeChat most. */
const onlineChannel = sql`multiIf(
          favourite_share < if(place < 9, 0.2, 0.58), 'web',
          favourite_share < if(place < 9, 0.55, 0.97), 'app',
          'wechat')`;

/** The visit's start: its day of shop time on the calendar, at an hour of its place. */
function startOf(end: Sql): Sql {
  const hour = (weights: readonly number[]) =>
    sql`transform(toUInt64(bitAnd(a, 63)), ${indices(64)}, ${param.floats(hourShares(weights))}, 0.)`;
  const utcHours = param.floats(PLACES.map((place) => place.utcHours));
  return sql`toUnixTimestamp64Milli(toDateTime64(${firstDay(end)}, 3, 'UTC')) + toInt64(3600000 * (
          24 * transform(toUInt64(day * ${int(SHARES_PER_DAY)}), range(length(calendar)), calendar, toUInt16(0))
          + if(channel = 'store', ${hour(STORE_HOURS)}, ${hour(ONLINE_HOURS)}) + ${share16(sql`a`, 6)}
          - transform(toUInt64(place), ${indices(PLACES.length)}, ${utcHours}, 0.)))`;
}

/** The order's revenue: price and number of the product, times a log-normal basket, whole cents. */
const basket = sql`if(kind = 1, round(price * exp(0.28 + 0.55 * sqrt(-2 * log(${share16(sql`c`, 16)}))
          * cos(2 * pi() * ${share16(sql`c`, 40)})), 2), 0)`;

/** The visit's channel, device and source, what it is about and how it goes, before what is done in it. */
function visitTraits(slice: CustomerSlice, span: HistorySpan): Sql {
  return sql`
    SELECT *,
      kind = 3 AND source IN (2, 3) AND ${share10('a', 50)} < 0.35 AS message_only,
      kind = 1 AND device != '' AND ${share10('a', 54)} < 0.44 AS express
    FROM (
      SELECT *,
        multiIf(channel IN ('store', 'call_center'), '',
          channel != 'web', if(bitAnd(h1, 1023) < 90, 'tablet', 'mobile'),
          bitAnd(h1, 1023) < 80, 'tablet', bitAnd(h1, 1023) < 480, 'mobile', 'desktop') AS device,
        multiIf(kind = 4 OR channel IN ('store', 'call_center'), 0,
          source_share < 0.5, 0,
          source_share < 0.7, 1,
          source_share < 0.82, 2,
          source_share < 0.94, if(place < 9, 3, 1), 4) AS source
      FROM (
        SELECT *,
          multiIf(
            kind = 1, multiIf(channel_share < 0.7, 'store', channel_share < 0.72, 'call_center', online_channel),
            kind = 3 AND channel_share < 0.1, 'store',
            kind = 4, if(place < 9, 'wechat', 'app'),
            online_channel) AS channel
        FROM (
          SELECT *, ${onlineChannel} AS online_channel, ${share10('a', 10)} AS channel_share,
            ${share10('a', 20)} AS source_share, toUInt8(b % 8 * 8 + toUInt8(8 * pow(${share10('c', 54)}, 2))) AS product
          FROM (
            SELECT *, if(bitAnd(h1, 255) < 180, ${share16(sql`h1`, 40)}, ${share16(sql`a`, 32)}) AS favourite_share
            FROM (
              SELECT *, cityHash64(a, 8) AS b, cityHash64(a, 9) AS c
              FROM (SELECT *, cityHash64(h1, visit, 7) AS a FROM (${visitsOf(slice, span)}))
            )
          )
        )
      )
    )`;
}

/**
 * One row a visit: customer_id, visit, place, hashes a and c, online_channel, channel, device, source (see SOURCES),
 * product (0..63), start_ms, revenue, and `slots`, the mask. Needs the scalar `calendar` in scope.
 */
export function plannedVisits(slice: CustomerSlice, span: HistorySpan): Sql {
  const prices = param.floats(PRODUCTS.map((product) => product.price));
  return sql`
      SELECT
        customer_id, visit, place, a, c, online_channel, channel, device, source, product, slots, start_ms,
        ${basket} AS revenue
      FROM (
        SELECT *,
          multiIf(
            channel = 'store', ${int(2 ** SLOT.landed)},
            channel = 'call_center', ${int(2 ** SLOT.contacted)},
            express, bitAnd(online_slots, ${int(EXPRESS_SLOTS)}),
            online_slots) + ${orderMask} AS slots,
          transform(toUInt64(product), ${indices(PRODUCTS.length)}, ${prices}, 0.) AS price,
          ${startOf(sql`${param.time(span.endMs)}`)} AS start_ms
        FROM (
          SELECT *, ${onlineMask} AS online_slots FROM (SELECT *, ${reached} AS reached FROM (${visitTraits(slice, span)}))
        )
      )`;
}
