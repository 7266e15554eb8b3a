/** Segment's e-commerce events in, journey stages, orders and revenue out: with nothing configured. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { testEngine } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { sendBatch, trackedOf } from '../support/tracking.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');
let engine: Engine;
let server: TestServer;

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine, { now: () => NOW });
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

/** "Ecommerce events v2". */
const SPECIFICATION = [
  ...['Products Searched', 'Product List Viewed', 'Product List Filtered'],
  ...['Promotion Viewed', 'Promotion Clicked'],
  ...['Product Clicked', 'Product Viewed', 'Product Added', 'Product Removed', 'Cart Viewed'],
  ...['Checkout Started', 'Checkout Step Viewed', 'Checkout Step Completed', 'Payment Info Entered'],
  ...['Order Completed', 'Order Updated', 'Order Refunded', 'Order Cancelled'],
  ...['Coupon Entered', 'Coupon Applied', 'Coupon Denied', 'Coupon Removed'],
  ...['Product Added to Wishlist', 'Product Removed from Wishlist', 'Wishlist Product Added to Cart'],
  ...['Product Shared', 'Cart Shared', 'Product Reviewed'],
];

interface Case {
  readonly event: string;
  readonly properties?: object;
  readonly stage: string | null;
  readonly orders?: number;
  readonly orderId?: string;
  readonly revenue?: number;
}

const products = [{ product_id: 'a', price: 10, quantity: 2 }, { price: '2.50' }, { name: 'free' }, null];

const CASES: readonly Case[] = [
  ...['Products Searched', 'Product List Viewed', 'Product List Filtered', 'Product Clicked'].map(considered),
  ...['Product Viewed', 'Product Added to Wishlist', 'Product Removed from Wishlist'].map(considered),
  ...['Promotion Viewed', 'Promotion Clicked', 'Store Visit', 'store_visit'].map((event) => ({
    event,
    stage: 'awareness',
  })),
  ...['Product Removed', 'Cart Viewed', 'Checkout Step Viewed', 'Checkout Step Completed'].map(decided),
  ...['Payment Info Entered', 'Coupon Entered', 'Coupon Applied', 'Coupon Denied', 'Coupon Removed'].map(
    decided,
  ),
  ...['Wishlist Product Added to Cart', 'Product Added', 'product_added'].map(decided),
  ...['Product Shared', 'Cart Shared', 'Product Reviewed', 'Review Submitted', 'review_submitted'].map(
    (event) => ({
      event,
      stage: 'advocacy',
    }),
  ),
  { event: 'Call Started', stage: 'consideration' },
  { event: 'Points Viewed', stage: 'loyalty' },
  { event: 'Delivery Confirmed', stage: 'purchase' },
  // On the way to an order: the amount is none that was earned.
  {
    event: 'Checkout Started',
    properties: { order_id: 'o1', revenue: 50, value: 50 },
    stage: 'decision',
    orderId: 'o1',
  },
  {
    event: 'Order Updated',
    properties: { order_id: 'o1', revenue: 50, total: 55 },
    stage: 'purchase',
    orderId: 'o1',
  },
  { event: 'Product Added', properties: { revenue: 5, value: 5 }, stage: 'decision' },
  // Orders: revenue, else total, else value, else what the products cost.
  sold({ order_id: 'o1', revenue: 25, total: 30, value: 28 }, 25, 'o1'),
  sold({ orderId: 'o1', revenue: '12.50', total: 30 }, 12.5, 'o1'),
  sold({ order_id: 4711, total: 30, value: 28 }, 30, '4711'),
  sold({ value: 28 }, 28),
  sold({ revenue: 'n/a', products }, 22.5),
  sold({ products: [{ name: 'no price' }] }, 0),
  sold({ revenue: 0, total: 30 }, 0),
  sold({}, 0),
  { ...sold({ order_id: 'o1', revenue: 25 }, 25, 'o1'), event: 'order_completed' },
  { ...sold({ order_id: 't1', total: 7 }, 7, 't1'), event: 'Till Sale' },
  { ...sold({ total: 7 }, 7), event: 'till_sale' },
  // What comes back, however it was signed.
  returned('Order Refunded', { order_id: 'o1', total: 30 }, -30, 'o1'),
  returned('Order Refunded', { order_id: 'o1', revenue: -8 }, -8, 'o1'),
  returned('Order Refunded', { order_id: 'o1', refund_amount: '3.20' }, -3.2, 'o1'),
  returned('Order Refunded', { order_id: 'o1', products }, 0, 'o1'),
  returned('Order Cancelled', { order_id: 'o1', value: 5, revenue: 4 }, -4, 'o1'),
  returned('order_refunded', { revenue: 4 }, -4),
  returned('Till Return', { total: 4 }, -4),
  // Events of one's own.
  { event: 'Subscription Paid', properties: { revenue: '9.90' }, stage: null, revenue: 9.9 },
  {
    event: 'Subscription Paid',
    properties: { revenue: 9, order_id: 's1' },
    stage: null,
    revenue: 9,
    orders: 1,
    orderId: 's1',
  },
  { event: 'Lesson Booked', properties: { value: 9, revenue: 'none' }, stage: null },
];

function considered(event: string): Case {
  return { event, properties: { price: 10, value: 10 }, stage: 'consideration' };
}

function decided(event: string): Case {
  return { event, properties: { revenue: 10, value: 10, total: 10 }, stage: 'decision' };
}

function sold(properties: object, revenue: number, orderId?: string): Case {
  return { event: 'Order Completed', properties, stage: 'purchase', orders: 1, revenue, orderId };
}

function returned(event: string, properties: object, revenue: number, orderId?: string): Case {
  return { event, properties, stage: 'purchase', revenue, orderId };
}

const MEASURES = `query ($range: RangeInput!, $where: FilterInput!, $stage: String!) {
  inStage: metric(input: { measure: EVENTS, range: $range, where: $where, match: { stage: $stage } }) { total }
  orders: metric(input: { measure: ORDERS, range: $range, where: $where }) { total }
  revenue: metric(input: { measure: REVENUE, range: $range, where: $where }) { total }
}`;

interface Measured {
  readonly inStage: { readonly total: number | null };
  readonly orders: { readonly total: number | null };
  readonly revenue: { readonly total: number | null };
}

describe('e-commerce events', () => {
  it.each(CASES.map((one, index) => ({ ...one, index })))(
    '$index: $event $properties',
    async ({ index, event, properties, stage, orders = 0, orderId = '', revenue = 0 }) => {
      const userId = `shopper-${index}`;
      const { body } = await sendBatch(server, [
        { type: 'track', event, userId, properties, timestamp: NOW - 1_000 },
      ]);
      expect(body).toMatchObject({ accepted: 1, rejected: [] });
      const [row] = await trackedOf(engine, userId);
      expect(row?.event).toBe(event);
      expect(row?.order_id).toBe(orderId);
      const answer = await server.query<Measured>(MEASURES, {
        range: { last: 'P1D' },
        where: { property: 'customerId', values: [userId] },
        stage: stage ?? 'purchase',
      });
      expect(answer.inStage.total ?? 0).toBe(stage === null ? 0 : 1);
      expect(answer.orders.total ?? 0).toBe(orders);
      expect(answer.revenue.total ?? 0).toBe(revenue);
    },
  );
});

it('has a stage for every event of the specification, in both spellings', () => {
  const named = new Set(retailMap.stages.flatMap(({ events }) => events));
  for (const name of SPECIFICATION) {
    expect(named).toContain(name);
    expect(named).toContain(name.toLowerCase().replaceAll(' ', '_'));
  }
});
