/**
 * A million messages over `/v1/batch`, among them duplicates, late, early and bad ones and logins, sent by several
 * senders at once: what becomes of how many is known beforehand, and the balance adds up to the last one.
 */
import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { param, sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

const MESSAGES = 1_000_000;
const BATCH = 500;
const SENDERS = 12;
const NOW = Date.UTC(2026, 4, 1, 12);
const DAY = 86_400_000;

let engine: Engine;
let server: TestServer;
const agent = new Agent({ keepAlive: true, maxSockets: SENDERS });

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine, { now: () => NOW });
});
afterAll(async () => {
  agent.destroy();
  await server.close();
  await engine.close();
});

/** Of twenty messages: fifteen plain, one ahead of its time, one late, one sent again, one bad, one like the others. */
function messageOf(i: number): object {
  const group = Math.floor(i / 20);
  const kind = i % 20;
  if (kind === 19) return trackOf((group - (group % 97)) * 20 + 18);
  if (kind === 17) return { ...trackOf(i), ...BAD[group % BAD.length] };
  if (i % 2000 === 16)
    return { type: 'identify', userId: `u-${i}`, anonymousId: `a-${i}`, traits: { plan: 'x' } };
  return trackOf(i);
}

const BAD = [
  { event: '' },
  { userId: 'null' },
  { properties: 'none' },
  { timestamp: '2026-02-30' },
  { event: 7 },
];
const isAhead = (i: number): boolean => i % 20 === 15;
const isLate = (i: number): boolean => i % 20 === 14;
const isOrder = (i: number): boolean => i % 20 === 13;

function trackOf(i: number): object {
  const late = i % 4000 === 14 ? 3650 : 1 + (i % 60);
  const offset = isAhead(i) ? 3 * DAY : isLate(i) ? -late * DAY : -(i % 3_600_000);
  return {
    type: 'track',
    messageId: `soak-${i}`,
    userId: `u-${i % 50_000}`,
    event: isOrder(i) ? 'Order Completed' : 'Product Viewed',
    timestamp: new Date(NOW + offset).toISOString(),
    properties: isOrder(i) ? { order_id: `o-${i}`, revenue: 12.25 } : { product_id: `p-${i % 700}` },
  };
}

interface Receipt {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly unknown[];
}

function send(messages: readonly object[]): Promise<Receipt> {
  const body = JSON.stringify({ batch: messages });
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const call = request(`${server.url}/v1/batch`, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text) as Receipt);
        else reject(new Error(`${response.statusCode}: ${text}`));
      });
    });
    call.on('error', reject);
    call.end(body);
  });
}

/** Every message once, by senders that take the next batch when theirs is acknowledged. */
async function sendAll(): Promise<{ accepted: number; duplicates: number; rejected: number }> {
  const sum = { accepted: 0, duplicates: 0, rejected: 0 };
  let next = 0;
  const sender = async (): Promise<void> => {
    while (next < MESSAGES) {
      const first = next;
      next += BATCH;
      const receipt = await send(Array.from({ length: BATCH }, (_, i) => messageOf(first + i)));
      sum.accepted += receipt.accepted;
      sum.duplicates += receipt.duplicates;
      sum.rejected += receipt.rejected.length;
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  return sum;
}

const each = Array.from({ length: MESSAGES }, (_, i) => i);
const GROUPS = MESSAGES / 20;
const IDENTIFIED = MESSAGES / 2000;
const STORED = 18 * GROUPS - IDENTIFIED;

it('balances a million messages to the last one', async () => {
  const receipts = await sendAll();
  expect(receipts).toEqual({ accepted: STORED + IDENTIFIED, duplicates: GROUPS, rejected: GROUPS });
  const { ingestion } = await server.query('{ ingestion { accepted duplicates rejected } }');
  expect(ingestion).toEqual(receipts);

  const { rows } = await engine.query<Record<string, string>>({
    name: 'test.balance',
    sql: sql`SELECT count() AS events, uniqExact(event_id) AS ids, sum(revenue) AS revenue, uniqExact(order_id) - 1 AS orders,
  (SELECT count() FROM rejected_events) AS rejected,
  (SELECT sum(customers.events) FROM customers) AS counted, (SELECT sum(customers.revenue) FROM customers) AS total,
  countIf(isNotNull(CAST(properties.sent_time, 'Nullable(String)'))) AS ahead, countIf(toYear(time) = 2016) AS years_ago,
  max(time) = ${param.time(NOW)} AS is_clamped
FROM events`,
  });
  expect(Object.values(rows[0] ?? {}).map(Number)).toEqual([
    ...[STORED, STORED, GROUPS * 12.25, GROUPS, GROUPS, STORED, GROUPS * 12.25],
    ...[each.filter(isAhead).length, each.filter((i) => i % 4000 === 14).length, 1],
  ]);
});
