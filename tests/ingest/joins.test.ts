/** Two customers become one only on purpose; what a refused login told of its customer is not lost. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import type { Message, Receipt } from '../../server/ingest/ingest.service.ts';
import { Replay } from '../../server/ingest/rejected/replay.ts';
import { sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let engine: Engine;
let server: TestServer;
let clock = Date.UTC(2026, 5, 1, 12);

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine, { now: () => (clock += 1) });
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

const CUSTOMER = '{ id aliases traits revenue events { totalCount } }';

interface Found {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly traits: object;
  readonly revenue: number;
  readonly events: { readonly totalCount: number };
}

async function find(id: string, from = server): Promise<Found | null> {
  const document = `query ($id: ID!) { customer(id: $id) ${CUSTOMER} }`;
  return (await from.query<{ customer: Found | null }>(document, { id })).customer;
}

async function merge(id: string, into: string): Promise<Found> {
  const document = `mutation ($id: ID!, $into: ID!) { mergeCustomers(id: $id, into: $into) ${CUSTOMER} }`;
  return (await server.query<{ mergeCustomers: Found }>(document, { id, into })).mergeCustomers;
}

async function refusalOf(id: string, into: string): Promise<unknown> {
  const { errors } = await server.ask(
    'mutation ($id: ID!, $into: ID!) { mergeCustomers(id: $id, into: $into) { id } }',
    { id, into },
  );
  return errors?.[0]?.extensions?.['problems'];
}

/** A login as the tracking API takes it. */
function login(customerId: string | null, anonymousId: string | null, traits: object | null = null): Message {
  const payload = { type: 'identify', userId: customerId, anonymousId, traits };
  return { kind: 'identity', customerId, anonymousId, traits, payload };
}

const take = (...messages: Message[]): Promise<Receipt> =>
  server.services.ingestion.take(messages, 'segment');

async function spent(...ids: string[]): Promise<void> {
  await storeEvents(
    engine,
    ids.map((id) => customer(id).did('order_completed', '2026-05-01', { revenue: 10 })),
  );
}

it('takes the customer and its traits from a shared tablet, refuses the join, and keeps it with the reason', async () => {
  await spent('bea', 'abe', 'tablet');
  expect(await take(login('abe', 'tablet', { name: 'Abe' }))).toMatchObject({ accepted: 1 });
  const receipt = await take(login('bea', 'tablet', { name: 'Bea', tier: 'gold' }));
  expect(receipt).toMatchObject({ accepted: 0, duplicates: 0, rejected: [{ index: 0 }] });
  expect(receipt.rejected[0]?.reason).toContain('already belongs to another customer');
  expect(await find('bea')).toMatchObject({ id: 'bea', aliases: [], traits: { name: 'Bea', tier: 'gold' } });
  expect(await find('tablet')).toMatchObject({ id: 'abe', aliases: ['tablet'], traits: { name: 'Abe' } });
  const { rejectedEvents } = await server.query<{
    rejectedEvents: { nodes: { reason: string; payload: object }[] };
  }>('{ rejectedEvents(search: "tablet") { nodes { reason payload } } }');
  expect(rejectedEvents.nodes).toMatchObject([{ payload: { userId: 'bea', anonymousId: 'tablet' } }]);
  expect(await merge('bea', 'abe').then(({ id }) => id)).toBe('abe');
});

it('takes the customer also where the visitor has no id', async () => {
  const receipt = await take(login('una', 'undefined', { name: 'Una' }), login('null', 'una-phone'));
  expect(receipt.rejected.map(({ reason }) => reason)).toEqual([
    'anonymousId "undefined" is not an id.',
    'customerId "null" is not an id.',
  ]);
  await spent('una');
  expect(await find('una')).toMatchObject({ traits: { name: 'Una' }, aliases: [] });
  expect(await take(login(null, null))).toMatchObject({ accepted: 0, rejected: [{ index: 0 }] });
});

