/** Moves of customers over real sockets: by events, by time alone, from a cursor on, over restarts, by two servers. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { name, sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { watch } from '../support/live.ts';
import type { Viewer } from '../support/live.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer, TestServerOptions } from '../support/server.ts';

const DAY = 86_400_000;
const START = Date.UTC(2026, 5, 1, 12);
const INGEST = `mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }`;
const MOVES = `subscription ($after: String) { lifecycleChanged(after: $after) { customer { id } from to at cursor } }`;
const ENTRIES = `subscription ($id: ID!, $after: String) { audienceEntries(id: $id, after: $after) { customer { id } at cursor } }`;

interface Move {
  readonly customer: { readonly id: string };
  readonly from: string | null;
  readonly to: string;
  readonly at: string;
  readonly cursor: string;
}

let engine: Engine;
let server: TestServer;
let nowMs: number;
const now = (): number => nowMs;
const open = (options: TestServerOptions = {}): Promise<TestServer> => serveTest(engine, { now, ...options });

beforeEach(async () => {
  nowMs = START;
  engine = await testEngine();
  server = await open();
});

afterEach(async () => {
  await server.close();
  await engine.close();
});

const ordered = (customerId: string, at: number, orderId = `${customerId} ${at}`): object => ({
  ...{ event: 'order_completed', customerId, orderId, revenue: 10 },
  time: new Date(at).toISOString(),
});
const ingest = (events: readonly object[], at = server): Promise<unknown> => at.query(INGEST, { events });
const nextMove = async (viewer: Viewer): Promise<Move> =>
  (await viewer.next<{ lifecycleChanged: Move }>()).lifecycleChanged;
const nextEntry = async (viewer: Viewer): Promise<Move> =>
  (await viewer.next<{ audienceEntries: Move }>()).audienceEntries;
const told = ({ customer, from, to }: Move): string => `${customer.id}: ${from} > ${to}`;
const lifecycleCursor = async (at = server): Promise<string> =>
  (await at.query<{ automationCursor: string }>('{ automationCursor }')).automationCursor;
async function audienceCursor(id: string): Promise<string> {
  const document = `query ($id: ID) { automationCursor(audienceId: $id) }`;
  return (await server.query<{ automationCursor: string }>(document, { id })).automationCursor;
}
async function save(definition: object, at = server): Promise<string> {
  const document = `mutation ($d: AudienceInput!) { saveAudience(name: "one", definition: $d) { id } }`;
  return (await at.query<{ saveAudience: { id: string } }>(document, { d: definition })).saveAudience.id;
}

/** Rows about ann. */
async function tracesIn(table: string): Promise<number> {
  const traces = sql`SELECT count() AS found FROM ${name(table)} WHERE customer_key = cityHash64('ann')`;
  const { rows } = await engine.query<{ found: string }>({ name: 'test.traces', sql: traces });
  return Number(rows[0]?.found);
}

