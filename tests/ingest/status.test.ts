/** What has come in adds up, whatever the mix, and rates fall to nothing when nothing comes any more. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import type { Message } from '../../server/ingest/ingest.service.ts';
import { compileSeconds } from '../../server/ingest/status/status.sql.ts';
import { sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { watch } from '../support/live.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

let engine: Engine;
let server: TestServer;

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

interface Status {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly identified: number;
  readonly eventsPerSecond: number;
  readonly perSecond: readonly number[];
  readonly lastEventAt: string | null;
  readonly waiting: number;
  readonly lagMs: number;
}

const ALL =
  'ingestion { accepted duplicates rejected identified eventsPerSecond perSecond lastEventAt waiting lagMs }';

async function status(): Promise<Status> {
  return (await server.query<{ ingestion: Status }>(`{ ${ALL} }`)).ingestion;
}

it('is nothing before anything came', async () => {
  expect(await status()).toEqual({
    accepted: 0,
    duplicates: 0,
    rejected: 0,
    identified: 0,
    eventsPerSecond: 0,
    perSecond: Array.from({ length: 60 }, () => 0),
    lastEventAt: null,
    waiting: 0,
    lagMs: 0,
  });
});

const id = fc.constantFrom('a', 'b', 'c', 'd', 'null', '');
const event = fc.record({
  kind: fc.constant('event' as const),
  id: fc.option(fc.integer({ min: 0, max: 12 })),
  customerId: fc.option(id),
  time: fc.constantFrom(null, 'never', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'),
});
const identity = fc.record({
  kind: fc.constant('identity' as const),
  customerId: fc.option(id),
  anonymousId: fc.option(id),
});
const problem = fc.record({ kind: fc.constant('problem' as const) });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      take: fc.array(fc.oneof({ weight: 6, arbitrary: event }, identity, problem), { maxLength: 12 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ replay: fc.boolean() }) },
);

type ValueOf<A> = A extends fc.Arbitrary<infer T> ? T : never;
type Sent = ValueOf<typeof event> | ValueOf<typeof identity> | ValueOf<typeof problem>;

function messageOf(sent: Sent): Message {
  if (sent.kind === 'problem') return { kind: 'problem', reason: 'It cannot be read.', payload: sent };
  if (sent.kind === 'identity') {
    const { customerId, anonymousId } = sent;
    return { kind: 'identity', customerId, anonymousId, traits: { seen: true }, payload: sent };
  }
  const request = { ...sent, event: 'mixed', id: sent.id === null ? undefined : `event-${sent.id}` };
  return { kind: 'event', request, payload: request };
}

it('adds up to what was sent after every call, whatever the mix', async () => {
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 4 }), async (steps) => {
      for (const one of steps) {
        if ('replay' in one) await replayAll(one.replay);
        else {
          const receipt = await server.services.ingestion.take(one.take.map(messageOf), 'ingest');
          const { accepted, duplicates, rejected } = receipt;
          expect(accepted + duplicates + rejected.length).toBe(one.take.length);
          sent += one.take.length;
        }
        const { accepted, duplicates, rejected } = await status();
        expect(accepted + duplicates + rejected).toBe(sent);
      }
    }),
    { numRuns: 12 },
  );
  expect(sent).toBeGreaterThan(50);
  const { rejectedEvents } = await server.query<{ rejectedEvents: { totalCount: number } }>(
    '{ rejectedEvents(first: 0) { totalCount } }',
  );
  expect(rejectedEvents.totalCount).toBe((await status()).rejected);
});

async function replayAll(isMended: boolean): Promise<void> {
  const { rejectedEvents } = await server.query<{ rejectedEvents: { nodes: { id: string }[] } }>(
    '{ rejectedEvents(first: 20) { nodes { id } } }',
  );
  const ids = rejectedEvents.nodes.map((node) => node.id);
  const { replayRejected } = await server.query<{
    replayRejected: { accepted: number; duplicates: number; rejected: object[] };
  }>(
    'mutation ($ids: [ID!]!, $set: JSON) { replayRejected(ids: $ids, set: $set) { accepted duplicates rejected { index } } }',
    { ids, set: isMended ? { customerId: 'mended', time: '2026-01-03T00:00:00Z' } : {} },
  );
  expect(replayRejected.accepted + replayRejected.duplicates + replayRejected.rejected.length).toBe(
    ids.length,
  );
}

/** Rows of events that arrived so many seconds ago. */
const arrived = (secondsAgo: number, events: number): object[] =>
  Array<object>(events).fill({
    batch: String(BigInt(Math.round(Date.now() - secondsAgo * 1000)) * 1_000_000n),
  });

it('tells the rate of ten seconds and the counts of sixty, of any program, and of no second longer ago', async () => {
  await engine.command('test.empty', sql`TRUNCATE TABLE arrived`);
  const { rows } = await engine.query<{ last: string }>({
    name: 'test.last',
    sql: sql`SELECT toString(toUnixTimestamp64Milli(max(received_at))) AS last FROM events`,
  });
  expect(Date.parse((await status()).lastEventAt ?? '')).toBe(Number(rows[0]?.last));
  await engine.insert('arrived', [...arrived(4.5, 70), ...arrived(30.5, 500), ...arrived(70, 9000)]);
  const { eventsPerSecond, perSecond, lastEventAt } = await status();
  expect(eventsPerSecond).toBe(7);
  expect(perSecond).toHaveLength(60);
  expect(perSecond.filter((events) => events > 0)).toEqual([500, 70]);
  expect(perSecond.lastIndexOf(70)).toBeGreaterThan(50);
  expect(Date.parse(lastEventAt ?? '')).toBeLessThan(Date.now() - 4000);
  expect((await engine.query(compileSeconds(3))).rows).toEqual([]);
});

it('answers viewers again when something came, and until its rates have fallen to nothing', async () => {
  await engine.command('test.empty', sql`TRUNCATE TABLE arrived`);
  const viewer = watch(server, 'subscription { ingestion(every: "PT0.1S") { accepted eventsPerSecond } }');
  const other = watch(server, 'subscription { ingestion(every: "PT0.1S") { accepted eventsPerSecond } }');
  const { ingestion: first } = await viewer.next<{ ingestion: Status }>();
  expect(first.eventsPerSecond).toBe(0);
  await engine.insert('arrived', arrived(8.5, 30));
  expect((await viewer.next<{ ingestion: Status }>()).ingestion).toEqual({ ...first, eventsPerSecond: 3 });
  expect((await viewer.next<{ ingestion: Status }>()).ingestion).toEqual(first);
  expect((await other.next<{ ingestion: Status }>()).ingestion.accepted).toBe(first.accepted);
  await viewer.leave();
  await other.leave();
});