it('keeps what a visitor told before the login, without making a customer of the visitor', async () => {
  await spent('vic', 'vic-phone');
  expect(await take(login(null, 'vic-phone', { email: 'v@example.com', tier: 'none' }))).toMatchObject({
    accepted: 1,
  });
  await take(login('vic', null, { tier: 'gold' }));
  expect(await take(login('vic', 'vic-phone'))).toMatchObject({ accepted: 1 });
  expect(await take(login(null, 'vic-phone', { city: 'Rome' }))).toMatchObject({ accepted: 1 });
  expect(await find('vic')).toMatchObject({
    aliases: ['vic-phone'],
    traits: { email: 'v@example.com', tier: 'gold', city: 'Rome' },
    events: { totalCount: 2 },
  });
});

it('merges two known customers with their ids, events and traits in every answer at once', async () => {
  await spent('mia', 'mia-phone', 'm.rossi', 'm.rossi-phone');
  await take(login('mia', 'mia-phone', { name: 'Mia', city: 'Rome' }));
  await take(login('m.rossi', 'm.rossi-phone', { name: 'M. Rossi' }));
  expect(await merge('mia', 'm.rossi')).toEqual({
    id: 'm.rossi',
    aliases: ['m.rossi-phone', 'mia', 'mia-phone'],
    traits: { name: 'M. Rossi', city: 'Rome' },
    revenue: 40,
    events: { totalCount: 4 },
  });
  expect(await find('mia-phone')).toEqual(await find('m.rossi'));
  const other = await serveTest(engine);
  expect(await find('mia', other)).toEqual(await find('m.rossi'));
  await other.close();
  expect(await take(login('mia', 'mia-laptop'))).toMatchObject({ accepted: 1 });
  expect((await find('m.rossi'))?.aliases).toContain('mia-laptop');
});

it('lets a refused join be done on purpose, and the rejected one then leaves the list; its traits are old news', async () => {
  await spent('leo', 'l.smith', 'kiosk');
  await take(login('leo', 'kiosk'));
  await take(login('l.smith', 'kiosk', { tier: 'old', city: 'Bern' }));
  await take(login('l.smith', null, { tier: 'new' }));
  const rejected = async (): Promise<readonly { id: string }[]> =>
    (
      await server.query<{ rejectedEvents: { nodes: { id: string }[] } }>(
        '{ rejectedEvents(search: "kiosk") { nodes { id } } }',
      )
    ).rejectedEvents.nodes;
  const ids = (await rejected()).map(({ id }) => id);
  const replay = new Replay({
    engine,
    ingestion: server.services.ingestion,
    now: () => clock,
    readers: {
      segment: (payload) => {
        const { userId, anonymousId, traits } = payload as Record<string, string>;
        return login(userId ?? null, anonymousId ?? null, (traits ?? null) as object | null);
      },
    },
  });
  expect(await replay.run(ids, null)).toMatchObject({ accepted: 0, rejected: [{ index: 0 }] });
  await merge('leo', 'l.smith');
  const before = await totals();
  expect(await replay.run(ids, null)).toEqual({ accepted: 1, duplicates: 0, rejected: [] });
  expect(await totals()).toEqual({ accepted: before.accepted + 1, rejected: before.rejected - 1 });
  expect(await rejected()).toEqual([]);
  expect(await find('kiosk')).toMatchObject({ id: 'l.smith', traits: { tier: 'new', city: 'Bern' } });
});

async function totals(): Promise<{ accepted: number; rejected: number }> {
  const { ingestion } = await server.query<{ ingestion: { accepted: number; rejected: number } }>(
    '{ ingestion { accepted rejected } }',
  );
  return ingestion;
}

it('mends a join that was said the wrong way round: a customer may go by another of its ids', async () => {
  await spent('eva', 'eva-phone', 'eva-laptop');
  await take(login('eva', null, { name: 'Eva' }));
  expect(await take(login('eva-phone', 'eva'))).toMatchObject({ accepted: 1 });
  expect(await find('eva')).toMatchObject({ id: 'eva-phone' });
  expect(await take(login('eva-laptop', 'eva'))).toMatchObject({ accepted: 0 });
  expect(await merge('eva-phone', 'eva')).toMatchObject({
    id: 'eva',
    aliases: ['eva-phone'],
    traits: { name: 'Eva' },
  });
  expect(await find('eva-phone')).toMatchObject({ id: 'eva', traits: { name: 'Eva' } });
  expect(await take(login('eva', 'eva-phone'))).toMatchObject({ accepted: 1 });
});

