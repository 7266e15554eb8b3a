/**
 * The cases of some files asked of the schema, on one real engine that is emptied between them. Ids that were
 * joined are stored as one; that joining itself works is tested through the API.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { askOf } from '../support/ask.ts';
import { emptyStore, testEngine } from '../support/engine.ts';
import { storeEvents } from '../support/events.ts';
import { storeTraits } from '../support/traits.ts';
import { traitsOf } from './case.ts';
import type { CaseKind, ConformanceCase } from './case.ts';

/** Registers a test for each case. */
export function holdCases(files: readonly string[], kind: CaseKind): void {
  let engine: Engine;
  beforeAll(async () => {
    engine = await testEngine();
  });
  afterAll(() => engine.close());

  const cases = files
    .flatMap(
      (file) => JSON.parse(readFileSync(`tests/conformance/cases/${file}.json`, 'utf8')) as ConformanceCase[],
    )
    .map((given) => kind.renamed?.(given) ?? given);
  it.each(cases.map((testCase) => [testCase.id, testCase] as const))('%s', async (_, testCase) => {
    await emptyStore(engine);
    await store(testCase, engine);
    const { document, variables } = kind.toOperation(testCase);
    const ask = askOf(engine, { now: testCase.now });
    expect(kind.compare(testCase, await ask(document, { ...variables }))).toEqual([]);
  });
}

async function store({ events, identities, customers }: ConformanceCase, engine: Engine): Promise<void> {
  const joined = new Map((identities ?? []).map(({ alias, customer }) => [alias, customer]));
  await storeEvents(
    engine,
    events.map(({ customer, event, time, properties = {} }, i) => ({
      // Ids sort as the events arrive.
      id: String(i).padStart(6, '0'),
      customerId: joined.get(customer) ?? customer,
      event,
      timeMs: Date.parse(time),
      channel: '',
      orderId: '',
      revenue: null,
      sessionId: '',
      properties,
    })),
  );
  const traits = Object.entries(customers ?? {}).map(([id, stated]) => [id, traitsOf(stated)] as const);
  if (traits.length > 0) await storeTraits(engine, Object.fromEntries(traits));
}
