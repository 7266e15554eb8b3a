/** What counts once counts once, in the views' targets too. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

interface Counts {
  readonly events: string;
  readonly ids: string;
  readonly counted: string;
  readonly revenue: string;
  readonly arrived: string;
}

async function counts(): Promise<Counts | undefined> {
  const { rows } = await engine.query<Counts>({
    name: 'counts',
    sql: sql`SELECT
  (SELECT count() FROM events) AS events,
  (SELECT count() FROM known_ids) AS ids,
  (SELECT sum(events) FROM customers) AS counted,
  (SELECT sum(revenue) FROM customers) AS revenue,
  (SELECT count() FROM arrived) AS arrived`,
  });
  return rows[0];
}

const batch = (prefix: string): object[] =>
  Array.from({ length: 100 }, (_, i) => ({
    customer_key: String(i % 7),
    customer_id: `c${i % 7}`,
    // Over three months, so that one insert writes several parts.
    time: new Date(Date.UTC(2026, i % 3, 1, 0, i)).toISOString(),
    event: 'buy',
    revenue: '0.1',
    event_id: `${prefix}${i}`,
    properties: { i },
  }));

test('the same token inserts once, also under concurrency, into every table', async () => {
  const once = batch('a');
  await Promise.all(
    Array.from({ length: 8 }, () => engine.insert('events', once, { deduplicationToken: 'batch-a' })),
  );
  await engine.insert('events', once, { deduplicationToken: 'batch-a' });
  expect(await counts()).toEqual({
    events: '100',
    ids: '100',
    counted: '100',
    revenue: '10',
    arrived: '100',
  });
});

test('equal rows under other tokens, or none, are other facts', async () => {
  const rows = batch('b');
  await engine.insert('events', rows, { deduplicationToken: 'batch-b1' });
  await engine.insert('events', rows, { deduplicationToken: 'batch-b2' });
  await engine.insert('events', rows);
  await engine.insert('events', rows);
  expect(await counts()).toEqual({
    events: '500',
    ids: '500',
    counted: '500',
    revenue: '50',
    arrived: '500',
  });
});
