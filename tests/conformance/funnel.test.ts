/** The funnel cases through the GraphQL schema, on one real engine: emptied between cases. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { askOf } from '../support/ask.ts';
import { emptyStore, testEngine } from '../support/engine.ts';
import { storeEvents } from '../support/events.ts';
import { storeTraits } from '../support/traits.ts';
import type { ConformanceCase } from './case.ts';
import { compare, toOperation } from './funnel-cases.ts';

const FILES = [
  'funnel-ordered',
  'funnel-strict',
  'funnel-any-order',
  'time-to-convert',
  'funnel-trend',
  'funnel-breakdown',
  'more-funnel',
];
const cases = FILES.flatMap(
  (file) => JSON.parse(readFileSync(`tests/conformance/cases/${file}.json`, 'utf8')) as ConformanceCase[],
);

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

async function store(testCase: ConformanceCase): Promise<void> {
  await emptyStore(engine);
  const merged = new Map((testCase.identities ?? []).map(({ alias, customer }) => [alias, customer]));
  await storeEvents(
    engine,
    testCase.events.map(({ customer, event, time, properties = {} }, i) => ({
      id: String(i).padStart(6, '0'),
      customerId: merged.get(customer) ?? customer,
      event,
      timeMs: Date.parse(time),
      channel: '',
      orderId: '',
      revenue: null,
      sessionId: '',
      properties,
    })),
  );
  if (testCase.customers) await storeTraits(engine, testCase.customers);
}

test.each(cases.map((testCase) => [testCase.id, testCase] as const))('%s', async (_, testCase) => {
  await store(testCase);
  const { document, variables } = toOperation(testCase);
  const data = await askOf(engine, { now: testCase.now })<Record<string, unknown>>(document, {
    ...variables,
  });
  expect(compare(testCase, data)).toEqual([]);
});
