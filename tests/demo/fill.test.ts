import { afterEach, describe, expect, it } from 'vitest';
import { readDemoState } from '../../server/demo/demo-state.ts';
import { DemoRefused, fillDemo } from '../../server/demo/fill.ts';
import type { Engine } from '../../server/engine/port.ts';
import type { Sql } from '../../server/query/sql.ts';
import { sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';

const END = Date.UTC(2026, 4, 20, 12);
const SMALL = { dataset: 'generated', customers: 1500, endMs: END } as const;
const engines: Engine[] = [];

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

async function freshEngine(): Promise<Engine> {
  const engine = await testEngine();
  engines.push(engine);
  return engine;
}

async function one<Row>(engine: Engine, statement: Sql): Promise<Row> {
  const { rows } = await engine.query<Row>({ name: 'test', sql: statement });
  return rows[0]!;
}

/** Independent of the order of rows; every column counts. */
const CHECKSUM = sql`SELECT toString(sum(cityHash64(customer_key, time, event, channel, revenue, order_id, session_id,
  customer_id, event_id, received_at, toJSONString(properties)))) AS checksum, count() AS rows FROM events`;

describe('filling a store with the generated retailer', () => {
  it('makes the same rows from the same seed, size and end, whatever the threads', async () => {
    const [first, second, other] = [await freshEngine(), await freshEngine(), await freshEngine()];
    await fillDemo(first, SMALL);
    await fillDemo(second, { ...SMALL, maxThreads: 1 });
    await fillDemo(other, { ...SMALL, endMs: END + 3_600_000 });
    const checksum = await one(first, CHECKSUM);
    expect(await one(second, CHECKSUM)).toEqual(checksum);
    expect(await one(other, CHECKSUM)).not.toEqual(checksum);
  });

  it('says how far it is, up to the whole', async () => {
    const engine = await freshEngine();
    const shares: number[] = [];
    const { rows, filled } = await fillDemo(engine, {
      ...SMALL,
      onProgress: ({ share }) => shares.push(share),
    });
    expect(filled).toBe(true);
    expect(shares).toHaveLength(2);
    expect(shares.at(-1)).toBe(1);
    expect(await readDemoState(engine)).toEqual({
      dataset: 'generated',
      state: 'filled',
      customers: 1500,
      rows,
    });
  });

  it('gives every event an id of its own and nothing after the end', async () => {
    const engine = await freshEngine();
    const { rows } = await fillDemo(engine, SMALL);
    const found = await one<object>(
      engine,
      sql`SELECT uniqExact(event_id) AS ids, toString(max(time)) < '2026-05-20 12:00:00.000' AS ended, countIf(event = '') AS nameless,
        countIf(event = 'order_completed' AND (revenue IS NULL OR revenue <= 0 OR order_id = '')) AS badOrders,
        countIf(event = 'order_refunded' AND (revenue IS NULL OR revenue >= 0)) AS badRefunds,
        countIf(customer_key != cityHash64(customer_id)) AS badKeys FROM events`,
    );
    expect(found).toEqual({
      ids: String(rows),
      ended: 1,
      nameless: '0',
      badOrders: '0',
      badRefunds: '0',
      badKeys: '0',
    });
  });

  it('does not fill twice, but closes the gap since the last run with new ids', async () => {
    const engine = await freshEngine();
    const first = await fillDemo(engine, SMALL);
    const again = await fillDemo(engine, { ...SMALL, endMs: END + 60_000 });
    expect(again).toMatchObject({ filled: false, rows: 0 });
    const later = await fillDemo(engine, { ...SMALL, endMs: END + 5 * 86_400_000 });
    expect(later.filled).toBe(false);
    expect(later.rows).toBeGreaterThan(100);
    const found = await one<{ rows: string; ids: string; days: string }>(
      engine,
      sql`SELECT count() AS rows, uniqExact(event_id) AS ids, uniqExactIf(toDate(time), time >= '2026-05-20 12:00:00') AS days FROM events`,
    );
    expect(found).toEqual({
      rows: String(first.rows + later.rows),
      ids: String(first.rows + later.rows),
      days: '6',
    });
  });

  it('starts over where a fill broke off', async () => {
    const [whole, broken] = [await freshEngine(), await freshEngine()];
    await fillDemo(whole, SMALL);
    const stop = new AbortController();
    const attempt = fillDemo(broken, {
      ...SMALL,
      signal: stop.signal,
      onProgress: ({ share }) => share > 0.3 && stop.abort(),
    });
    await expect(attempt).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await readDemoState(broken)).toMatchObject({ state: 'filling' });
    expect(await fillDemo(broken, SMALL)).toMatchObject({ filled: true });
    expect(await one(broken, CHECKSUM)).toEqual(await one(whole, CHECKSUM));
    const counted = sql`SELECT sum(events) AS events, (SELECT count() FROM known_ids) AS ids FROM customers`;
    expect(await one(broken, counted)).toEqual(await one(whole, counted));
  });

  it('refuses a store with data of its own, and another data set than the one it shows', async () => {
    const [own, demo] = [await freshEngine(), await freshEngine()];
    await own.insert('events', [
      { customer_key: '1', customer_id: 'a', event_id: '1', event: 'x', time: '2026-01-01 00:00:00.000' },
    ]);
    await expect(fillDemo(own, SMALL)).rejects.toThrow(DemoRefused);
    await fillDemo(demo, SMALL);
    await expect(fillDemo(demo, { dataset: 'rees46', endMs: END })).rejects.toThrow(/"generated".*"rees46"/);
  });
});
