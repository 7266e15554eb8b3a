/**
 * GraphQL operations against the schema and a real engine, without HTTP: for tests of answers. Lists of people
 * carry ids only; paging them is tested where it is built.
 */
import { graphql } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { Context } from '../../server/api/context.ts';
import { createSchema } from '../../server/api/schema.ts';
import type { Engine } from '../../server/engine/port.ts';
import type { People } from '../../server/insights/scope.ts';
import { vocabularyOf } from '../../server/journey/map.ts';
import type { JourneyMap } from '../../server/journey/map.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { customersInLifecycleStages } from '../../server/journey/stage.sql.ts';
import { sql } from '../../server/query/sql.ts';

export type Ask = <T>(document: string, variables?: object) => Promise<T>;

export interface AskOptions {
  readonly nowMs: number;
  readonly journeyMap?: JourneyMap;
}

let schema: Promise<GraphQLSchema> | undefined;

/** Throws when the answer holds errors. */
export function askSchema(engine: Engine, { nowMs, journeyMap = retailMap }: AskOptions): Ask {
  const words = { nowMs, vocabulary: vocabularyOf(journeyMap), hasMergedIdentities: false };
  const compile = { ...words, customersInLifecycleStages: customersInLifecycleStages(journeyMap, words) };
  const scope = { engine, journeyMap, compile, people, signal: undefined, canSeeSql: true };
  const contextValue = { viewer: { name: 'test', role: 'ADMIN' }, scope } as unknown as Context;
  return async <T>(source: string, variableValues: object = {}) => {
    schema ??= createSchema();
    const { data, errors } = await graphql({
      schema: await schema,
      source,
      variableValues: variableValues as Record<string, unknown>,
      contextValue,
    });
    if (errors?.[0]) throw errors[0].originalError ?? errors[0];
    return data as T;
  };
}

const people: People = {
  async connection(keys, first, _after, { engine }) {
    const { rows } = await engine.query<{ customer_key: string; customer_id: string }>({
      name: 'test.people',
      sql: sql`SELECT customer_key, any(customer_id) AS customer_id FROM events
        WHERE customer_key IN (${keys}) GROUP BY customer_key ORDER BY customer_id`,
    });
    const edges = rows.slice(0, first).map(({ customer_key, customer_id }) => ({
      cursor: customer_id,
      node: {
        customerKey: customer_key,
        id: customer_id,
        firstSeen: new Date(0),
        lastSeen: new Date(0),
        orders: 0,
        revenue: 0,
      },
    }));
    return { totalCount: rows.length, edges, hasNextPage: rows.length > first };
  },
};
