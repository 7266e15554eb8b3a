/** Batches with bad events, with events sent before, and the same batch from many: all of it adds up. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { sql } from '../../server/query/sql.ts';
import { Deployment } from '../support/deployment.ts';
import { Ledger } from '../support/ledger.ts';
import type { Sale } from '../support/ledger.ts';
import { eventOf, send } from '../support/load.ts';
import { until } from '../support/until.ts';

let deployment: Deployment;
let engine: Engine;
beforeEach(async () => {
  deployment = await Deployment.start();
  engine = await deployment.engine();
});
afterEach(() => deployment.close());

/** Each refused for a reason of its own. */
const POISON: readonly object[] = [
  { event: 'purchase', time: '2026-01-01T00:00:00Z' },
  { customerId: 'x', event: '', time: '2026-01-01T00:00:00Z' },
  { customerId: 'x', event: 'purchase', time: '0199-01-01T00:00:00Z' },
  { customerId: 'x'.repeat(100_000), event: 'purchase', time: '2026-01-01T00:00:00Z' },
  {
    customerId: 'x',
    event: 'purchase',
    time: '2026-01-01T00:00:00Z',
    properties: { text: 'x'.repeat(40_000) },
  },
];

async function keptAside(): Promise<number> {
  const { rows } = await engine.query<{ n: string }>({
    name: 'test.kept_aside',
    sql: sql`SELECT count() AS n FROM rejected_events`,
  });
  return Number(rows[0]?.n);
}

it('stores the neighbours of bad events, and accepted, duplicates and rejected are what was sent', async () => {
  const ledger = new Ledger('poison');
  const sum = { sent: 0, accepted: 0, duplicates: 0, rejected: 0 };
  const client = async (): Promise<void> => {
    let before: readonly Sale[] = [];
    for (let i = 0; i < 30; i += 1) {
      const sales = ledger.next(14);
      // A third was sent before; bad ones at the start, in the middle and at the end.
      const good = [...sales.slice(0, 7), ...before.slice(0, 6), ...sales.slice(7)].map(eventOf);
      const batch = [
        POISON[i % 5]!,
        ...good.slice(0, 9),
        POISON[(i + 2) % 5]!,
        ...good.slice(9),
        POISON[(i + 3) % 5]!,
      ];
      const { accepted, duplicates, rejected } = await send(deployment.address, batch);
      expect(rejected.map(({ index }) => index)).toEqual([0, 10, batch.length - 1]);
      sum.sent += batch.length;
      sum.accepted += accepted;
      sum.duplicates += duplicates;
      sum.rejected += rejected.length;
      ledger.acknowledge(sales);
      before = sales;
    }
  };
  await Promise.all(Array.from({ length: 6 }, client));
  expect(sum.accepted + sum.duplicates + sum.rejected).toBe(sum.sent);
  expect(sum.accepted).toBe(ledger.acknowledgedCount);
  expect(await keptAside()).toBe(sum.rejected);
  await ledger.expectBalance(engine);
}, 120_000);

it('counts a batch once that ten clients send at the same moment, while the engine is killed', async () => {
  const ledger = new Ledger('ten');
  for (let round = 0; round < 4; round += 1) {
    const events = ledger.next(200);
    const untilTaken = async (): Promise<void> => {
      await until(
        'it is taken',
        () =>
          send(deployment.address, events.map(eventOf)).then(
            () => true,
            () => false,
          ),
        60_000,
      );
    };
    const clients = Array.from({ length: 10 }, untilTaken);
    await deployment.signalEngine('SIGKILL');
    await Promise.all(clients);
    ledger.acknowledge(events);
  }
  await ledger.expectBalance(await deployment.engine());
}, 120_000);
