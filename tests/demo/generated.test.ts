import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillDemo } from '../../server/demo/fill.ts';
import { ONLINE_RETAIL } from '../../server/demo/repurchase.ts';
import type { Engine } from '../../server/engine/port.ts';
import { param, sql } from '../../server/query/sql.ts';
import type { Sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { HISTORY_DAYS } from '../../server/demo/generator-calendar.sql.ts';

const END = Date.UTC(2026, 4, 20, 12);
const CUSTOMERS = 6000;
const end = sql`${param.time(END)}`;
let engine: Engine;

const EVENTS = new Set([
  ...['ad_clicked', 'email_opened', 'wechat_message_opened', 'page_viewed', 'screen_viewed', 'store_visit'],
  ...[
    'product_list_viewed',
    'product_viewed',
    'product_searched',
    'wishlist_added',
    'chat_started',
    'call_started',
  ],
  ...[
    'product_added',
    'cart_viewed',
    'checkout_started',
    'coupon_applied',
    'order_completed',
    'order_refunded',
  ],
  ...['points_viewed', 'points_redeemed', 'delivery_confirmed', 'support_contacted'],
  ...['review_submitted', 'referral_sent'],
]);

beforeAll(async () => {
  engine = await testEngine();
  await fillDemo(engine, { dataset: 'generated', customers: CUSTOMERS, endMs: END });
});
afterAll(() => engine.close());

async function rows<Row>(statement: Sql): Promise<readonly Row[]> {
  return (await engine.query<Row>({ name: 'test', sql: statement })).rows;
}

describe('the generated retailer', () => {
  it('shows every event of every journey stage on all eight channels', async () => {
    const events = await rows<{ event: string }>(sql`SELECT DISTINCT event FROM events`);
    expect(new Set(events.map((row) => row.event))).toEqual(EVENTS);
    const channels = await rows<{ channel: string }>(
      sql`SELECT DISTINCT channel FROM events ORDER BY channel`,
    );
    expect(channels.map((row) => row.channel)).toEqual([
      'app',
      'call_center',
      'chat',
      'email',
      'referral',
      'store',
      'web',
      'wechat',
    ]);
  });

  it('makes some forty events a customer', async () => {
    const [found] = await rows<{ events: number }>(
      sql`SELECT count() / ${param.uint32(CUSTOMERS)} AS events FROM events`,
    );
    expect(found?.events).toBeGreaterThan(30);
    expect(found?.events).toBeLessThan(50);
  });

  it('refunds about one order in 25, at the order’s amount and id', async () => {
    const [found] = await rows<{ share: number; strays: string }>(sql`
      SELECT countIf(refunded > 0) / countIf(ordered > 0) AS share, countIf(refunded > 0 AND (ordered = 0 OR amount != 0)) AS strays
      FROM (SELECT order_id, countIf(event = 'order_completed') AS ordered, countIf(event = 'order_refunded') AS refunded, sum(revenue) AS amount
        FROM events WHERE order_id != '' GROUP BY order_id)`);
    expect(found?.share).toBeGreaterThan(0.03);
    expect(found?.share).toBeLessThan(0.05);
    expect(found?.strays).toBe('0');
  });

  it('has a believable funnel from product to order within 14 days', async () => {
    const [found] = await rows<{ viewed: string; added: number; checkout: number; ordered: number }>(sql`
      SELECT countIf(level >= 1) AS viewed, countIf(level >= 2) / viewed AS added, countIf(level >= 3) / viewed AS checkout, countIf(level >= 4) / viewed AS ordered
      FROM (SELECT windowFunnel(1209600000)(toUInt64(toUnixTimestamp64Milli(time)), event = 'product_viewed', event = 'product_added', event = 'checkout_started', event = 'order_completed') AS level
        FROM events WHERE time >= ${end} - INTERVAL 30 DAY GROUP BY customer_key)`);
    expect(found?.added).toBeGreaterThan(0.22);
    expect(found?.added).toBeLessThan(0.42);
    expect(found?.checkout).toBeGreaterThan(0.14);
    expect(found?.checkout).toBeLessThan(0.3);
    expect(found?.ordered).toBeGreaterThan(0.1);
    expect(found?.ordered).toBeLessThan(0.25);
  });

  it('has customers in every lifecycle stage, none with most of them but prospects', async () => {
    const stages = await rows<{ stage: string; share: number }>(lifecycle);
    const shares = Object.fromEntries(stages.map((row) => [row.stage, row.share]));
    expect(Object.keys(shares)).toHaveLength(9);
    for (const share of Object.values(shares)) expect(share).toBeGreaterThan(0.01);
    expect(shares['prospect']).toBeLessThan(0.6);
  });

  it('knows the names of customers, and nothing of visitors', async () => {
    const [found] = await rows<{ known: string; named: string; visitors: string }>(sql`
      SELECT count() AS known, countIf(traits.email::String LIKE '%@example.com' AND traits.name::String != '') AS named,
        countIf(customer_id LIKE 'V%') AS visitors FROM customer_traits FINAL`);
    expect(Number(found?.known)).toBeGreaterThan(CUSTOMERS * 0.6);
    expect(found?.named).toBe(found?.known);
    expect(found?.visitors).toBe('0');
  });
});

describe('repurchase against the real Online Retail data, in the first 373 days', () => {
  it('has its repeat rate and orders a customer', async () => {
    const [found] = await rows<{ repeatRate: number; orders: number; quantiles: number[] }>(sql`
      SELECT avg(length(days) > 1) AS repeatRate, avg(length(days)) AS orders, quantilesExact(0.5, 0.75, 0.9, 0.95)(length(days)) AS quantiles FROM (${orderDays})`);
    expect(Math.abs(found!.repeatRate - ONLINE_RETAIL.repeatRate)).toBeLessThan(0.08);
    expect(Math.abs(found!.orders - ONLINE_RETAIL.ordersPerCustomer)).toBeLessThan(0.8);
    Object.values(ONLINE_RETAIL.ordersQuantiles).forEach((real, i) =>
      expect(Math.abs(Number(found!.quantiles[i]) - real)).toBeLessThanOrEqual(2),
    );
  });

  it('has its days between orders', async () => {
    const [found] = await rows<{ gaps: number[] }>(sql`
      SELECT quantilesExact(0.25, 0.5, 0.75, 0.9)(gap) AS gaps FROM (SELECT arrayJoin(arrayPopFront(arrayDifference(days))) AS gap FROM (${orderDays}))`);
    Object.entries(ONLINE_RETAIL.gapDaysQuantiles)
      .sort()
      .forEach(([, real], i) => expect(Math.abs(found!.gaps[i]! / real - 1)).toBeLessThan(0.2));
  });

  it('has its second orders and monthly retention', async () => {
    const [found] = await rows<{ within: number[] }>(within);
    Object.values(ONLINE_RETAIL.secondOrderWithinDays).forEach((real, i) =>
      expect(Math.abs(found!.within[i]! - real)).toBeLessThan(0.06),
    );
    const [retention] = await rows<{ retention: number }>(monthly);
    expect(Math.abs(retention!.retention - ONLINE_RETAIL.monthlyRetention)).toBeLessThan(0.04);
  });
});

const start = sql`(toDateTime64(toDate(${end}), 3, 'UTC') - INTERVAL ${param.uint32(HISTORY_DAYS - 1)} DAY)`;

/** A row a customer who ordered in the first 373 days: the orders' days. */
const orderDays = sql`SELECT arraySort(groupArray(toUnixTimestamp64Milli(time) / 86400000)) AS days FROM events
  WHERE event = 'order_completed' AND time < ${start} + INTERVAL ${param.uint32(ONLINE_RETAIL.days)} DAY GROUP BY customer_key`;

const lastDay = sql`toUnixTimestamp64Milli(${start}) / 86400000 + ${param.uint32(ONLINE_RETAIL.days)}`;
const secondWithin = (days: number) =>
  sql`round(avgIf(length(days) > 1 AND days[2] - days[1] <= ${param.uint32(days)}, days[1] + ${param.uint32(days)} <= ${lastDay}), 4)`;
const within = sql`SELECT [${secondWithin(30)}, ${secondWithin(60)}, ${secondWithin(90)}] AS within FROM (${orderDays})`;

/** Of customers by the month of their first order (the first two months left out, as full of old customers): those who order in each of months 1 to 6 after. */
const monthly = sql`
  SELECT sum(length(arrayFilter(m -> m - months[1] BETWEEN 1 AND 6, months))) / (count() * 6) AS retention
  FROM (SELECT arraySort(groupUniqArray(toYear(time) * 12 + toMonth(time))) AS months FROM events WHERE event = 'order_completed' GROUP BY customer_key)
  WHERE months[1] >= toYear(${start}) * 12 + toMonth(${start}) + 2 AND months[1] + 7 <= toYear(${end}) * 12 + toMonth(${end})`;

/** The built-in retail map's stages at the end, restated in plain SQL. */
const lifecycle = sql`
  SELECT multiIf(empty(orders), 'prospect', idle >= 365, 'lost', idle >= 120, 'dormant', idle >= 60 OR (idle >= 30 AND looked), 'at risk',
    arrayExists((at, before) -> at >= now_days - 30 AND before > 0 AND at - before >= 120, orders, arrayPushFront(arrayPopBack(orders), 0)), 'won back',
    orders[1] >= now_days - 30, 'new', spent >= 1000, 'high value', arrayCount(at -> at >= now_days - 180, orders) >= 3, 'loyal', 'active') AS stage,
    count() / sum(count()) OVER () AS share
  FROM (
    SELECT toUnixTimestamp64Milli(${end}) / 86400000 AS now_days,
      arraySort(groupArrayIf(toUnixTimestamp64Milli(time) / 86400000, event = 'order_completed')) AS orders,
      now_days - orders[-1] AS idle, countIf(event = 'points_viewed' AND time >= ${end} - INTERVAL 7 DAY) > 0 AS looked,
      sumIf(revenue, time >= ${end} - INTERVAL 365 DAY) AS spent
    FROM events GROUP BY customer_key
  )
  GROUP BY stage`;
