import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REAL_DATASETS } from '../../server/demo/datasets.ts';
import { fillDemo } from '../../server/demo/fill.ts';
import type { RealDatasetName } from '../../server/demo/fill-real.ts';
import type { Engine } from '../../server/engine/port.ts';
import { projectRoot } from '../../server/engine/project.ts';
import { param, sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';

const END = Date.UTC(2026, 4, 20, 12);

interface Reference {
  readonly rows: number;
  readonly customers: number;
  readonly last_event: string;
  readonly event_types: Readonly<Record<string, { readonly events: number; readonly customers: number }>>;
  readonly purchase: { readonly orders: number; readonly revenue: number };
}

describe.each(Object.entries(REAL_DATASETS))(
  'the real set %s',
  (dataset, { folder, rows, customers, lastEvent }) => {
    let engine: Engine;
    const { reference } = JSON.parse(
      readFileSync(join(projectRoot(), 'data', folder, 'expected.json'), 'utf8'),
    ) as { reference: Reference };

    beforeAll(async () => {
      engine = await testEngine();
      await fillDemo(engine, { dataset: dataset as RealDatasetName, endMs: END });
    });
    afterAll(() => engine.close());

    it('brings the rows and customers that its note states', async () => {
      const found = await engine.query<object>({
        name: 'test',
        sql: sql`SELECT count() AS rows, uniqExact(customer_id) AS customers FROM events`,
      });
      expect({ rows, customers, lastEvent }).toEqual({
        rows: reference.rows,
        customers: reference.customers,
        lastEvent: reference.last_event,
      });
      expect(found.rows[0]).toEqual({ rows: String(rows), customers: String(customers) });
    });

    it('keeps events, orders and revenue', async () => {
      const events = await engine.query<{ event: string; events: string; customers: string }>({
        name: 'test',
        sql: sql`SELECT event, count() AS events, uniqExact(customer_id) AS customers FROM events GROUP BY event`,
      });
      expect(
        Object.fromEntries(
          events.rows.map((row) => [
            row.event,
            { events: Number(row.events), customers: Number(row.customers) },
          ]),
        ),
      ).toEqual(reference.event_types);
      const orders = await engine.query<{ orders: string; revenue: string | null }>({
        name: 'test',
        sql: sql`SELECT uniqExactIf(order_id, order_id != '') AS orders, toString(sum(revenue)) AS revenue FROM events WHERE event = 'purchase'`,
      });
      expect(Number(orders.rows[0]?.orders)).toBe(reference.purchase.orders);
      expect(Number(orders.rows[0]?.revenue)).toBeCloseTo(reference.purchase.revenue, 1);
    });

    it('ends at the end given, or less than a week before where weekdays are kept', async () => {
      const found = await engine.query<{ ago: string }>({
        name: 'test',
        sql: sql`SELECT toUnixTimestamp64Milli(${param.time(END)}) - toUnixTimestamp64Milli(max(time)) AS ago FROM events`,
      });
      const ago = Number(found.rows[0]?.ago);
      expect(ago).toBeGreaterThanOrEqual(0);
      expect(ago).toBeLessThan(dataset === 'rees46' ? 1000 : 7 * 86_400_000);
    });
  },
);
