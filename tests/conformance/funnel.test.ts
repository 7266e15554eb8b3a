/** The funnel cases through the GraphQL schema, on one real engine: emptied between cases. */
import { readFileSync } from 'node:fs';
import { graphql } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Context } from '../../server/api/context.ts';
import { createSchema } from '../../server/api/schema.ts';
import type { Engine } from '../../server/engine/port.ts';
import type { CustomerRow, People } from '../../server/insights/scope.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { vocabularyOf } from '../../server/journey/map.ts';
import { param, Sql, sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { storeEvents } from '../support/events.ts';
import type { ConformanceCase } from './case.ts';
import { compare, toOperation } from './funnel-cases.ts';

const FILES = [
  'funnel-ordered',
  'funnel-strict',
  'funnel-any-order',
  'time-to-convert',
  'funnel-trend',
  'funnel-breakdown',
];
const cases = FILES.flatMap(
  (file) => JSON.parse(readFileSync(`tests/conformance/cases/${file}.json`, 'utf8')) as ConformanceCase[],
);

let schema: GraphQLSchema;
let engine: Engine;
beforeAll(async () => {
  schema = await createSchema();
  engine = await testEngine();
});
afterAll(() => engine.close());

const people: People = {
  async connection(keys, _first, _after, scope) {
    const { rows } = await scope.engine.query<{ id: string }>({
      name: 'people',
      sql: sql`SELECT any(customer_id) AS id FROM events WHERE customer_key IN (${keys}) GROUP BY customer_key`,
    });
    const seen = { firstSeen: new Date(0), lastSeen: new Date(0), orders: 0, revenue: 0, customerKey: '' };
    const edges = rows.map(({ id }) => ({ cursor: id, node: { id, ...seen } satisfies CustomerRow }));
    return { totalCount: rows.length, edges, hasNextPage: false };
  },
};

async function store(testCase: ConformanceCase): Promise<void> {
  for (const table of ['events', 'event_ids', 'customer_traits']) {
    await engine.command('clear', new Sql([`TRUNCATE TABLE ${table}`], []));
  }
  const merged = new Map((testCase.identities ?? []).map(({ alias, customer }) => [alias, customer]));
  await storeEvents(
    engine,
    testCase.events.map(({ customer, event, time, properties = {} }, i) => ({
      id: `${i}`,
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
  for (const [id, traits] of Object.entries(testCase.customers ?? {})) {
    const { string } = param;
    await engine.command(
      'traits',
      sql`INSERT INTO customer_traits SELECT cityHash64(${string(id)}), ${string(id)}, ${string(JSON.stringify(traits))}, now64(3)`,
    );
  }
}

test.each(cases.map((testCase) => [testCase.id, testCase] as const))('%s', async (_, testCase) => {
  await store(testCase);
  const vocabulary = vocabularyOf(retailMap);
  const contextValue: Pick<Context, 'scope'> = {
    scope: {
      engine,
      journeyMap: retailMap,
      compile: {
        nowMs: Date.parse(testCase.now),
        vocabulary,
        hasMergedIdentities: false,
        customersInLifecycleStages: () => sql`SELECT toUInt64(0)`,
      },
      people,
      signal: undefined,
      canSeeSql: true,
    },
  };
  const { document, variables } = toOperation(testCase);
  const { data, errors } = await graphql({
    schema,
    source: document,
    variableValues: { ...variables },
    contextValue,
  });
  expect(errors ?? []).toEqual([]);
  expect(compare(testCase, data ?? {})).toEqual([]);
});
