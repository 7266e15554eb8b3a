// What to copy to send events here: short programs with this server's address. Pure.

export const WAYS = ['curl', 'browser', 'node', 'file'] as const;
export type Way = (typeof WAYS)[number];

/** The program for a way; `origin` is the address of the server, e.g. `https://waymark.example.com`. */
export function snippet(way: Way, origin: string): string {
  switch (way) {
    case 'curl':
      return curl(origin);
    case 'browser':
      return browser(origin);
    case 'node':
      return node(origin);
    case 'file':
      return orders;
  }
}

const orders = `customer_id,event,time,channel,order_id,revenue
ann,product_viewed,2026-01-31T10:00:00Z,web,,
ann,order_completed,2026-01-31T10:04:00Z,web,o-1,42
ben,order_completed,2026-02-02T17:30:00Z,store,o-2,18.5
`;

const track = `analytics.track({
  userId: 'ann',
  event: 'Order Completed',
  properties: { order_id: 'o-1', revenue: 42 },
})`;

const curl = (origin: string): string => `curl ${origin}/v1/track \\
  -u WRITE_KEY: \\
  -H 'content-type: application/json' \\
  -d '{
    "userId": "ann",
    "event": "Order Completed",
    "properties": {
      "order_id": "o-1",
      "revenue": 42
    }
  }'`;

function browser(origin: string): string {
  const { protocol, host } = new URL(origin);
  return `// npm install @segment/analytics-next
import { AnalyticsBrowser } from '@segment/analytics-next'

const segment = {
  apiKey: 'WRITE_KEY',
  apiHost: '${host}/v1',
  protocol: '${protocol.replace(':', '')}',
}
const analytics = AnalyticsBrowser.load({
  writeKey: 'WRITE_KEY',
  cdnSettings: { integrations: { 'Segment.io': segment } },
})
analytics.identify('ann')
analytics.track('Order Completed', { order_id: 'o-1', revenue: 42 })`;
}

const node = (origin: string): string => `// npm install @segment/analytics-node
import { Analytics } from '@segment/analytics-node'

const analytics = new Analytics({ writeKey: 'WRITE_KEY', host: '${origin}' })
${track}
await analytics.closeAndFlush()`;
