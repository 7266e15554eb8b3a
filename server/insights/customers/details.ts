/** Details of customers, each kind loaded for a whole list with one statement. */
import { explainStage, stageOf } from '../../journey/explain.ts';
import type { Facts } from '../../journey/conditions.ts';
import { compileFacts, decodeFacts } from '../../journey/facts.sql.ts';
import type { JourneyStage, LifecycleStage } from '../../journey/map.ts';
import type { SqlQuery } from '../../query/statement.ts';
import type { InsightScope } from '../scope.ts';
import { batched } from '../batch.ts';
import { compileOrderCounts } from './customers.sql.ts';
import {
  compileAliases,
  compileChannels,
  compileNewestStaged,
  compileStageHistory,
  compileTraits,
} from './details.sql.ts';
import type { ChannelRow, StageChangeRow } from './details.sql.ts';

/** Rows of several customers, by the customer's key. */
export async function grouped<Row extends { readonly key: string }>(
  query: SqlQuery<Row>,
  { engine, signal }: InsightScope,
): Promise<Map<string, Row[]>> {
  const { rows } = await engine.query(query, { signal });
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.key);
    if (group) group.push(row);
    else groups.set(row.key, [row]);
  }
  return groups;
}

function mapValues<A, B>(groups: ReadonlyMap<string, readonly A[]>, make: (first: A) => B): Map<string, B> {
  return new Map(
    [...groups].flatMap(([key, [first]]) => (first === undefined ? [] : [[key, make(first)] as const])),
  );
}

export const loadTraits = batched<Record<string, unknown>>(async (keys, scope) =>
  mapValues(
    await grouped(compileTraits(keys), scope),
    (row) => JSON.parse(row.traits) as Record<string, unknown>,
  ),
);

export const loadOrders = batched<number>(async (keys, scope) =>
  mapValues(await grouped(compileOrderCounts(keys, scope.compile), scope), (row) => Number(row.order_count)),
);

export const loadAliases = batched<readonly string[]>(async (keys, scope) =>
  mapValues(await grouped(compileAliases(keys), scope), (row) => row.aliases),
);

export const loadChannels = batched<readonly ChannelRow[]>((keys, scope) =>
  grouped(compileChannels(keys, scope.compile), scope),
);

export const loadStageHistory = batched<readonly StageChangeRow[]>((keys, scope) =>
  grouped(compileStageHistory(keys, scope.journeyMap, scope.compile), scope),
);

const loadNewestStaged = batched<string>(async (keys, scope) =>
  mapValues(await grouped(compileNewestStaged(keys, scope.compile), scope), (row) => row.newest),
);

const loadFacts = batched<Facts>(async (keys, scope) => {
  const query = compileFacts(scope.journeyMap, keys, scope.compile.nowMs, scope.compile);
  return mapValues(await grouped(query, scope), decodeFacts);
});

/** The journey stage of the customer's newest event that belongs to one. */
export async function journeyStageOf(customerKey: string, scope: InsightScope): Promise<JourneyStage | null> {
  const event = await loadNewestStaged(customerKey, scope);
  return event === undefined ? null : stageOfEvent(event, scope);
}

export function stageOfEvent(event: string, { journeyMap }: InsightScope): JourneyStage | null {
  return journeyMap.stages.find((stage) => stage.events.includes(event)) ?? null;
}

export async function lifecycleStageOf(customerKey: string, scope: InsightScope): Promise<LifecycleStage> {
  return stageOf(scope.journeyMap, await factsOf(customerKey, scope));
}

/** The rule that put the customer into the stage and what met it, in words. */
export async function lifecycleReasonOf(customerKey: string, scope: InsightScope): Promise<string> {
  return explainStage(scope.journeyMap, await factsOf(customerKey, scope), scope.compile.nowMs);
}

/** A customer whose events all lie in the future has no facts yet. */
async function factsOf(customerKey: string, scope: InsightScope): Promise<Facts> {
  return (await loadFacts(customerKey, scope)) ?? { values: [], lastMs: [], traits: [] };
}
