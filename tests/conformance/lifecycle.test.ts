/** The growth cases of the conformance folder, asked of the schema; ids that were joined are stored as one. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { askOf } from '../support/ask.ts';
import { emptyStore, testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { storeTraits } from '../support/traits.ts';
import type { ConformanceCase } from './case.ts';
import { compare, toOperation } from './lifecycle-cases.ts';

const cases = ['lifecycle', 'more-lifecycle'].flatMap(
  (name) => JSON.parse(readFileSync(`tests/conformance/cases/${name}.json`, 'utf8')) as ConformanceCase[],
);

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

describe('growth conformance', () => {
  it.each(cases.map((testCase) => [testCase.id, testCase] as const))('%s', async (_, testCase) => {
    await emptyStore(engine);
    const joined = new Map((testCase.identities ?? []).map(({ alias, customer: id }) => [alias, id]));
    await storeEvents(
      engine,
      testCase.events.map(({ customer: id, event, time, properties }, i) =>
        customer(joined.get(id) ?? id).did(event, time, { ...properties, id: `e${i}` }),
      ),
    );
    const traits = Object.entries(testCase.customers ?? {}).map(
      ([id, { createdAt, ...rest }]): [string, Record<string, unknown>] => [
        id,
        createdAt ? { ...rest, created_at: createdAt } : rest,
      ],
    );
    if (traits.length > 0) await storeTraits(engine, Object.fromEntries(traits));
    const { document, variables } = toOperation(testCase);
    const answer = await askOf(engine, { now: testCase.now })<Record<string, unknown>>(document, {
      ...variables,
    });
    expect(compare(testCase, answer)).toEqual([]);
  });
});
