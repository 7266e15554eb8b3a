/** Events are counted once, stored before they are acknowledged, and never stopped by a neighbour. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '../../server/engine/log.ts';
import { EngineError } from '../../server/engine/port.ts';
import type { Engine } from '../../server/engine/port.ts';
import type { EventRequest } from '../../server/ingest/event.ts';
import { createIngestion } from '../../server/ingest/ingest.service.ts';
import type { Ingestion } from '../../server/ingest/ingest.service.ts';
import type { StoredBatch } from '../../server/ingest/plan.ts';
import { param, sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
let engine: Engine;
let ingestion: Ingestion;

const open = (on: Engine): Promise<Ingestion> =>
  createIngestion({ engine: on, log: silentLog, now: () => NOW });

beforeAll(async () => {
  engine = await testEngine();
  ingestion = await open(engine);
});
afterAll(() => engine.close());

/** Events and revenue in the table, and events as the customers' view counted them. */
async function stored(customerId: string): Promise<readonly [number, number, number]> {
  const { rows } = await engine.query<{ events: string; revenue: string | null; counted: string }>({
    name: 'test.stored',
    sql: sql`SELECT count() AS events, sum(revenue) AS revenue,
  (SELECT sum(customers.events) FROM customers WHERE customer_key = cityHash64(${param.string(customerId)})) AS counted
FROM events WHERE customer_id = ${param.string(customerId)}`,
  });
  return [Number(rows[0]?.events), Number(rows[0]?.revenue), Number(rows[0]?.counted)];
}

function buys(customerId: string, count: number): EventRequest[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `${customerId}-${i}`,
    customerId,
    event: 'purchase',
    time: new Date(NOW - i * 60_000),
    revenue: 2.5,
    properties: { size: i },
  }));
}

it('counts an id once that comes three times in a batch', async () => {
  const [one] = buys('once-in-batch', 1);
  const receipt = await ingestion.accept([one!, { ...one!, time: new Date(NOW - 1e9) }, one!]);
  expect(receipt).toEqual({ accepted: 1, duplicates: 2, rejected: [] });
  expect(await stored('once-in-batch')).toEqual([1, 2.5, 1]);
});

it('knows ids across batches, with another time or customer, and in a new service on the same store', async () => {
  const events = buys('again', 10);
  expect(await ingestion.accept(events)).toEqual({ accepted: 10, duplicates: 0, rejected: [] });
  expect(await ingestion.accept(events)).toEqual({ accepted: 0, duplicates: 10, rejected: [] });
  const other = await open(engine);
  const moved = events.map((event) => ({ ...event, time: new Date(NOW - 9e9), customerId: 'someone else' }));
  expect(await other.accept(moved)).toEqual({ accepted: 0, duplicates: 10, rejected: [] });
  expect(await other.accept([...events, ...buys('again', 12)])).toMatchObject({
    accepted: 2,
    duplicates: 20,
  });
  expect(await stored('again')).toEqual([12, 30, 12]);
});

