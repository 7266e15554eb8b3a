/** While the store is away calls are kept on disk, and stored once when it is back: all of them, in order. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { silentLog } from '../../server/engine/log.ts';
import { EngineError } from '../../server/engine/port.ts';
import type { Engine } from '../../server/engine/port.ts';
import type { EventRequest } from '../../server/ingest/event.ts';
import { createIngestion } from '../../server/ingest/ingest.service.ts';
import type { Ingestion, Message } from '../../server/ingest/ingest.service.ts';
import { Journal } from '../../server/ingest/journal/journal.ts';
import { sql, utcText } from '../../server/query/sql.ts';
import { emptyStore, testEngine } from '../support/engine.ts';
import { until } from '../support/until.ts';

/** Rejected events are not kept for ever. */
const NOW = Math.floor(Date.now() / 1000) * 1000;
let real: Engine;
let folder: string;
let ingestion: Ingestion;
/** What stands between the service and the store: `cut` stores, and does not say so. */
let store: 'there' | 'away' | 'cut' | 'events cut';
/** How often it did. */
let cuts = 0;

beforeAll(async () => {
  real = await testEngine();
});
afterAll(() => real.close());
beforeEach(async () => {
  store = 'there';
  folder = await mkdtemp(join(tmpdir(), 'waymark-journal-'));
  await emptyStore(real);
  for (const table of [sql`ingest_counts`, sql`rejected_events`]) {
    await real.command('test.empty', sql`TRUNCATE TABLE ${table}`);
  }
});
afterEach(async () => {
  await ingestion.close();
  await rm(folder, { recursive: true, force: true });
});

const awayError = (): EngineError => new EngineError('UNAVAILABLE', 'away');

/** The real engine behind a line that can be cut. */
function lineTo(engine: Engine): Engine {
  const line = <T>(call: () => Promise<T>): Promise<T> =>
    store === 'away' ? Promise.reject(awayError()) : call();
  return Object.assign(Object.create(engine) as Engine, {
    query: (...args: Parameters<Engine['query']>) => line(() => engine.query(...args)),
    command: (...args: Parameters<Engine['command']>) => line(() => engine.command(...args)),
    insertSelect: (...args: Parameters<Engine['insertSelect']>) => line(() => engine.insertSelect(...args)),
    ping: async () => store !== 'away' && engine.ping(),
    insert: async (...args: Parameters<Engine['insert']>) => {
      if (store === 'away') throw awayError();
      await engine.insert(...args);
      if (args[0] === 'turns') return;
      if (store !== 'cut' && (store !== 'events cut' || args[0] !== 'events')) return;
      cuts += 1;
      throw awayError();
    },
  });
}

async function open(maxBytes = 1e9): Promise<Ingestion> {
  const journal = await Journal.open({ folder, maxBytes, log: silentLog, now: () => NOW });
  return createIngestion({ engine: lineTo(real), log: silentLog, now: () => NOW, journal });
}

function events(name: string, count: number): EventRequest[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `${name}-${i}`,
    customerId: name,
    event: 'purchase',
    time: new Date(NOW - i * 60_000),
    revenue: 2,
  }));
}

/** Events, their revenue, and both as the views counted them; what was counted besides. */
async function balance(): Promise<readonly number[]> {
  const { rows } = await real.query<Record<string, string>>({
    name: 'test.balance',
    sql: sql`SELECT (SELECT count() FROM events) AS events, (SELECT uniqExact(event_id) FROM events) AS ids,
  (SELECT uniqExact(id_hash) FROM known_ids) AS known, (SELECT sum(revenue) FROM events) AS revenue,
  (SELECT sum(customers.events) FROM customers) AS counted, (SELECT sum(customers.revenue) FROM customers) AS sums,
  (SELECT sum(duplicates) FROM ingest_counts) AS duplicates, (SELECT sum(rejected) FROM ingest_counts) AS rejected,
  (SELECT sum(identified) FROM ingest_counts) AS identified, (SELECT count() FROM rejected_events) AS kept`,
  });
  return Object.values(rows[0] ?? {}).map(Number);
}

const segments = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith('.journal'));

