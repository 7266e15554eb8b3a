/** The retention cases of the conformance folder, asked of the schema; ids that were joined are stored as one. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { eventRow } from '../support/events.ts';
import { storeTraits } from '../support/traits.ts';
import type { ConformanceCase } from './case.ts';
import { compare, toOperation } from './retention-cases.ts';

const cases = ['retention', 'more-retention'].flatMap(
  (name) => JSON.parse(readFileSync(`tests/conformance/cases/${name}.json`, 'utf8')) as ConformanceCase[],
);

describe('retention conformance', () => {
  it.each(cases.map((testCase) => [testCase.id, testCase] as const))('%s', async (_, testCase) => {
    const engine = await testEngine();
    try {
      await store(testCase, engine);
      const ask = askOf(engine, { now: testCase.now });
      const { document, variables } = toOperation(testCase);
      expect(compare(testCase, await ask(document, { ...variables }))).toEqual([]);
    } finally {
      await engine.close();
    }
  });
});

async function store(testCase: ConformanceCase, engine: Awaited<ReturnType<typeof testEngine>>) {
  const joined = new Map((testCase.identities ?? []).map(({ alias, customer }) => [alias, customer]));
  await engine.insert(
    'events',
    testCase.events.map(({ customer, event, time, properties = {} }, i) =>
      eventRow({
        id: `e${i}`,
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
