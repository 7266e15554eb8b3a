/** The events of the ingestion benchmarks: as the tracking API is sent them, and as rows of the table. */
import { utcText } from '../../server/query/sql.ts';
import { END_MS } from './questions.ts';

interface SentEvent {
  readonly id: string;
  readonly event: string;
  readonly customerId: string;
  readonly timeMs: number;
  readonly orderId?: string;
  readonly revenue?: number;
  readonly properties: { readonly product_id: string; readonly category: string; readonly price: number };
}

/** The same for the same number; every twentieth is an order. */
function sentEvent(i: number): SentEvent {
  const isOrder = i % 20 === 0;
  return {
    id: `bench-${i}`,
    event: isOrder ? 'Order Completed' : 'Product Viewed',
    customerId: `customer-${i % 5000}`,
    timeMs: END_MS - (i % 864_000) * 100,
    ...(isOrder && { orderId: `order-${i}`, revenue: 40 + (i % 100) }),
    properties: { product_id: `p-${i % 700}`, category: 'shoes', price: 20 + (i % 50) },
  };
}

/** As Segment's library for Node sends it. */
export function trackOf(i: number): object {
  const { id, event, customerId, timeMs, orderId, revenue, properties } = sentEvent(i);
  return {
    type: 'track',
    messageId: id,
    userId: customerId,
    event,
    timestamp: new Date(timeMs),
    properties: { ...properties, ...(orderId !== undefined && { order_id: orderId, revenue }) },
    context: { library: { name: '@segment/analytics-node', version: '3.1.0' }, channel: 'server' },
  };
}

export function rowOf(i: number): object {
  const { id, event, customerId, timeMs, orderId = '', revenue = null, properties } = sentEvent(i);
  return {
    time: utcText(timeMs),
    event,
    channel: '',
    revenue,
    order_id: orderId,
    session_id: '',
    customer_id: customerId,
    event_id: id,
    properties,
  };
}
