/** Calls of Segment's tracking API by hand, and what became of them in the store. */
import type { Engine } from '../../server/engine/port.ts';
import { param, sql } from '../../server/query/sql.ts';
import type { TestServer } from './server.ts';

export interface TrackingAnswer {
  readonly status: number;
  readonly body: {
    readonly success: boolean;
    readonly message?: string;
    readonly accepted?: number;
    readonly duplicates?: number;
    readonly rejected?: readonly { readonly index: number; readonly reason: string }[];
  };
}

type Headers = Record<string, string>;

/** Posts bytes as they are. */
export async function post(
  { url }: TestServer,
  path: string,
  body: string | Buffer,
  headers: Headers = {},
): Promise<TrackingAnswer> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: body as string,
  });
  return { status: response.status, body: (await response.json()) as TrackingAnswer['body'] };
}

export function sendBatch(
  server: TestServer,
  messages: readonly unknown[],
  more: object = {},
): Promise<TrackingAnswer> {
  return post(server, '/v1/batch', JSON.stringify({ batch: messages, ...more }));
}

export interface TrackedRow {
  readonly event: string;
  readonly channel: string;
  readonly time: string;
  readonly order_id: string;
  readonly session_id: string;
  readonly revenue: string | null;
  readonly event_id: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The events stored under an id as it was sent, in order of time. */
export async function trackedOf(engine: Engine, customerId: string): Promise<readonly TrackedRow[]> {
  const { rows } = await engine.query<Omit<TrackedRow, 'properties'> & { properties: string }>({
    name: 'test.tracked',
    sql: sql`SELECT event, channel, toString(time) AS time, order_id, session_id, toString(revenue) AS revenue, event_id,
  toJSONString(properties) AS properties
FROM events WHERE customer_id = ${param.string(customerId)} ORDER BY time, event_id`,
  });
  return rows.map((row) => ({ ...row, properties: JSON.parse(row.properties) as TrackedRow['properties'] }));
}

/** One message of a batch: somebody looked at something. */
export function view(userId: string, more: object = {}): object {
  return { type: 'track', event: 'Product Viewed', userId, ...more };
}
