/** What is known of some customers, given by their keys as decimal text: a statement for each kind of detail. */
import type { JourneyMap } from '../../journey/map.ts';
import { stageChanges } from '../../journey/stage-changes.sql.ts';
import { customerTraits, eventsTable, revenue } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { keyedBy, rowsOf } from '../../query/keyed.ts';
import { param, sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { numbersAsNumbers } from './customers.sql.ts';

type Keys = readonly string[];

export interface TraitsRow {
  readonly key: string;
  /** JSON text. */
  readonly traits: string;
}

export function compileTraits(keys: Keys): SqlQuery<TraitsRow> {
  return {
    name: 'customer_traits',
    isLight: true,
    sql: sql`SELECT toString(customer_key) AS key, toJSONString(traits) AS traits FROM ${customerTraits} WHERE ${keyedBy(keys)}
${numbersAsNumbers}`,
  };
}

export interface AliasesRow {
  readonly key: string;
  readonly aliases: readonly string[];
}

export function compileAliases(keys: Keys): SqlQuery<AliasesRow> {
  return {
    name: 'customer_aliases',
    isLight: true,
    sql: sql`SELECT toString(customer) AS key, arraySort(groupUniqArray(alias)) AS aliases
FROM (SELECT identities.customer_key AS customer, alias FROM identities FINAL WHERE ${keyedBy(keys)} AND alias_key != identities.customer_key)
GROUP BY customer`,
  };
}

export interface ChannelRow {
  readonly key: string;
  readonly channel: string;
  readonly events: string;
  readonly revenue: number;
}

/** Channels by number of events, most first. */
export function compileChannels(keys: Keys, scope: CompileScope): SqlQuery<ChannelRow> {
  return {
    name: 'customer_channels',
    isLight: true,
    sql: sql`SELECT toString(customer_key) AS key, channel, count() AS events, toFloat64(sum(${revenue})) AS revenue
FROM ${eventsTable(scope)} WHERE ${rowsOf(keys, scope)} GROUP BY customer_key, channel
ORDER BY key, events DESC, channel`,
  };
}

export interface NewestStagedRow {
  readonly key: string;
  readonly newest: string;
}

/** The newest event that belongs to a journey stage; at one instant the one that stands furthest in the map. */
export function compileNewestStaged(keys: Keys, scope: CompileScope): SqlQuery<NewestStagedRow> {
  const names = param.strings([...scope.vocabulary.stages.values()].flat());
  return {
    name: 'customer_journey_stage',
    isLight: true,
    sql: sql`SELECT toString(customer_key) AS key, argMax(CAST(event, 'String'), (time, indexOf(${names}, event))) AS newest
FROM ${eventsTable(scope)} WHERE ${rowsOf(keys, scope)} AND event IN ${names} GROUP BY customer_key`,
  };
}

export interface StageChangeRow {
  readonly key: string;
  /** Milliseconds. */
  readonly at: number;
  /** Numbers of stages, from 1; `before` is 0 at first sight. */
  readonly before: number;
  readonly after: number;
}

/** All changes of stage up to now, oldest first. */
export function compileStageHistory(
  keys: Keys,
  map: JourneyMap,
  scope: CompileScope,
): SqlQuery<StageChangeRow> {
  const selection = { customers: rowsOf(keys, scope), events: sql`1` };
  const changes = stageChanges(map, { fromMs: 0, toMs: scope.nowMs }, selection, scope);
  return {
    name: 'customer_stage_history',
    isLight: true,
    sql: sql`SELECT toString(customer_key) AS key, toFloat64(at) AS at, before, after FROM (
${changes}
) ORDER BY key, at`,
  };
}