it('counts the same batch once, its revenue too, when it is sent 50 times in parallel', async () => {
  const events = buys('parallel', 40);
  const receipts = await Promise.all(Array.from({ length: 50 }, () => ingestion.accept(events)));
  expect(receipts.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(40);
  expect(receipts.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(49 * 40);
  expect(await stored('parallel')).toEqual([40, 100, 40]);
});

it('stores many single-event calls in few inserts', async () => {
  const batches: StoredBatch[] = [];
  const stop = ingestion.onStored((batch) => batches.push(batch));
  await Promise.all(buys('single', 300).map((event) => ingestion.accept([event])));
  stop();
  expect(batches.length).toBeLessThan(5);
  expect(batches.reduce((sum, { count }) => sum + count, 0)).toBe(300);
  expect(batches[0]?.lastTimeMs).toBe(NOW);
  expect(await stored('single')).toEqual([300, 750, 300]);
});

it('takes events without an id once by their content, and each that has neither id nor time', async () => {
  const event = {
    customerId: 'no-id',
    event: 'view',
    time: '2026-05-01T10:00:00Z',
    properties: { a: 1, b: 2 },
  };
  const same = { ...event, properties: { b: 2, a: 1 } };
  expect(await ingestion.accept([event, same])).toMatchObject({ accepted: 1, duplicates: 1 });
  expect(await ingestion.accept([same])).toMatchObject({ accepted: 0, duplicates: 1 });
  const timeless = { customerId: 'no-id', event: 'view' };
  expect(await ingestion.accept([timeless, timeless])).toMatchObject({ accepted: 2 });
});

it('keeps bad events aside with their reasons and stores their neighbours', async () => {
  const [good] = buys('neighbour', 1);
  const receipt = await ingestion.accept([{ event: 'view' }, good!, { customerId: 'x', event: '' }]);
  expect(receipt).toEqual({
    accepted: 1,
    duplicates: 0,
    rejected: [
      { index: 0, reason: 'An event needs a customerId or an anonymousId.' },
      { index: 2, reason: 'The event has no name.' },
    ],
  });
  const { rows } = await engine.query<{ reason: string; payload: string }>({
    name: 'test.rejected',
    sql: sql`SELECT reason, payload FROM rejected_events ORDER BY reason`,
  });
  expect(rows).toEqual([
    { reason: 'An event needs a customerId or an anonymousId.', payload: '{"event":"view"}' },
    { reason: 'The event has no name.', payload: '{"customerId":"x","event":""}' },
  ]);
});

it('takes a batch that reaches over more months than one insert may touch', async () => {
  const events = Array.from({ length: 240 }, (_, i) => ({
    id: `months-${i}`,
    customerId: 'months',
    event: 'view',
    time: new Date(Date.UTC(2000 + (i % 20), i % 12, 1)),
  }));
  expect(await ingestion.accept(events)).toMatchObject({ accepted: 240 });
  expect(await ingestion.accept(events)).toMatchObject({ duplicates: 240 });
});

it('stores every text and name as it was sent', async () => {
  const properties = JSON.parse(
    '{"__proto__":"p","constructor":{"x":1},"a.b":1,"a":{"b":2},"":"empty","中文":"值","q`\\"\\\\":"\\u0000\\u202e","big":12345678901234567890,"list":[1,"a",null,{"z":1}]}',
  ) as object;
  const receipt = await ingestion.accept([
    { id: 'odd', customerId: "o'\\`brien\u0000 🙂", event: '__proto__', time: '2026-05-01', properties },
  ]);
  expect(receipt).toMatchObject({ accepted: 1 });
  const { rows } = await engine.query<{ customer_id: string; event: string; p: string; big: string }>({
    name: 'test.odd',
    sql: sql`SELECT customer_id, event, CAST(getSubcolumn(properties, ${param.string('__proto__')}), 'Nullable(String)') AS p,
  CAST(getSubcolumn(properties, ${param.string('big')}), 'Nullable(String)') AS big FROM events WHERE event_id = 'odd'`,
  });
  expect(rows).toEqual([
    { customer_id: "o'\\`brien\u0000 🙂", event: '__proto__', p: 'p', big: '12345678901234567168' },
  ]);
});

/** The real engine, but for rows whose event is `poison`: these it refuses, as it would a value that does not fit. */
function refusing(on: Engine): Engine {
  return Object.assign(Object.create(on) as Engine, {
    insert: async (...[table, rows, options]: Parameters<Engine['insert']>) => {
      const isPoisoned = rows.some((row) => 'event' in row && row.event === 'poison');
      if (isPoisoned) throw new EngineError('BAD_DATA', 'Cannot parse');
      return on.insert(table, rows, options);
    },
  });
}

it('finds a row that only the engine refuses, keeps it aside and stores the rest', async () => {
  const picky = await open(refusing(engine));
  const events = buys('halving', 25).map((event, i) =>
    i === 3 || i === 17 ? { ...event, event: 'poison' } : event,
  );
  const receipt = await picky.accept(events);
  expect(receipt).toMatchObject({ accepted: 23, duplicates: 0 });
  expect(receipt.rejected.map(({ index }) => index)).toEqual([3, 17]);
  expect(await stored('halving')).toEqual([23, 57.5, 23]);
  const { rows } = await engine.query<{ reason: string }>({
    name: 'test.refused',
    sql: sql`SELECT reason FROM rejected_events WHERE payload LIKE '%halving%'`,
  });
  expect(rows).toEqual(Array(2).fill({ reason: 'The store cannot take this event as it is.' }));
});

it('repeats an insert whose end was not heard of, without counting twice', async () => {
  let lost = 2;
  const cut: Engine = Object.assign(Object.create(engine) as Engine, {
    insert: async (...args: Parameters<Engine['insert']>) => {
      await engine.insert(...args);
      if (args[0] === 'events') lost -= 1;
      if (args[0] === 'events' && lost >= 0) throw new EngineError('UNAVAILABLE', 'The connection broke.');
    },
  });
  const receipt = await (await open(cut)).accept(buys('unheard', 5));
  expect(receipt).toMatchObject({ accepted: 5, duplicates: 0 });
  expect(await stored('unheard')).toEqual([5, 12.5, 5]);
});

it('acknowledges nothing that could not be stored, and takes it later', async () => {
  let isAway = true;
  const away: Engine = Object.assign(Object.create(engine) as Engine, {
    insert: (...args: Parameters<Engine['insert']>) =>
      isAway ? Promise.reject(new EngineError('UNAVAILABLE', 'away')) : engine.insert(...args),
  });
  const service = await open(away);
  await expect(service.accept(buys('away', 3))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  isAway = false;
  expect(await service.accept(buys('away', 3))).toMatchObject({ accepted: 3, duplicates: 0 });
});

it('knows what was stored by a batch that seemed to fail', async () => {
  let isCut = true;
  const cut: Engine = Object.assign(Object.create(engine) as Engine, {
    insert: async (...args: Parameters<Engine['insert']>) => {
      await engine.insert(...args);
      if (isCut && args[0] === 'events') throw new EngineError('UNAVAILABLE', 'The connection broke.');
    },
  });
  const service = await open(cut);
  await expect(service.accept(buys('seemed', 4))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await engine.command('test.forget', sql`TRUNCATE TABLE known_ids`);
  isCut = false;
  expect(await service.accept(buys('seemed', 5))).toMatchObject({ accepted: 1, duplicates: 4 });
  expect(await stored('seemed')).toEqual([5, 12.5, 5]);
});

it('does not trust an id that stands in known_ids without its event', async () => {
  await engine.command('test.phantom', sql`INSERT INTO known_ids SELECT sipHash64('phantom-0')`);
  const [event] = buys('phantom', 1);
  expect(await (await open(engine)).accept([event!])).toMatchObject({ accepted: 1, duplicates: 0 });
});

it('finds stored events that known_ids has missed', async () => {
  const events = buys('missed', 3);
  await ingestion.accept(events);
  await engine.command('test.forget', sql`TRUNCATE TABLE known_ids`);
  expect(await (await open(engine)).accept(events)).toMatchObject({ accepted: 0, duplicates: 3 });
});

it('refuses more than 10,000 events in a call', async () => {
  await expect(ingestion.accept(new Array<EventRequest>(10_001).fill({}))).rejects.toThrow(
    'A call takes at most 10,000 events; these are 10,001.',
  );
});

it('refuses calls while too much waits, and takes them again after', async () => {
  const service = await open(engine);
  const full = (n: number): EventRequest[] =>
    Array.from({ length: 10_000 }, (_, i) => ({
      id: `busy-${n}-${i}`,
      customerId: 'busy',
      event: 'view',
      time: NOW,
    }));
  const waiting = Array.from({ length: 12 }, (_, n) => service.accept(full(n)));
  const outcomes = await Promise.allSettled(waiting);
  const refused = outcomes.filter(({ status }) => status === 'rejected');
  expect(refused.length).toBe(2);
  expect(refused[0]).toMatchObject({ reason: { name: 'IngestBusyError', code: 'UNAVAILABLE' } });
  expect(await service.accept(full(11))).toMatchObject({ accepted: 10_000 });
});

it('withdraws a call that is aborted while it waits', async () => {
  const first = ingestion.accept(buys('first', 1));
  const cancelled = ingestion.accept(buys('cancelled', 1), AbortSignal.abort());
  await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
  await first;
  expect((await stored('cancelled'))[0]).toBe(0);
});

async function announced(): Promise<number> {
  const { rows } = await engine.query<{ changes: string }>({
    name: 'test.announced',
    sql: sql`SELECT count() AS changes FROM arrivals`,
  });
  return Number(rows[0]?.changes);
}

it('brings customers in line, and says that something came, after an insert that was cut off', async () => {
  const events = buys('torn', 3);
  await ingestion.accept(events);
  const before = await announced();
  // As a crash leaves it between the table and its views.
  await engine.command(
    'test.torn',
    sql`ALTER TABLE customers DELETE WHERE customer_id = 'torn' SETTINGS mutations_sync = 1`,
  );
  expect(await stored('torn')).toEqual([3, 7.5, 0]);
  expect(await (await open(engine)).accept(buys('torn', 4))).toMatchObject({ accepted: 1, duplicates: 3 });
  expect(await stored('torn')).toEqual([4, 10, 4]);
  expect(await announced()).toBe(before + 1);
});