it('acknowledges what it has on disk, and stores it once the store is back', async () => {
  ingestion = await open();
  await ingestion.accept(events('a', 2));
  store = 'away';
  const bad = { event: 'view' };
  // What was counted lately is known without the store.
  expect(await ingestion.accept([...events('a', 5), bad])).toMatchObject({ accepted: 3, duplicates: 2 });
  expect(await ingestion.accept(events('a', 5))).toMatchObject({ accepted: 5 });
  expect(ingestion.status()).toMatchObject({ waiting: 11, oldestWaitingMs: 0 });
  expect(await segments()).toHaveLength(1);
  store = 'there';
  await ingestion.idle();
  expect(await balance()).toEqual([5, 5, 5, 10, 5, 10, 7, 1, 0, 1]);
  expect(ingestion.status().waiting).toBe(0);
  expect(await segments()).toEqual([]);
  expect(await ingestion.accept(events('a', 6))).toMatchObject({ accepted: 1, duplicates: 5 });
});

it('counts once what a store that seemed away had taken', async () => {
  ingestion = await open();
  store = 'cut';
  expect(await ingestion.accept(events('b', 4))).toMatchObject({ accepted: 4, duplicates: 0 });
  expect(await ingestion.accept([...events('b', 6), { customerId: 'b' }])).toMatchObject({ accepted: 6 });
  store = 'there';
  await ingestion.idle();
  expect(await balance()).toEqual([6, 6, 6, 12, 6, 12, 4, 1, 0, 1]);
});

it('stores what a process that ended has left, also where that was under way', async () => {
  ingestion = await open();
  store = 'away';
  await Promise.all([events('c', 3), events('d', 3), events('c', 4)].map((some) => ingestion.accept(some)));
  await ingestion.close();
  // Each start comes a little further.
  for (const state of ['cut', 'events cut'] as const) {
    store = state;
    cuts = 0;
    ingestion = await open();
    await until('a cut', () => cuts > 2);
    await ingestion.close();
  }
  store = 'there';
  ingestion = await open();
  await ingestion.idle();
  expect(await balance()).toEqual([7, 7, 7, 14, 7, 14, 3, 0, 0, 0]);
});

it('keeps identities with what came beside them', async () => {
  ingestion = await open();
  store = 'away';
  const identity = (customerId: string, anonymousId: string | null): Message => ({
    kind: 'identity',
    customerId,
    anonymousId,
    traits: { city: 'Rome', big: 12345678901234567890n },
    payload: { customerId },
  });
  const [visit] = events('visitor', 1);
  const sent: Message[] = [
    { kind: 'event', request: visit!, payload: visit },
    identity('kate', 'visitor'),
    identity('null', null),
  ];
  expect(await ingestion.take(sent, 'segment')).toEqual({ accepted: 3, duplicates: 0, rejected: [] });
  store = 'there';
  await ingestion.idle();
  expect(await balance()).toEqual([1, 1, 1, 2, 1, 2, 0, 1, 1, 1]);
  const { rows } = await real.query<{ customer_id: string }>({
    name: 'test.joined',
    sql: sql`SELECT customer_id FROM resolved_events`,
  });
  expect(rows).toEqual([{ customer_id: 'kate' }]);
});

it('refuses calls past its bound, acknowledging nothing, and takes them once the store is back', async () => {
  ingestion = await open(20_000);
  store = 'away';
  const calls = Array.from({ length: 40 }, (_, i) => events(`full${i}`, 10));
  const outcomes = await Promise.allSettled(calls.map((some) => ingestion.accept(some)));
  const taken = outcomes.filter(({ status }) => status === 'fulfilled').length;
  await expect(ingestion.accept(events('more', 500))).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    retryAfterSeconds: 5,
  });
  store = 'there';
  await ingestion.idle();
  const [stored] = await balance();
  expect(stored).toBe(taken * 10);
  expect(await ingestion.accept(events('more', 500))).toMatchObject({ accepted: 500 });
});

it('says when each event came, not when it was stored', async () => {
  ingestion = await open();
  store = 'away';
  await ingestion.accept(events('when', 1));
  store = 'there';
  await ingestion.idle();
  const { rows } = await real.query<{ received_at: string }>({
    name: 'test.received',
    sql: sql`SELECT received_at FROM events`,
  });
  expect(rows).toEqual([{ received_at: utcText(NOW) }]);
});
