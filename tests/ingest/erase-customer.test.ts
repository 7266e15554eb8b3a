/** A customer is erased: nothing of them is left anywhere, and nobody else's numbers change. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { eraseCustomer, EventsWaitError } from '../../server/ingest/removal/removal.service.ts';
import { sql } from '../../server/query/sql.ts';
import { ANALYSES } from '../support/analyses.ts';
import { testEngine } from '../support/engine.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { balance, placesOf, storePrint } from '../support/store-print.ts';
import { watch } from '../support/live.ts';

let engine: Engine;
let server: TestServer;
const WHO = 'erika-mustermann';
const range = { from: '2026-01-01T00:00:00Z', to: '2026-05-01T00:00:00Z' };

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

const eventsOf = (customerId: string, from: number): object[] =>
  Array.from({ length: 40 }, (_, i) => ({
    customerId,
    event: ['product_viewed', 'add_to_cart', 'order_completed'][i % 3],
    time: new Date(Date.UTC(2026, 0, from + 2 * i, i % 24)).toISOString(),
    channel: ['web', 'app', 'store'][i % 3],
    ...(i % 3 === 2 && { revenue: 10 + i / 4, orderId: `${customerId}-${i}` }),
    properties: { country: 'DE', by: customerId },
  }));

const ingest = (events: readonly object[]): Promise<unknown> =>
  server.query(
    'mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted duplicates rejected { reason } } }',
    { events },
  );
const identify = (customerId: string, anonymousId: string | null, traits: object | null = null) =>
  server.query(
    'mutation ($c: ID!, $a: String, $t: JSON) { identify(customerId: $c, anonymousId: $a, traits: $t) { id } }',
    {
      c: customerId,
      a: anonymousId,
      t: traits,
    },
  );
const erase = async (id: string): Promise<boolean> =>
  (await server.query<{ eraseCustomer: boolean }>('mutation ($id: ID!) { eraseCustomer(id: $id) }', { id }))
    .eraseCustomer;

async function answers(): Promise<unknown> {
  const all = ANALYSES.map(async ({ field, inputType, input, answer }) => {
    const document = `query ($input: ${inputType}) { ${field}(input: $input) { ${answer} } }`;
    return (await server.query<Record<string, unknown>>(document, { input: { ...input, range } }))[field];
  });
  return Promise.all(all);
}

/** Others: with an identity of their own, traits, and a rejected event. */
async function tellOthers(): Promise<void> {
  for (const [i, id] of ['ann', 'bob', 'cid', 'dora'].entries()) await ingest(eventsOf(id, 1 + i));
  await identify('ann', 'ann-phone', { city: 'Bonn' });
  await ingest([{ customerId: 'bob', event: '', time: '2026-01-01T00:00:00Z' }]);
}

async function tellErika(): Promise<void> {
  await ingest(eventsOf(`${WHO}-cookie`, 3));
  await ingest(eventsOf(WHO, 4));
  await identify(WHO, `${WHO}-cookie`, { email: 'erika@example.com' });
  await identify(WHO, `${WHO}-phone`);
  await ingest([
    { customerId: WHO, event: '', time: '2026-01-01T00:00:00Z' },
    { customerId: 'bob', event: '', properties: { nested: [{ deep: `${WHO}-phone` }] } },
  ]);
  // A line of a file that could not even be read, and a row of one under way.
  await engine.insert('rejected_events', [
    { reason: 'Broken.', payload: `x,${WHO},view`, source: 'f.csv row 9' },
  ]);
  await engine.insert('import_rows', [{ import_id: 7, chunk: 0, row: 1, customer_id: WHO, event: 'view' }]);
}

async function saveAudiences(): Promise<void> {
  const save = (name: string, definition: object, isStatic: boolean) =>
    server.query(
      'mutation ($n: String!, $d: AudienceInput!, $s: Boolean) { saveAudience(name: $n, definition: $d, static: $s) { id } }',
      { n: name, d: definition, s: isStatic },
    );
  await save('everybody', { did: [{ match: { events: ['order_completed'] } }] }, true);
  await save('some', { where: { property: 'customerId', op: 'IS', values: [WHO, 'ann'] } }, false);
}

async function saveReports(): Promise<void> {
  const save = (kind: string, input: object) =>
    server.query(
      'mutation ($k: ReportKind!, $i: JSON!, $v: JSON) { saveReport(name: "one", kind: $k, input: $i, view: $v) { id } }',
      { k: kind, i: input, v: { opened: WHO } },
    );
  await save('CUSTOMERS', { search: WHO });
  await save('JOURNEY', { range, where: { property: 'customerId', values: [WHO, 'ann'] } });
}

