/** Joined ids are one customer in every answer at once; two customers never become one by accident. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLog } from '../../server/engine/log.ts';
import type { Engine } from '../../server/engine/port.ts';
import { hasMergedIdentities } from '../../server/ingest/identity.ts';
import { createIngestion } from '../../server/ingest/ingest.service.ts';
import type { Ingestion } from '../../server/ingest/ingest.service.ts';
import { customersTable, customerTraits, eventsTable } from '../../server/query/events.ts';
import { param, sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';

let engine: Engine;
let ingestion: Ingestion;
let clock = Date.UTC(2026, 5, 1, 12);

const open = (): Promise<Ingestion> => createIngestion({ engine, log: silentLog, now: () => (clock += 1) });

beforeAll(async () => {
  engine = await testEngine();
  ingestion = await open();
});
afterAll(() => engine.close());

/** Events by customer id, as any analysis reads them. */
async function eventsOf(...ids: string[]): Promise<Record<string, number>> {
  const { rows } = await engine.query<{ id: string; events: string }>({
    name: 'test.events_of',
    sql: sql`SELECT customer_id AS id, count() AS events FROM ${eventsTable(ingestion)}
WHERE customer_key IN (SELECT cityHash64(arrayJoin(${param.strings(ids)}))) GROUP BY id ORDER BY id`,
  });
  return Object.fromEntries(rows.map((row) => [row.id, Number(row.events)]));
}

async function traitsOf(id: string): Promise<unknown> {
  const { rows } = await engine.query<{ traits: string }>({
    name: 'test.traits_of',
    sql: sql`SELECT CAST(traits, 'String') AS traits FROM ${customerTraits} WHERE customer_id = ${param.string(id)}
SETTINGS output_format_json_quote_64bit_integers = 0`,
  });
  return rows.map((row) => JSON.parse(row.traits) as unknown);
}

it('reads the bare tables until the first join, and the views from then on', async () => {
  await storeEvents(engine, [customer('a1').did('view', '2026-01-01').did('view', '2026-01-02')]);
  await storeEvents(engine, [customer('ann').did('buy', '2026-01-03', { revenue: 5 })]);
  await ingestion.identify('ann');
  expect(ingestion.hasMergedIdentities).toBe(false);
  expect(await eventsOf('ann', 'a1')).toEqual({ a1: 2, ann: 1 });
  expect(await ingestion.identify('ann', 'a1')).toEqual({ customerId: 'ann', traits: {} });
  expect(ingestion.hasMergedIdentities).toBe(true);
  expect(await hasMergedIdentities(engine)).toBe(true);
  expect((await open()).hasMergedIdentities).toBe(true);
  expect(await eventsOf('ann', 'a1')).toEqual({ ann: 3 });
  const { rows } = await engine.query({
    name: 'test.customers',
    sql: sql`SELECT customer_key, any(customer_id) AS id, sum(events) AS events FROM ${customersTable(ingestion)} GROUP BY customer_key`,
  });
  expect(rows).toMatchObject([{ id: 'ann', events: '3' }]);
});

it('joins what an anonymous visitor does later too', async () => {
  await storeEvents(engine, [customer('a1').did('view', '2026-02-01')]);
  expect(await eventsOf('ann')).toEqual({ ann: 4 });
});

it('flattens chains, in whichever order they come', async () => {
  await storeEvents(
    engine,
    ['c1', 'c2', 'c3', 'c4'].map((id) => customer(id).did('view', '2026-01-01')),
  );
  await ingestion.identify('c2', 'c1');
  await ingestion.identify('c3', 'c2');
  expect(await eventsOf('c1', 'c2', 'c3')).toEqual({ c3: 3 });
  await ingestion.identify('c4', 'c3');
  expect(await eventsOf('c1', 'c2', 'c3', 'c4')).toEqual({ c4: 4 });
  expect(await ingestion.identify('c1')).toMatchObject({ customerId: 'c4' });
  const { rows } = await engine.query({
    name: 'test.chain',
    sql: sql`SELECT alias, customer_id FROM identities FINAL WHERE alias LIKE 'c%' ORDER BY alias`,
  });
  expect(rows).toEqual(['c1', 'c2', 'c3', 'c4'].map((alias) => ({ alias, customer_id: 'c4' })));
});

