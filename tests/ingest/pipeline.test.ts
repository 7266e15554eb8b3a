/** Whatever comes side by side, cut into calls in whatever way and sent again: every id counts once. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '../../server/engine/log.ts';
import type { Engine } from '../../server/engine/port.ts';
import { createIngestion } from '../../server/ingest/ingest.service.ts';
import type { Ingestion } from '../../server/ingest/ingest.service.ts';
import { sql } from '../../server/query/sql.ts';
import { emptyStore, testEngine } from '../support/engine.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
let engine: Engine;
let ingestion: Ingestion;

beforeAll(async () => {
  engine = await testEngine();
  ingestion = await createIngestion({ engine, log: silentLog, now: () => NOW });
});
afterAll(async () => {
  await ingestion.close();
  await engine.close();
});

/** Events, as the table and as the views count them, and what was counted besides. */
async function counted(): Promise<readonly number[]> {
  const { rows } = await engine.query<Record<string, string>>({
    name: 'test.counted',
    sql: sql`SELECT (SELECT count() FROM events) AS events, (SELECT uniqExact(event_id) FROM events) AS ids,
  (SELECT sum(customers.events) FROM customers) AS counted, (SELECT sum(duplicates) FROM ingest_counts) AS duplicates,
  (SELECT sum(rejected) FROM ingest_counts) AS rejected`,
  });
  return Object.values(rows[0] ?? {}).map(Number);
}

/** Numbers of ids, 0 for one that is no event; and how many turns of the loop the call comes later. */
const calls = fc.array(fc.record({ ids: fc.array(fc.nat(25), { maxLength: 12 }), later: fc.nat(12) }), {
  minLength: 1,
  maxLength: 25,
});

it('stores each id once, and tells of every event what became of it', async () => {
  let world = 0;
  await fc.assert(
    fc.asyncProperty(calls, async (sent) => {
      world += 1;
      await emptyStore(engine);
      await engine.command('test.empty', sql`TRUNCATE TABLE ingest_counts`);
      const event = (id: number): object =>
        id === 0 ? {} : { id: `${world}-${id}`, customerId: `c${id % 4}`, event: 'view', time: NOW };
      const receipts = await Promise.all(
        sent.map(async ({ ids, later }) => {
          for (let turn = 0; turn < later; turn += 1) await new Promise((resolve) => setImmediate(resolve));
          return ingestion.accept(ids.map(event));
        }),
      );
      const all = sent.flatMap(({ ids }) => ids);
      const unique = new Set(all.filter((id) => id > 0)).size;
      const bad = all.filter((id) => id === 0).length;
      const total = (of: (receipt: (typeof receipts)[number]) => number): number =>
        receipts.reduce((sum, receipt) => sum + of(receipt), 0);
      expect(total(({ accepted }) => accepted)).toBe(unique);
      expect(total(({ rejected }) => rejected.length)).toBe(bad);
      expect(total(({ duplicates }) => duplicates)).toBe(all.length - unique - bad);
      expect(await counted()).toEqual([unique, unique, unique, all.length - unique - bad, bad]);
    }),
    { numRuns: 15 },
  );
});