describe('lifecycleChanged', () => {
  it('tells moves that events make, with when they happened, and nothing of how things were before', async () => {
    await storeEvents(engine, [customer('old').did('page_viewed', START - 5 * DAY)]);
    const cursor = await lifecycleCursor();
    const viewer = watch(server, MOVES, { after: cursor });
    await ingest([{ event: 'page_viewed', customerId: 'ann', time: new Date(START - 1000).toISOString() }]);
    const first = await nextMove(viewer);
    expect([told(first), first.at]).toEqual(['ann: null > prospect', new Date(START - 1000).toISOString()]);
    await ingest([ordered('ann', START - 500)]);
    expect(told(await nextMove(viewer))).toBe('ann: prospect > new');
    await ingest([ordered('old', START)]);
    expect(told(await nextMove(viewer))).toBe('old: prospect > new');
    await viewer.leave();
  });

  it('tells moves that time alone makes, each stage that was passed, at its very instant', async () => {
    const viewer = watch(server, MOVES, { after: await lifecycleCursor() });
    await ingest([ordered('ann', START)]);
    expect(told(await nextMove(viewer))).toBe('ann: null > new');
    nowMs = START + 30 * DAY + 5;
    const active = await nextMove(viewer);
    expect([told(active), active.at]).toEqual([
      'ann: new > active',
      new Date(START + 30 * DAY).toISOString(),
    ]);
    nowMs = START + 400 * DAY;
    const rest = [await nextMove(viewer), await nextMove(viewer), await nextMove(viewer)];
    expect(rest.map(told)).toEqual([
      'ann: active > at_risk',
      'ann: at_risk > dormant',
      'ann: dormant > lost',
    ]);
    expect(rest.map(({ at }) => at)).toEqual(
      [60, 120, 365].map((d) => new Date(START + d * DAY).toISOString()),
    );
    await viewer.leave();
  });

  it('fires by a timer within the day that is known ahead', async () => {
    await ingest([ordered('ann', START - 30 * DAY + 3_600_000)]);
    const viewer = watch(
      server,
      `subscription ($after: String) { lifecycleChanged(from: "new", to: "active", after: $after) { customer { id } from to at } }`,
      {
        after: await lifecycleCursor(),
      },
    );
    nowMs = START + 3_600_000;
    expect((await nextMove(viewer)).at).toBe(new Date(START + 3_600_000).toISOString());
    await viewer.leave();
  });

  it('goes on from a cursor over a restart: all that came meanwhile, in order, once', async () => {
    const viewer = watch(server, MOVES, { after: await lifecycleCursor() });
    await ingest([ordered('ann', START)]);
    const { cursor } = await nextMove(viewer);
    await viewer.leave();
    await server.close();
    await storeEvents(engine, [customer('bob').did('order_completed', START + 1, { orderId: 'b' })]);
    nowMs = START + 31 * DAY;
    server = await open();
    const again = watch(server, MOVES, { after: cursor });
    const moves = [await nextMove(again), await nextMove(again), await nextMove(again)];
    expect(moves.map(told)).toEqual(['bob: null > new', 'ann: new > active', 'bob: new > active']);
    await ingest([ordered('cem', nowMs)]);
    expect(told(await nextMove(again))).toBe('cem: null > new');
    await again.leave();
    const twice = watch(server, MOVES, { after: cursor });
    expect([await nextMove(twice), await nextMove(twice)].map(told)).toEqual(moves.slice(0, 2).map(told));
    await twice.leave();
  });

  it('goes on at another server when the one that keeps the log goes, none missing', async () => {
    const other = await open();
    const viewer = watch(other, MOVES, { after: await lifecycleCursor(server) });
    const ids = Array.from({ length: 30 }, (_, i) => `c${String(i).padStart(2, '0')}`);
    await ingest(
      ids.slice(0, 10).map((id) => ordered(id, START)),
      other,
    );
    const seen: string[] = [];
    const take = async (count: number): Promise<void> => {
      while (new Set(seen).size < count) seen.push(told(await nextMove(viewer)));
    };
    await take(5);
    await ingest(
      ids.slice(10, 20).map((id) => ordered(id, START)),
      other,
    );
    await server.close();
    await ingest(
      ids.slice(20).map((id) => ordered(id, START)),
      other,
    );
    await take(30);
    expect([...new Set(seen)].sort()).toEqual(ids.map((id) => `${id}: null > new`));
    expect(seen.length).toBeLessThanOrEqual(60);
    await viewer.leave();
    server = other;
  });

  it('does not tell of a joined customer as of a new one', async () => {
    const viewer = watch(server, MOVES, { after: await lifecycleCursor() });
    await ingest([{ event: 'page_viewed', anonymousId: 'visitor', time: new Date(START).toISOString() }]);
    expect(told(await nextMove(viewer))).toBe('visitor: null > prospect');
    await server.query(`mutation { identify(customerId: "ann", anonymousId: "visitor") { id } }`);
    await ingest([ordered('ann', START)]);
    expect(told(await nextMove(viewer))).toBe('ann: prospect > new');
    await viewer.leave();
  });

  it('refuses stages that there are not, and cursors that are none or too old, in a sentence', async () => {
    const refused = async (args: string): Promise<string> => {
      const viewer = watch(server, `subscription { lifecycleChanged(${args}) { to } }`);
      const error = await viewer.next().catch((reason: Error) => reason.message);
      await viewer.leave();
      return String(error);
    };
    expect(await refused('to: "gone"')).toMatch(/to: There is no lifecycle stage "gone"; there are prospect/);
    expect(await refused('after: "x"')).toMatch(/after: This cursor is not one/);
    const old = Buffer.from(JSON.stringify(['moves', '1600000000000', '3'])).toString('base64url');
    expect(await refused(`after: "${old}"`)).toMatch(/kept for 30 days: .* of 2020-09-13.* begins at 20/);
  });
});