it('refuses to merge a customer with itself, with nobody, or by an id that is not its own', async () => {
  await spent('ida', 'ida-phone', 'ken', 'ken-phone');
  await take(login('ida', 'ida-phone'), login('ken', 'ken-phone'));
  expect(await refusalOf('ida', 'ida')).toMatchObject([{ code: 'SAME_CUSTOMER' }]);
  expect(await refusalOf('ida-phone', 'ida')).toMatchObject([{ code: 'SAME_CUSTOMER' }]);
  expect(await refusalOf('nobody', 'ida')).toEqual([
    { field: 'id', code: 'UNKNOWN_CUSTOMER', message: 'Nothing is known of a customer "nobody".' },
  ]);
  expect(await refusalOf('ida', 'nobody')).toMatchObject([{ field: 'into', code: 'UNKNOWN_CUSTOMER' }]);
  expect(await refusalOf('ida-phone', 'ken')).toEqual([
    {
      field: 'id',
      code: 'NOT_THE_CUSTOMER',
      message:
        '"ida-phone" is one of the ids of the customer "ida": name "ida" where that whole customer is meant.',
    },
  ]);
  expect(await refusalOf('ida', 'ken-phone')).toMatchObject([{ field: 'into', code: 'NOT_THE_CUSTOMER' }]);
  expect(await refusalOf('', 'null')).toMatchObject([{ code: 'NOT_AN_ID' }, { code: 'NOT_AN_ID' }]);
  expect(await find('ida')).toMatchObject({ aliases: ['ida-phone'] });
});

it('ends where it began when two are merged to and fro, whatever the clock says', async () => {
  await spent('one', 'two');
  await take(login('one', null), login('two', null));
  await merge('one', 'two');
  clock -= 3_600_000;
  expect(await merge('two', 'one')).toMatchObject({ id: 'one', aliases: ['two'] });
  expect(await find('two')).toMatchObject({ id: 'one', revenue: 20 });
});

/** The engine, with the name of each statement and the table of each insert told. */
function toldOf(real: Engine, tell: (name: string) => void): Engine {
  return new Proxy(real, {
    get(target, method, receiver) {
      const value: unknown = Reflect.get(target, method, receiver);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        const [first] = args;
        if (first !== undefined)
          tell(typeof first === 'string' ? first : String((first as { name: unknown }).name));
        return (value as (...all: unknown[]) => unknown).apply(target, args);
      };
    },
  });
}

it('takes 500 logins together in a handful of statements, and none that changes anything when they come again', async () => {
  const names: string[] = [];
  const counted = toldOf(engine, (name) => names.push(name));
  const busy = await serveTest(counted);
  const logins = Array.from({ length: 500 }, (_, i) => login(`many-${i}`, `many-phone-${i}`, { number: i }));
  // What a server looks after before it first writes is not counted.
  await busy.services.ingestion.take([login('first', null)], 'segment');
  names.length = 0;
  expect(await busy.services.ingestion.take(logins, 'segment')).toMatchObject({ accepted: 500 });
  // Not what the server looks after by the clock: landed rows, moves, keys, turns, counts.
  const own = names.filter((name) => !/^(?:(?:landing|automation|access|live|turns)\.|ingest_counts$)/.test(name));
  expect(own.length).toBeLessThanOrEqual(10);
  names.length = 0;
  expect(await busy.services.ingestion.take(logins, 'segment')).toMatchObject({ accepted: 500 });
  expect(names.filter((name) => /reload|announce|identities$|traits$/.test(name))).toEqual([
    'ingest.identities',
    'ingest.traits',
  ]);
  await busy.close();
  const { rows } = await engine.query({
    name: 'test.pointers',
    sql: sql`SELECT toUInt32(count()) AS pointers FROM identities FINAL WHERE alias LIKE 'many-%'`,
  });
  expect(rows).toEqual([{ pointers: 1000 }]);
});