/** A stage that names the customer; nobody else is moved by it. */
async function publishMap(): Promise<void> {
  const match = { where: { property: 'customerId', values: [WHO, 'nobody'] } };
  const named = {
    key: 'named',
    name: 'Named',
    color: '#808080',
    description: 'One customer.',
    rule: { did: { match } },
  };
  await server.query('mutation ($map: JSON!) { saveJourneyMap(map: $map) { version } }', {
    map: { ...retailMap, lifecycle: [named, ...retailMap.lifecycle] },
  });
}

it('leaves nothing of the customer, and everything of everybody else', async () => {
  await tellOthers();
  await publishMap();
  const before = await storePrint(engine);
  const expected = await answers();
  const sent = await balance(engine);
  await tellErika();
  await saveAudiences();
  await saveReports();
  expect(await answers()).not.toEqual(expected);
  expect((await placesOf(engine, WHO)).length).toBeGreaterThan(8);

  const viewer = watch(
    server,
    `subscription ($input: OverviewInput!) { overview(input: $input, every: "PT0.1S") { revenue { value } } }`,
    { input: { range } },
  );
  const live = await viewer.next<{ overview: { revenue: { value: number } } }>();
  // By any of the ids.
  expect(await erase(`${WHO}-cookie`)).toBe(true);

  expect(await answers()).toEqual(expected);
  expect(await viewer.next()).not.toEqual(live);
  await viewer.leave();
  expect(await storePrint(engine)).toEqual({ ...before, reading: '0' });
  expect(await placesOf(engine, WHO)).toEqual([]);
  expect(await placesOf(engine, 'erika@example.com')).toEqual([]);
  expect((await balance(engine))['removed']).toBe((sent['removed'] ?? 0) + 80);
  const { audiences } = await server.query<{ audiences: { name: string; size: number }[] }>(
    '{ audiences { name size } }',
  );
  expect(audiences).toEqual([
    { name: 'everybody', size: 4 },
    { name: 'some', size: 1 },
  ]);
  const text = JSON.stringify(await server.query('{ journeyMap { lifecycle { key rule } } }'));
  expect(text).toContain('["(erased)","nobody"]');
  const { reports } = await server.query<{ reports: object[] }>('{ reports { input problem } }');
  expect(reports).toMatchObject([
    { input: { where: { values: ['(erased)', 'ann'] } }, problem: null },
    { input: { search: '(erased)' }, problem: null },
  ]);
});

it('leaves a receipt of how much, and of nobody', async () => {
  const { erasures } = await server.query<{ erasures: object }>(
    '{ erasures { totalCount nodes { events traits identities audiences rejectedEvents importRows } pageInfo { hasNextPage } } }',
  );
  expect(erasures).toEqual({
    totalCount: 1,
    nodes: [{ events: 80, traits: 1, identities: 3, audiences: 1, rejectedEvents: 3, importRows: 1 }],
    pageInfo: { hasNextPage: false },
  });
  expect(await erase(WHO)).toBe(false);
  expect(await erase('never-seen')).toBe(false);
  expect(await server.query('{ erasures { totalCount } }')).toEqual({ erasures: { totalCount: 1 } });
});

it('keeps no trace in what the store knows of its own work, and leaves the disk', async () => {
  const { rows } = await engine.query<{ masked: string; said: string }>({
    name: 'test.parts',
    sql: sql`SELECT
  (SELECT count() FROM system.parts WHERE database = currentDatabase() AND active AND has_lightweight_delete) AS masked,
  (SELECT countIf(position(command, 'erika') > 0) FROM system.mutations WHERE database = currentDatabase()) AS said`,
  });
  expect(rows[0]?.said).toBe('0');
});

it('knows the customer as new when they come again', async () => {
  await ingest([{ customerId: WHO, event: 'product_viewed', time: '2026-04-01T00:00:00Z' }]);
  const { customer } = await server.query<{ customer: object }>(
    'query ($id: ID!) { customer(id: $id) { id firstSeen revenue } }',
    { id: WHO },
  );
  expect(customer).toEqual({ id: WHO, firstSeen: '2026-04-01T00:00:00.000Z', revenue: 0 });
  await ingest([{ customerId: `${WHO}-phone`, event: 'product_viewed', time: '2026-04-02T00:00:00Z' }]);
  const { customers } = await server.query<{ customers: { totalCount: number } }>(
    `{ customers(input: { search: "${WHO}" }) { totalCount } }`,
  );
  expect(customers.totalCount).toBe(2);
});

it('waits for events that are on their way into the store', async () => {
  const refused = eraseCustomer({ engine, waiting: () => 3 }, WHO);
  await expect(refused).rejects.toThrow(EventsWaitError);
  await expect(refused).rejects.toThrow(/3 events/);
});
