/** The retention cases of the conformance folder, asked of the schema; ids that were joined are stored as one. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { param, sql } from '../../server/query/sql.ts';
import { askSchema } from '../support/ask-schema.ts';
import { testEngine } from '../support/engine.ts';
import { eventRow } from '../support/events.ts';
import type { ConformanceCase } from './case.ts';
import { compare, toOperation } from './retention-cases.ts';

const cases = JSON.parse(
  readFileSync('tests/conformance/cases/retention.json', 'utf8'),
) as readonly ConformanceCase[];

describe('retention conformance', () => {
  it.each(cases.map((testCase) => [testCase.id, testCase] as const))('%s', async (_, testCase) => {
    const engine = await testEngine();
    try {
      await store(testCase, engine);
      const ask = askSchema(engine, { nowMs: Date.parse(testCase.now) });
      const { document, variables } = toOperation(testCase);
      expect(compare(testCase, await ask(document, variables))).toEqual([]);
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
  const traits = Object.entries(testCase.customers ?? {});
  if (traits.length === 0) return;
  const { rows } = await engine.query<{ customer_id: string; customer_key: string }>({
    name: 'test.keys',
    sql: sql`SELECT id AS customer_id, cityHash64(id) AS customer_key FROM (SELECT arrayJoin(${param.strings(traits.map(([id]) => id))}) AS id)`,
  });
  const keys = new Map(rows.map((row) => [row.customer_id, row.customer_key]));
  await engine.insert(
    'customer_traits',
    traits.map(([id, values]) => ({
      customer_key: keys.get(id),
      customer_id: id,
      traits: values,
      updated_at: '2026-01-01 00:00:00.000',
    })),
  );
}
