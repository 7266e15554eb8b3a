/**
 * The GraphQL schema asked directly, without HTTP, at an instant of the test's choice: for tests of what a
 * slice answers. Owns no engine.
 */
import { graphql } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { Context } from '../../server/api/context.ts';
import { createSchema } from '../../server/api/schema.ts';
import { silentLog } from '../../server/engine/log.ts';
import type { Engine } from '../../server/engine/port.ts';
import { people } from '../../server/insights/customers/people.ts';
import type { InsightScope } from '../../server/insights/scope.ts';
import { vocabularyOf } from '../../server/journey/map.ts';
import type { JourneyMap } from '../../server/journey/map.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { customersInLifecycleStages } from '../../server/journey/stage.sql.ts';
import { JourneyMapLibrary } from '../../server/library/journey-map-library.ts';

export interface AskOptions {
  /** What counts as now; an instant or anything that Date understands. */
  readonly now?: number | string;
  readonly journeyMap?: JourneyMap;
  readonly hasMergedIdentities?: boolean;
}

let schema: Promise<GraphQLSchema> | null = null;

/** What resolvers are given. */
export function testScope(engine: Engine, options: AskOptions = {}): InsightScope {
  const { now = Date.now(), journeyMap = retailMap, hasMergedIdentities = false } = options;
  const stageScope = {
    nowMs: new Date(now).getTime(),
    vocabulary: vocabularyOf(journeyMap),
    hasMergedIdentities,
  };
  const customersIn = customersInLifecycleStages(journeyMap, stageScope);
  return {
    engine,
    journeyMap,
    compile: { ...stageScope, customersInLifecycleStages: customersIn },
    people,
    signal: undefined,
    canSeeSql: true,
  };
}

/** Answers an operation; throws with the messages where there are errors. */
export function askOf(engine: Engine, options: AskOptions = {}) {
  return async <T>(source: string, variableValues: Record<string, unknown> = {}): Promise<T> => {
    schema ??= createSchema();
    const scope = testScope(engine, options);
    const deps = {
      engine,
      start: scope.journeyMap,
      now: Date.now,
      log: silentLog,
      arrivals: { seenAt: -Infinity },
    };
    const contextValue = {
      viewer: { name: 'test', role: 'ADMIN' },
      scope,
      journeyMaps: new JourneyMapLibrary(deps),
    } as Context;
    const { data, errors } = await graphql({ schema: await schema, source, variableValues, contextValue });
    if (errors) throw new Error(errors.map(({ message }) => message).join('\n'), { cause: errors[0] });
    return JSON.parse(JSON.stringify(data)) as T;
  };
}