it('joins to the end of the chain when the customer itself was joined', async () => {
  await storeEvents(
    engine,
    ['d1', 'd2', 'd3'].map((id) => customer(id).did('view', '2026-01-01')),
  );
  await ingestion.identify('d2', 'd1');
  await ingestion.identify('d1', 'd3');
  expect(await eventsOf('d1', 'd2', 'd3')).toEqual({ d2: 3 });
});

it('knows a join that is said again, and cannot make a ring', async () => {
  await ingestion.identify('e2', 'e1');
  await ingestion.identify('e2', 'e1');
  expect(await ingestion.identify('e1', 'e2')).toMatchObject({ customerId: 'e2' });
  expect(await ingestion.identify('e1', 'e1')).toMatchObject({ customerId: 'e2' });
});

it('does not join two known customers, nor one visitor to two', async () => {
  await ingestion.identify('bob', null, { tier: 'gold' });
  await ingestion.identify('eve');
  await expect(ingestion.identify('eve', 'bob')).rejects.toThrow('"bob" and "eve" are both known customers');
  await ingestion.identify('bob', 'tablet');
  await expect(ingestion.identify('eve', 'tablet', { tier: 'none' })).rejects.toMatchObject({
    problems: [{ field: 'anonymousId', code: 'IDENTITY_CONFLICT' }],
  });
  await expect(ingestion.identify('newcomer', 'tablet')).rejects.toThrow(
    'already belongs to another customer',
  );
  expect(await traitsOf('eve')).toEqual([]);
});

it('merges traits over those before; null takes one away; the customer wins over the visitor', async () => {
  await ingestion.identify('fay', null, {
    tier: 'gold',
    age: 41,
    visits: 3,
    score: 1.5,
    address: { city: '上海' },
  });
  expect(await ingestion.identify('fay', null, { tier: 'silver', age: null })).toEqual({
    customerId: 'fay',
    traits: { address: { city: '上海' }, score: 1.5, tier: 'silver', visits: 3 },
  });
  await storeEvents(engine, [customer('fay').did('view', '2026-01-01')]);
  await ingestion.identify('gus', 'fay', { city: 'Rome' });
  expect(await traitsOf('gus')).toEqual([
    { address: { city: '上海' }, tier: 'silver', city: 'Rome', visits: 3, score: 1.5 },
  ]);
  expect(await traitsOf('fay')).toEqual([]);
});

it('loses no trait when they are set at the same time', async () => {
  const names = Array.from({ length: 40 }, (_, i) => `trait_${i}`);
  await Promise.all(names.map((name) => ingestion.identify('hal', `device ${name}`, { [name]: true })));
  expect(await traitsOf('hal')).toEqual([Object.fromEntries([...names].sort().map((name) => [name, true]))]);
});

it('one refused identification does not stop those beside it', async () => {
  const outcomes = await Promise.allSettled([
    ingestion.identify('ivy', 'ivy-phone'),
    ingestion.identify('jon', 'ivy-phone'),
    ingestion.identify('jon', 'jon-phone', { tier: 'new' }),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await traitsOf('jon')).toEqual([{ tier: 'new' }]);
});

it.each(['', ' ', 'null', 'undefined', '[object Object]', '0'])('refuses %j as an id', async (id) => {
  await expect(ingestion.identify(id)).rejects.toThrow(/customerId/);
  await expect(ingestion.identify('kim', id)).rejects.toThrow(/anonymousId/);
});

it('prunes months and filters early through the view', async () => {
  await storeEvents(engine, [customer('a1').did('view', '2024-01-01').did('view', '2025-01-01')]);
  const { rows } = await engine.query<{ explain: string }>({
    name: 'test.explain',
    sql: sql`EXPLAIN indexes = 1, actions = 1 SELECT count() FROM resolved_events
WHERE time >= ${param.time(Date.UTC(2025, 0, 1))} AND time < ${param.time(Date.UTC(2025, 1, 1))} AND event = 'view'`,
  });
  const plan = rows.map((row) => row.explain).join('\n');
  expect(plan).toMatch(/Partition[\s\S]*Parts: 1\//);
  expect(plan).toMatch(/Prewhere/i);
});