describe('audienceEntered', () => {
  it('tells who enters, not who was there; and again who left and came again', async () => {
    await storeEvents(engine, [customer('old').did('buy', START - 60_000)]);
    const id = await save({ did: [{ match: { events: ['buy'] }, within: 'PT1H' }] });
    const cursor = await audienceCursor(id);
    const viewer = watch(server, ENTRIES, { id, after: cursor });
    const buys = (customerId: string, at: number): object => ({
      event: 'buy',
      customerId,
      time: new Date(at).toISOString(),
    });
    await ingest([buys('ann', START - 3_000_000)]);
    expect((await nextEntry(viewer)).customer.id).toBe('ann');
    nowMs = START + 1_000_000;
    // Ann has left meanwhile, by time; an event of hers that does not count makes that known.
    await ingest([{ event: 'look', customerId: 'ann', time: new Date(nowMs).toISOString() }]);
    await ingest([buys('bob', nowMs)]);
    expect((await nextEntry(viewer)).customer.id).toBe('bob');
    await ingest([buys('ann', nowMs)]);
    const again = await nextEntry(viewer);
    expect([again.customer.id, again.at]).toEqual(['ann', new Date(nowMs).toISOString()]);
    await viewer.leave();
    const plain = watch(
      server,
      `subscription ($id: ID!, $after: String) { audienceEntered(id: $id, after: $after) { id } }`,
      { id, after: cursor },
    );
    const all = [await plain.next(), await plain.next(), await plain.next()];
    expect(all).toEqual(['ann', 'bob', 'ann'].map((one) => ({ audienceEntered: { id: one } })));
    await plain.leave();
  });

  it('tells who enters by lifecycle stage, and who enters by time while nobody looked', async () => {
    const id = await save({ lifecycleStages: ['active'] });
    await ingest([ordered('ann', START)]);
    const cursor = await audienceCursor(id);
    await server.close();
    nowMs = START + 31 * DAY;
    server = await open();
    const viewer = watch(server, ENTRIES, { id, after: cursor });
    expect((await nextEntry(viewer)).customer.id).toBe('ann');
    await viewer.leave();
  });

  it('tells who enters by lifecycle stage at the moment that comes, without any event', async () => {
    const id = await save({ lifecycleStages: ['active'] });
    await ingest([ordered('ann', START - 30 * DAY + 20_000), ordered('bob', START)]);
    const viewer = watch(server, ENTRIES, { id, after: await audienceCursor(id) });
    nowMs = START + 20_000;
    const first = await nextEntry(viewer);
    expect([first.customer.id, first.at]).toEqual(['ann', new Date(nowMs).toISOString()]);
    nowMs = START + 30 * DAY;
    expect((await nextEntry(viewer)).customer.id).toBe('bob');
    await viewer.leave();
  });

  it('tells who enters because they did not do something for long enough', async () => {
    const match = { events: ['buy'] };
    const id = await save({ did: [{ match }], didNot: [{ match, within: 'PT1H' }] });
    const viewer = watch(server, ENTRIES, { id, after: await audienceCursor(id) });
    await ingest([{ event: 'buy', customerId: 'ann', time: new Date(START).toISOString() }]);
    nowMs = START + 3_700_000;
    expect((await nextEntry(viewer)).customer.id).toBe('ann');
    await viewer.leave();
  });

  it('leaves no trace of who is erased', async () => {
    const id = await save({ did: [{ match: { events: ['buy'] } }] });
    const viewer = watch(server, ENTRIES, { id });
    const cursor = await audienceCursor(id);
    await ingest([{ event: 'buy', customerId: 'ann', time: new Date(START).toISOString() }]);
    expect((await nextEntry(viewer)).customer.id).toBe('ann');
    await server.query(`mutation { eraseCustomer(id: "ann") }`);
    await ingest([{ event: 'buy', customerId: 'bob', time: new Date(START).toISOString() }]);
    expect((await nextEntry(viewer)).customer.id).toBe('bob');
    const again = watch(server, ENTRIES, { id, after: cursor });
    expect((await nextEntry(again)).customer.id).toBe('bob');
    await Promise.all([viewer.leave(), again.leave()]);
    for (const table of ['movements', 'standings', 'standing_dues']) {
      // What was written of her while she was erased goes with the look that told of bob.
      await expect.poll(() => tracesIn(table), { timeout: 10_000, message: table }).toBe(0);
    }
  });

  it('leaves none where a server ended between writing of somebody and hearing of the erasure', async () => {
    const id = await save({ did: [{ match: { events: ['buy'] } }] });
    await ingest([{ event: 'buy', customerId: 'ann', time: new Date(START).toISOString() }]);
    await server.query(`mutation { eraseCustomer(id: "ann") }`);
    await server.close();
    const late = sql`INSERT INTO standings (subject, customer_key, state, at, batch)
SELECT 'lifecycle', cityHash64('ann'), 'new', now64(3), 1`;
    await engine.command('test.late', late);
    expect(await tracesIn('standings')).toBe(1);
    server = await open();
    await audienceCursor(id);
    await expect.poll(() => tracesIn('standings'), { timeout: 10_000 }).toBe(0);
  });

  it('refuses an audience that there is not', async () => {
    const viewer = watch(server, ENTRIES, { id: 'none' });
    await expect(viewer.next()).rejects.toThrow(/There is no saved audience with the id "none"/);
    await viewer.leave();
  });
});
