/**
 * The generated retailer: one deterministic INSERT SELECT that makes every event of a stretch of customers, in
 * ClickHouse, from hashes alone. The same seed, numbers and end instant give the same rows. Customers become
 * visits (generator-customers.sql.ts), visits a set of slots (generator-visits.sql.ts), slots events, here.
 */
import { int, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import { calendarShares } from './generator-calendar.sql.ts';
import { share16 } from './generator-customers.sql.ts';
import type { CustomerSlice, HistorySpan } from './generator-customers.sql.ts';
import { eventProperties, visitProperties } from './generator-properties.sql.ts';
import { plannedVisits, SLOT } from './generator-visits.sql.ts';

/** Events a customer has on average; sizes benchmarks by events. */
export const EVENTS_PER_CUSTOMER = 40;

/** Names by slot, where neither the visit's channel nor its source decides. */
const EVENT_NAMES: Readonly<Record<number, string>> = {
  [SLOT.searched]: 'product_searched',
  [SLOT.listed]: 'product_list_viewed',
  [SLOT.viewed]: 'product_viewed',
  [SLOT.viewedSecond]: 'product_viewed',
  [SLOT.content]: 'page_viewed',
  [SLOT.viewedThird]: 'product_viewed',
  [SLOT.wished]: 'wishlist_added',
  [SLOT.added]: 'product_added',
  [SLOT.addedSecond]: 'product_added',
  [SLOT.cart]: 'cart_viewed',
  [SLOT.coupon]: 'coupon_applied',
  [SLOT.checkout]: 'checkout_started',
  [SLOT.redeemed]: 'points_redeemed',
  [SLOT.ordered]: 'order_completed',
  [SLOT.points]: 'points_viewed',
  [SLOT.delivered]: 'delivery_confirmed',
  [SLOT.supported]: 'support_contacted',
  [SLOT.refunded]: 'order_refunded',
  [SLOT.reviewed]: 'review_submitted',
  [SLOT.referred]: 'referral_sent',
  [SLOT.pointsLater]: 'points_viewed',
};

/** What follows an order: days until it happens, at least and at most. */
const DAYS_AFTER: Readonly<Record<number, readonly [number, number]>> = {
  [SLOT.delivered]: [1.5, 5.5],
  [SLOT.supported]: [0.5, 9],
  [SLOT.refunded]: [4, 16],
  [SLOT.reviewed]: [5, 17],
  [SLOT.referred]: [3, 23],
  [SLOT.pointsLater]: [1, 21],
};

function bySlot(slots: readonly string[], values: Sql, otherwise: Sql): Sql {
  return sql`transform(toUInt64(slot), ${param.uint64s(slots)}, ${values}, ${otherwise})`;
}

const eventName = sql`multiIf(
      slot = ${int(SLOT.source)}, multiIf(source = 1, 'ad_clicked', source = 2, 'email_opened', 'wechat_message_opened'),
      slot = ${int(SLOT.landed)},
        multiIf(channel = 'store', 'store_visit', channel = 'app', 'screen_viewed', 'page_viewed'),
      slot = ${int(SLOT.contacted)}, if(channel = 'call_center', 'call_started', 'chat_started'),
      ${bySlot(Object.keys(EVENT_NAMES), sql`${param.strings(Object.values(EVENT_NAMES))}`, sql`''`)})`;

/** Where the event happened: the visit's channel, but for what a visit does elsewhere. */
const eventChannel = sql`multiIf(
      slot = ${int(SLOT.source)}, multiIf(source = 2, 'email', source = 3, 'wechat', channel),
      slot = ${int(SLOT.landed)} AND source = 4, 'referral',
      slot = ${int(SLOT.contacted)} AND channel != 'call_center', 'chat',
      slot = ${int(SLOT.supported)}, multiIf(bitAnd(c, 3) = 0, 'email', bitAnd(c, 3) = 1, 'call_center', 'chat'),
      slot = ${int(SLOT.referred)}, 'referral',
      slot IN (${int(SLOT.reviewed)}, ${int(SLOT.pointsLater)}), online_channel,
      channel)`;

/** In a visit things follow each other at the visit's pace; after an order they take days. */
const eventMs = (() => {
  const slots = Object.keys(DAYS_AFTER);
  const least = sql`${param.floats(Object.values(DAYS_AFTER).map(([from]) => from))}`;
  const further = sql`${param.floats(Object.values(DAYS_AFTER).map(([from, until]) => until - from))}`;
  return sql`start_ms + if(slot < ${int(SLOT.delivered)},
      toInt64((position - 1) * pace_ms + cityHash64(a, slot) % pace_ms),
      toInt64(86400000 * (${bySlot(slots, least, sql`0.`)} + ${bySlot(slots, further, sql`0.`)} * ${share16(sql`cityHash64(a, slot)`, 8)})))`;
})();

/** One row an event: customer_id, visit, slot, ms, revenue, event_name, event_channel, properties as text. */
function plannedEvents(slice: CustomerSlice, span: HistorySpan): Sql {
  return sql`
    SELECT
      customer_id, visit, slot, revenue, start_ms,
      ${eventName} AS event_name,
      ${eventChannel} AS event_channel,
      ${eventMs} AS ms,
      concat('{', substring(concat(visit_properties, ${eventProperties}), 2), '}') AS properties_text
    FROM (
      SELECT *, ${visitProperties} AS visit_properties, bitPositionsToArray(slots) AS done,
        8000 + bitAnd(bitShiftRight(a, 16), 1023) * 40 AS pace_ms
      FROM (${plannedVisits(slice, span)})
    )
    ARRAY JOIN done AS slot, arrayEnumerate(done) AS position`;
}

/**
 * Makes the events of `slice` in `span`: for a whole history some
 * EVENTS_PER_CUSTOMER a customer; keep a slice to 25,000 customers to bound memory.
 * Events are grouped by what they have alike, so that each properties text is read as JSON once, not once an
 * event: that is two thirds of the time otherwise. (optimize_and_compare_chain costs 0.3 s a statement here.)
 */
export function generateEvents(slice: CustomerSlice, span: HistorySpan): Sql {
  const end = sql`${param.time(span.endMs)}`;
  const isOrder = sql`slot IN (${int(SLOT.ordered)}, ${int(SLOT.refunded)})`;
  return sql`
INSERT INTO events (customer_key, time, event, channel, revenue, order_id, session_id, customer_id, event_id,
  received_at, properties)
WITH ${calendarShares(end)} AS calendar
SELECT
  cityHash64(customer_id), fromUnixTimestamp64Milli(ms, 'UTC'), event_name, event_channel,
  if(${isOrder}, toDecimal64(if(slot = ${int(SLOT.ordered)}, revenue, -revenue), 4), NULL),
  if(${isOrder}, concat('O', visit_name), ''),
  if(slot < ${int(SLOT.delivered)}, concat('S', visit_name), ''),
  customer_id,
  concat('E', visit_name, '-', toString(slot)),
  fromUnixTimestamp64Milli(ms, 'UTC'),
  properties
FROM (
  SELECT event_name, event_channel, slot, properties, customer_id, ms, revenue,
    concat(${param.string(span.idPrefix)}, substring(customer_id, 2), '-', toString(visit)) AS visit_name
  FROM (
    SELECT
      event_name, event_channel, slot, CAST(properties_text AS JSON(max_dynamic_paths = 256)) AS properties,
      groupArray(customer_id) AS customer_ids, groupArray(visit) AS visits, groupArray(ms) AS times,
      groupArray(revenue) AS revenues
    FROM (${plannedEvents(slice, span)})
    WHERE ms < toUnixTimestamp64Milli(${end}) AND ${span.fromMs === null ? sql`1` : sql`start_ms >= ${param.int64(span.fromMs)}`}
    GROUP BY event_name, event_channel, slot, properties_text
  )
  ARRAY JOIN customer_ids AS customer_id, visits AS visit, times AS ms, revenues AS revenue
)
SETTINGS max_block_size = 2048, min_insert_block_size_rows = 500000, min_insert_block_size_bytes = 0,
  max_insert_threads = 2, optimize_and_compare_chain = 0, insert_deduplicate = 0`;
}
