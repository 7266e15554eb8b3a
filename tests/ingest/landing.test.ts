/** Rows that other tools write into the table `landing`: each counts once, or is kept with the reason. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIngestion } from '../../server/ingest/ingest.service.ts';
import { silentLog } from '../../server/engine/log.ts';
import { aloneIn, ownTurn } from '../../server/ingest/turns/turn-within.ts';
import { projectRoot } from '../../server/engine/project.ts';
import { splitStatements } from '../../server/engine/statements.ts';
import { param, sql } from '../../server/query/sql.ts';
import { openLandingDesk } from '../support/landing-desk.ts';
import type { LandingDesk } from '../support/landing-desk.ts';
import { watch } from '../support/live.ts';
import { serveTest } from '../support/server.ts';

let desk: LandingDesk;
beforeEach(async () => {
  desk = await openLandingDesk();
});
afterEach(() => desk.close());

const lines = (...rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join('\n');
const T = '2026-01-31T10:00:00Z';

describe('every way in', () => {
  it('takes JSONEachRow with any of the columns, numbers and objects as they are', async () => {
    await desk.post(
      'JSONEachRow',
      lines(
        {
          event_id: 'a',
          event: 'buy',
          customer_id: 'ann',
          time: T,
          revenue: 9.5,
          properties: { price: 1, id: 1 },
        },
        { event: 'view', anonymous_id: 'visitor', time: 1769853600, channel: 'web', unknown: 1 },
        { event: 'view', customer_id: 'ann', time: 1769853600123, revenue: null, properties: null },
      ),
    );
    expect(await desk.open().drain()).toBe(1);
    expect(
      await desk.rows(`SELECT customer_id, event, toString(time) AS at, channel, toFloat64(revenue) AS revenue,
  toString(properties) AS properties FROM events ORDER BY customer_id, time SETTINGS output_format_json_quote_64bit_integers = 0`),
    ).toEqual([
      {
        customer_id: 'ann',
        event: 'buy',
        at: '2026-01-31 10:00:00.000',
        channel: '',
        revenue: 9.5,
        properties: '{"id":1,"price":1}',
      },
      {
        customer_id: 'ann',
        event: 'view',
        at: '2026-01-31 10:00:00.123',
        channel: '',
        revenue: null,
        properties: '{}',
      },
      {
        customer_id: 'visitor',
        event: 'view',
        at: '2026-01-31 10:00:00.000',
        channel: 'web',
        revenue: null,
        properties: '{}',
      },
    ]);
    expect(await desk.balance()).toEqual({
      events: 3,
      revenue: 9.5,
      duplicates: 0,
      rejected: 0,
      waiting: 0,
    });
  });

  it('takes CSVWithNames, other clients and INSERT SELECT from typed columns', async () => {
    await desk.post(
      'CSVWithNames',
      `event,customer_id,time,revenue\nbuy,ann,"${T}",1.25\nbuy,bob,1769853600,\n`,
    );
    const { url, user, password, database } = desk.connection;
    const client = createClient({ url, username: user, password, database });
    await client.insert({
      table: 'landing',
      format: 'JSONEachRow',
      values: [{ event: 'buy', customer_id: 'cy', time: T, revenue: '2' }],
    });
    await client.close();
    await desk.run(
      `INSERT INTO landing (event, customer_id, time, revenue, properties) SELECT 'buy', 'dee', toDateTime64('2026-01-31 10:00:00.5', 3, 'UTC'), toDecimal64(4, 2), toJSONString(map('k', 'v'))`,
    );
    await desk.open().drain();
    expect(await desk.balance()).toMatchObject({ events: 4, revenue: 7.25, rejected: 0, waiting: 0 });
    expect(
      await desk.rows(
        `SELECT toString(time) AS at, toString(properties) AS p FROM events WHERE customer_id = 'dee'`,
      ),
    ).toEqual([{ at: '2026-01-31 10:00:00.500', p: '{"k":"v"}' }]);
  });
});

it('counts an id once: within a batch, across batches, and against the API', async () => {
  const turns = ownTurn(desk.engine);
  const ingestion = await createIngestion({ engine: desk.engine, log: silentLog, now: Date.now, turns });
  await ingestion.accept([{ id: 'api', event: 'buy', customerId: 'ann', time: T, revenue: 1 }]);
  const row = (id: string, revenue = 1) => ({
    event_id: id,
    event: 'buy',
    customer_id: 'ann',
    time: T,
    revenue,
  });
  await desk.post('JSONEachRow', lines(row('api'), row('a'), row('a', 5), row('b')));
  await desk.post('JSONEachRow', lines(row('a'), row('c')));
  const landing = desk.open({ turns: aloneIn(turns) });
  await landing.drain();
  await desk.post('JSONEachRow', lines(row('c'), row('d')));
  await landing.drain();
  const receipt = await ingestion.accept(
    ['a', 'd', 'e'].map((id) => ({ id, event: 'buy', customerId: 'ann', time: T, revenue: 1 })),
  );
  expect(receipt).toMatchObject({ accepted: 1, duplicates: 2 });
  // Four that landed, two through the API.
  expect(await desk.balance()).toMatchObject({ events: 6, revenue: 6, duplicates: 6, waiting: 0 });
  await ingestion.close();
});

it('gives events without an id one from their content, and those without a time one each', async () => {
  const sent = { event: 'view', customer_id: 'ann', time: T };
  const untimed = { event: 'view', customer_id: 'ann' };
  await desk.post('JSONEachRow', lines(sent, sent, untimed, untimed));
  await desk.post('JSONEachRow', lines(sent));
  await desk.open().drain();
  expect(await desk.balance()).toMatchObject({ events: 3, duplicates: 2 });
});

it('keeps what is wrong with its reason and payload, and its neighbours count', async () => {
  const good = { event: 'view', customer_id: 'ann', time: T };
  const deep = `${'{"a":'.repeat(21)}1${'}'.repeat(21)}`;
  const many = JSON.stringify({ list: Array.from({ length: 1001 }, (_, i) => i) });
  await desk.post(
    'JSONEachRow',
    lines(
      good,
      { ...good, customer_id: '' },
      { ...good, customer_id: 'null' },
      { ...good, event: ' ' },
      { ...good, time: '2026-02-30' },
      { ...good, time: '1969-12-31' },
      { ...good, revenue: 'much' },
      { ...good, revenue: 2e13 },
      { ...good, event_id: 'undefined' },
      { ...good, channel: 'x'.repeat(1025) },
      { ...good, properties: '{"a":' },
      { ...good, properties: [1] },
      { ...good, properties: '{"a":1e999}' },
      { ...good, properties: deep },
      { ...good, properties: many },
      { ...good, properties: { text: 'y'.repeat(33_000) } },
    ),
  );
  await desk.open().drain();
  const rejected = await desk.rows<{ reason: string; payload: string }>(
    `SELECT reason, payload, source FROM rejected_events ORDER BY reason`,
  );
  expect(rejected.map(({ reason }) => reason)).toEqual(
    [
      '"undefined" is not an id.',
      'A text is longer than 1024 characters.',
      'An event needs a customerId or an anonymousId.',
      'The event has no name.',
      'The event is larger than 32 kB.',
      'customerId "null" is not an id.',
      'properties have more than 1000 values.',
      'properties are nested deeper than 20 levels.',
      'properties is not an object.',
      'properties is not an object.',
      'properties is not an object.',
      'revenue is beyond 10,000,000,000,000.',
      'revenue is not a number.',
      'time is not after 1970-01-01T00:00:00Z.',
      'time is not an instant such as 2026-01-31T23:59:59Z.',
    ].sort(),
  );
  const much = rejected.find(({ reason }) => reason === 'revenue is not a number.');
  expect(JSON.parse(much?.payload ?? '')).toEqual({
    event: 'view',
    customerId: 'ann',
    time: T,
    revenue: 'much',
  });
  for (const { payload } of rejected) JSON.parse(payload);
  const counts = await desk.rows(`SELECT sum(ingest_counts.rejected) AS n FROM ingest_counts`);
  expect(counts).toEqual([{ n: '15' }]);
  expect(await desk.balance()).toMatchObject({ events: 1, rejected: 15, duplicates: 0, waiting: 0 });
});

it('keeps long numbers to the last digit and counts what is far ahead on arrival', async () => {
  await desk.post(
    'JSONEachRow',
    '{"event":"a","customer_id":"ann","time":"2026-01-31T10:00:00Z","properties":{"n":12345678901234567890123,"f":0.30000000000000004,"t":"1234567890123456789"}}\n' +
      '{"event":"b","customer_id":"ann","time":"2199-01-01T00:00:00Z","properties":{"sent_time":"mine","k":"v"}}\n' +
      '{"event":"c","customer_id":"ann","time":"2199-01-01T00:00:00Z"}',
  );
  await desk.open().drain();
  const rows = await desk.rows<{ properties: string; ahead: number }>(
    `SELECT toString(properties) AS properties, time > now() + INTERVAL 1 HOUR AS ahead FROM events ORDER BY event`,
  );
  expect(rows.map(({ ahead }) => ahead)).toEqual([0, 0, 0]);
  expect(rows.map(({ properties }) => JSON.parse(properties) as unknown)).toEqual([
    { n: '12345678901234567890123', f: 0.30000000000000004, t: '1234567890123456789' },
    { sent_time: '2199-01-01T00:00:00.000Z', k: 'v' },
    { sent_time: '2199-01-01T00:00:00.000Z' },
  ]);
});

it('tells live viewers', async () => {
  const server = await serveTest(desk.engine);
  const viewer = watch(
    server,
    'subscription { overview(input: { range: { last: "P30D" } }) { orders { value } } }',
  );
  try {
    server.services.landing.watch();
    const first = await viewer.next<{ overview: { orders: { value: number } } }>();
    expect(first.overview.orders.value).toBe(0);
    await desk.post(
      'JSONEachRow',
      lines({ event: 'order_completed', customer_id: 'ann', order_id: 'o-1', revenue: 5 }),
    );
    const second = await viewer.next<{ overview: { orders: { value: number } } }>();
    expect(second.overview.orders.value).toBe(1);
  } finally {
    await viewer.leave();
    await server.close();
  }
});

it('what the README says to paste is understood', async () => {
  const readme = await readFile(join(projectRoot(), 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');
  const statements = blocks.flatMap(splitStatements);
  expect(statements.length).toBeGreaterThanOrEqual(5);
  for (const statement of statements) {
    const { rows } = await desk.engine.query({
      name: 'test.parse',
      sql: sql`SELECT formatQuerySingleLine(${param.string(statement)}) AS text`,
    });
    expect(rows).toHaveLength(1);
  }
});
