/** The paths cases of the conformance folder, asked of the schema; ids that were joined are stored as one. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { askOf } from '../support/ask.ts';
import { emptyStore, testEngine } from '../support/engine.ts';
import { eventRow } from '../support/events.ts';
import { storeTraits } from '../support/traits.ts';
import type { ConformanceCase } from './case.ts';
import { compare, renamed, toOperation } from './paths-cases.ts';

const cases = ['paths', 'more-paths']
  .flatMap(
    (file) =>
      JSON.parse(readFileSync(`tests/conformance/cases/${file}.json`, 'utf8')) as readonly ConformanceCase[],
  )
  .map(renamed);

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

describe('paths conformance', () => {
  it.each(cases.map((testCase) => [testCase.id, testCase] as const))('%s', async (_, testCase) => {
    await emptyStore(engine);
    await store(testCase, engine);
    const ask = askOf(engine, { now: testCase.now });
    const { document, variables } = toOperation(testCase);
    expect(compare(testCase, await ask(document, { ...variables }))).toEqual([]);
  });
});

async function store(testCase: ConformanceCase, engine: Engine) {
  const joined = new Map((testCase.identities ?? []).map(({ alias, customer }) => [alias, customer]));
  await engine.insert(
    'events',
    testCase.events.map(({ customer, event, time, properties = {} }, i) =>
      eventRow({
        id: `e${String(i).padStart(6, '0')}`,
        customerId: joined.get(customer) ?? customer,
        event,
        timeMs: Date.parse(time),
        channel: '',
        orderId: '',
        revenue: null,
        sessionId: '',
        properties,
      }),
    ),
  );
  if (testCase.customers) await storeTraits(engine, testCase.customers);
}
