/**
 * Where only SQL can tell what an event means, a change is read once for each kind of facts, however many ask and
 * however often, and not before all of it can be read.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { param, sql } from '../../server/query/sql.ts';
import { MONTHS_AT_ONCE } from '../../server/live/kept/kept.sql.ts';
import { until } from '../support/until.ts';
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

/** What the views make of an insert of the event, as though the rest of it could not be read yet. */
async function heardOf(id: string, atMs: number): Promise<void> {
  await world.engine.command(
    'test_heard',
    sql`INSERT INTO arrived (batch, customer_key, time, event, amount, has_revenue, has_order_id, id_hash)
SELECT toUInt64(toUnixTimestamp64Nano(now64(9))), cityHash64('customer-5'), ${param.time(atMs)}, 'order_completed', 70000, 1, 1, sipHash64(${param.string(id)})`,
  );
}

async function store(id: string, atMs: number): Promise<void> {
  const event = { event_id: id, customer_id: 'customer-5', event: 'order_completed' };
  const time = new Date(atMs).toISOString();
  const row = { ...event, time, order_id: id, revenue: 7, properties: { device: 'phone' } };
  await world.engine.insert('events', [row]);
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
  // What the views make of the insert is seen first.
  await heardOf('slow', atMs);
  await askOften();
  expect(world.statements('live.facts')).toBe(before);
  expect(world.statements('live.stored')).toBeGreaterThan(0);
  await store('slow', atMs);
  await expectPresent();
});

it('does not count an insert as all there that was heard of and is not yet whole', async () => {
  await world.live(QUESTIONS[0]!);
  expect(await world.knows(QUESTIONS)).toBe(true);
  const atMs = world.nowMs - 2000;
  await heardOf('half', atMs);
  expect(await world.knows(QUESTIONS)).toBe(false);
  await store('half', atMs);
  await until('all of it is there', () => world.knows(QUESTIONS));
  await expectPresent();
});

it('looks for each late event where it happened, and not at all that lies between', async () => {
  const DAY_MS = 86_400_000;
  const before = world.stored.length;
  // Some that came years late together with one of just now.
  const agoMs = Array.from({ length: 30 }, (_, i) => i * 31 * DAY_MS + 1000);
  const events = agoMs.map((ago) => ({ who: 7, name: 1, agoMs: ago }));
  await world.happens({ kind: 'events', events, bySelf: false });
  await expectPresent();
  const looks = world.stored.slice(before);
  expect(looks.length).toBe(2);
  for (const { params } of looks) {
    const times = Object.values(params)
      .filter((value): value is string => typeof value === 'string')
      .map((text) => Date.parse(`${text.replace(' ', 'T')}Z`));
    expect(times.length).toBeLessThanOrEqual(2 * MONTHS_AT_ONCE);
    for (let i = 0; i < times.length; i += 2)
      expect((times[i + 1] ?? NaN) - (times[i] ?? NaN)).toBeLessThan(31 * DAY_MS);
  }
});
