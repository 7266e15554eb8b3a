/**
 * Where only SQL can tell what an event means, a change is read once for each kind of facts, however many ask and
 * however often, and not before all of it can be read.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { param, sql } from '../../server/query/sql.ts';
import { KeptWorld } from './kept-world.ts';
import type { Question } from './kept-world.ts';

const phones = { property: 'device', values: ['phone'] };
const last = { last: 'P7D', timeZone: 'Europe/Berlin' };

/** Two kinds of facts. */
const QUESTIONS: readonly Question[] = [
  {
    field: 'funnel',
    inputType: 'FunnelInput!',
    input: {
      range: last,
      where: phones,
      steps: [{ match: { events: ['product_viewed'] } }, { match: { events: ['product_added'] } }],
    },
    answer: 'steps { customers }',
  },
  {
    field: 'metric',
    inputType: 'MetricInput!',
    input: { range: last, interval: 'DAY', measure: 'ORDERS', where: phones },
    answer: 'total series { start value }',
  },
];

let world: KeptWorld;
beforeAll(async () => {
  world = await KeptWorld.open();
  // The first event that is taken in by the server tells of more than itself.
  await world.happens({ kind: 'events', events: [{ who: 1, name: 0, agoMs: 1 }], bySelf: true });
  await world.keeps(QUESTIONS);
});
afterAll(() => world.close());

/** As viewers ask who look again at every sign of life. */
async function askOften(): Promise<void> {
  for (let i = 0; i < 6; i += 1) {
    for (const question of QUESTIONS) await world.live(question);
  }
}

async function expectPresent(): Promise<void> {
  for (const question of QUESTIONS) expect(await world.live(question)).toEqual(await world.fresh(question));
}

it('reads a customer once a change for each kind of facts, change after change', async () => {
  for (const bySelf of [true, false, true, false]) {
    for (let i = 0; i < 5; i += 1) {
      const before = world.statements('live.facts');
      const looked = world.statements('live.stored');
      await world.happens({ kind: 'events', events: [{ who: 3, name: i % 4, agoMs: i + 1 }], bySelf });
      await askOften();
      expect(world.statements('live.facts') - before).toBe(QUESTIONS.length);
      expect(world.statements('live.stored') - looked).toBe(1);
    }
  }
  await expectPresent();
});

it('does not read before what was heard of is stored', async () => {
  const before = world.statements('live.facts');
  const atMs = world.nowMs - 1000;
  const event = { event_id: 'slow', customer_id: 'customer-5', event: 'order_completed' };
  const time = new Date(atMs).toISOString();
  const row = { ...event, time, order_id: 'slow', revenue: 7, properties: { device: 'phone' } };
  // What the views make of the insert is seen first.
  await world.engine.command(
    'test_heard',
    sql`INSERT INTO arrived (batch, customer_key, time, event, amount, has_revenue, has_order_id, id_hash)
SELECT toUInt64(toUnixTimestamp64Nano(now64(9))), cityHash64('customer-5'), ${param.time(atMs)}, 'order_completed', 70000, 1, 1, sipHash64('slow')`,
  );
  await askOften();
  expect(world.statements('live.facts')).toBe(before);
  expect(world.statements('live.stored')).toBeGreaterThan(0);
  await world.engine.insert('events', [row]);
  await expectPresent();
});
