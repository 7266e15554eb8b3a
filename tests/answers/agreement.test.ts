/** Whatever is stored in between and meanwhile: a server that keeps answers says what one says that keeps none. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { countingEngine } from '../support/counting.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

const NOW = Date.UTC(2026, 5, 30, 12);
const DAY = 86_400_000;
const INGEST = 'mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }';
const IDENTIFY = 'mutation ($id: ID!, $traits: JSON) { identify(customerId: $id, traits: $traits) { id } }';

let engine: Engine;
let keeping: TestServer;
let bare: TestServer;
/** Moves on by steps of the test. */
let nowMs = NOW;

beforeAll(async () => {
  engine = await testEngine();
  const now = () => nowMs;
  keeping = await serveTest(countingEngine(engine), { now, answering: { holdMs: 60_000 } });
  bare = await serveTest(engine, { now, answering: { cacheBytes: 0, holdMs: 0 } });
});

afterAll(async () => {
  await keeping.close();
  await bare.close();
  await engine.close();
});

const buys = { events: ['order_completed'] };
const views = { events: ['product_viewed'] };
/** The cheapest question of each analysis: what it depends on is the same for its others. */
const QUESTIONS = [
  {
    field: 'funnel',
    type: 'FunnelInput!',
    input: { steps: [{ match: views }, { match: buys }] },
    answer: 'steps { customers }',
  },
  {
    field: 'retention',
    type: 'RetentionInput!',
    input: { start: views, return: buys, interval: 'MONTH', periods: 2 },
    answer: 'cohorts { size cells { customers } }',
  },
  { field: 'metric', type: 'MetricInput!', input: { measure: 'EVENTS' }, answer: 'total previous' },
  {
    field: 'overview',
    type: 'OverviewInput!',
    input: { interval: 'MONTH' },
    answer: 'orders { value previous } newCustomers { value }',
  },
  { field: 'lifecycle', type: 'LifecycleInput!', input: {}, answer: 'stages { customers }' },
  { field: 'journey', type: 'JourneyInput!', input: {}, answer: 'stages { customers }' },
  { field: 'paths', type: 'PathsInput!', input: { node: 'EVENT' }, answer: 'nodes { name paths }' },
  {
    field: 'attribution',
    type: 'AttributionInput!',
    input: { conversion: buys, models: ['LINEAR'] },
    answer: 'conversions rows { name touches }',
  },
  { field: 'rfm', type: 'RfmInput!', input: {}, answer: 'cells { recency customers }' },
] as const;

const RANGES = [
  { from: '2026-06-20T00:00:00Z', to: '2026-06-25T00:00:00Z' },
  { from: '2026-05-01T00:00:00Z', to: '2026-06-01T00:00:00Z' },
  { last: 'P20D' },
];
const AUDIENCES = [
  null,
  { did: [{ match: { events: ['order_completed'] }, within: 'P30D' }] },
  { did: [{ match: { events: ['product_viewed'] }, atLeast: 2 }] },
  { where: { property: 'plan', of: 'CUSTOMER', values: ['rich'] } },
];

const event = fc.record({
  who: fc.constantFrom('ann', 'bob', 'cem', 'dan'),
  name: fc.constantFrom('product_viewed', 'product_added', 'order_completed'),
  daysAgo: fc.integer({ min: 0, max: 70 }),
});
const question = fc.record({
  analysis: fc.constantFrom(...QUESTIONS),
  range: fc.constantFrom(...RANGES),
  audience: fc.constantFrom(...AUDIENCES),
});
const write = fc.oneof(
  fc.record({ kind: fc.constant('elsewhere' as const), event }),
  fc.record({ kind: fc.constant('here' as const), event }),
  fc.record({
    kind: fc.constant('traits' as const),
    who: fc.constantFrom('ann', 'bob'),
    plan: fc.constantFrom('rich', 'poor'),
  }),
);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('ask' as const), question }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('write' as const), write }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('both' as const), question, write }) },
);

type Question = typeof question extends fc.Arbitrary<infer T> ? T : never;
type Write = typeof write extends fc.Arbitrary<infer T> ? T : never;

async function answer(server: TestServer, { analysis, range, audience }: Question): Promise<unknown> {
  const { field, type, input, answer } = analysis;
  const asked = { ...input, range, ...(audience && { audience }) };
  const { data, errors } = await server.ask(
    `query ($input: ${type}) { ${field}(input: $input) { ${answer} } }`,
    { input: asked },
  );
  expect(errors).toBeUndefined();
  return data;
}

async function store(asked: Write): Promise<void> {
  if (asked.kind === 'traits') {
    await keeping.query(IDENTIFY, { id: asked.who, traits: { plan: asked.plan } });
    return;
  }
  const { who, name, daysAgo } = asked.event;
  const time = new Date(nowMs - daysAgo * DAY - 1000).toISOString();
  if (asked.kind === 'elsewhere')
    await storeEvents(engine, [customer(who).did(name, time, { id: time + who })]);
  else await keeping.query(INGEST, { events: [{ event: name, customerId: who, time, id: time + name }] });
}

it('in any order of questions and changes, at the same time too', async () => {
  const run = fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 12 }), async (steps) => {
    const asked = new Map<string, Question>();
    for (const one of steps) {
      nowMs += 1000;
      if (one.kind === 'write') await store(one.write);
      if (one.kind === 'both') await Promise.all([answer(keeping, one.question), store(one.write)]);
      if (one.kind !== 'write') asked.set(JSON.stringify(one.question), one.question);
      await agree([...asked.values()].slice(-3));
    }
    await agree([...asked.values()]);
  });
  await fc.assert(run, { numRuns: 6, endOnFailure: true });
});

async function agree(questions: readonly Question[]): Promise<void> {
  await Promise.all(
    questions.map(async (one) => {
      const [kept, computed] = await Promise.all([answer(keeping, one), answer(bare, one)]);
      expect(kept, JSON.stringify(one)).toEqual(computed);
    }),
  );
}
