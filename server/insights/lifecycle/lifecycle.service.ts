/** Answers lifecycle questions: normalise, validate, compile, run, read. */
import { groupsOf } from '../../query/breakdown.ts';
import { rangeInWords, selectionInWords } from '../../query/in-words.ts';
import { assertValid } from '../../query/problem.ts';
import type { Sql } from '../../query/sql.ts';
import { answerMeta } from '../scope.ts';
import type { CustomerPage, InsightScope, Meta, PeoplePage } from '../scope.ts';
import { compileGrowth, compileGrowthMembers } from './growth.sql.ts';
import { compileGroupMembers, compileGroupStages, compileLargestValues } from './groups.sql.ts';
import type { LifecycleGroup } from './groups.sql.ts';
import { normaliseLifecycle } from './lifecycle.query.ts';
import type { GrowthStatus, LifecycleQuery, LifecycleRequest } from './lifecycle.query.ts';
import { endsOf, growth, history, stageShares, transitions } from './lifecycle.result.ts';
import type { Growth, HistoryPoint, StageShare, Transition } from './lifecycle.result.ts';
import { compileHistory, compileMoveMembers, compileStageMembers, compileStages } from './lifecycle.sql.ts';
import type { Move } from './lifecycle.sql.ts';
import { lifecycleRules } from './lifecycle.validate.ts';

export interface LifecycleRun {
  readonly query: LifecycleQuery;
  readonly stages: readonly StageShare[];
  readonly transitions: readonly Transition[];
  /** Where it is known already. */
  readonly history: readonly HistoryPoint[] | null;
  readonly meta: Meta;
}

/** What of an answer is read, so that no statement is run for the rest. */
export interface LifecycleAsked {
  readonly history: boolean;
  /** Revenue by stage, or who moved where: more than how many are in which stage. */
  readonly details: boolean;
}

/** Reads a request with the scope's words and clock; throws InputError with every problem found. */
export function readLifecycle(
  request: LifecycleRequest,
  { journeyMap, compile }: InsightScope,
): LifecycleQuery {
  const keys = journeyMap.lifecycle.map(({ key }) => key);
  const query = normaliseLifecycle(request, compile, keys);
  assertValid(query, lifecycleRules);
  return query;
}

export async function runLifecycle(
  request: LifecycleRequest,
  scope: InsightScope,
  asked: LifecycleAsked,
): Promise<LifecycleRun> {
  const { journeyMap, compile, engine, signal } = scope;
  const query = readLifecycle(request, scope);
  const words = lifecycleInWords(query);
  // The history begins and ends with the very counts that are asked for.
  if (asked.history && !asked.details && query.atMs === query.range.toMs) {
    const answer = await engine.query(compileHistory(query, journeyMap, compile), { signal });
    const points = history(answer.rows, query, journeyMap);
    const stages = stageShares(endsOf(points), journeyMap);
    return { query, stages, transitions: [], history: points, meta: answerMeta(answer, words, scope) };
  }
  const answer = await engine.query(compileStages(query, journeyMap, compile), { signal });
  return {
    query,
    stages: stageShares(answer.rows, journeyMap),
    transitions: transitions(answer.rows, journeyMap),
    history: null,
    meta: answerMeta(answer, words, scope),
  };
}

export interface LifecycleGroupRun {
  readonly group: LifecycleGroup;
  readonly values: readonly string[];
  readonly isOther: boolean;
  readonly stages: readonly StageShare[];
}

/** The stages once per value of the breakdown, largest first; none without a breakdown. */
export async function runLifecycleBreakdown(
  query: LifecycleQuery,
  scope: InsightScope,
): Promise<readonly LifecycleGroupRun[]> {
  const { breakdown } = query;
  if (!breakdown) return [];
  const { journeyMap, compile, engine, signal } = scope;
  const largest = await engine.query(compileLargestValues(query, breakdown, compile), { signal });
  const groups = groupsOf(
    breakdown,
    largest.rows.map((row) => row.group_key),
  );
  const statement = compileGroupStages(query, { breakdown, groups }, journeyMap, compile);
  const { rows } = await engine.query(statement, { signal });
  return groups.map(({ key, values, isOther }) => {
    const own = rows.filter((row) => row.group_key === key);
    return { group: { breakdown, groups, key }, values, isOther, stages: stageShares(own, journeyMap) };
  });
}

export async function runHistory(
  query: LifecycleQuery,
  scope: InsightScope,
): Promise<readonly HistoryPoint[]> {
  const { journeyMap, compile, engine, signal } = scope;
  const { rows } = await engine.query(compileHistory(query, journeyMap, compile), { signal });
  return history(rows, query, journeyMap);
}

export async function runGrowth(query: LifecycleQuery, scope: InsightScope): Promise<readonly Growth[]> {
  const { rows } = await scope.engine.query(compileGrowth(query, scope.compile), { signal: scope.signal });
  return growth(rows, query, scope.compile.nowMs);
}

/** Whom a number of the answer stands for. */
export type LifecycleMembers =
  | { readonly stage: number; readonly group: LifecycleGroup | null }
  | { readonly move: Move }
  | { readonly startMs: number; readonly status: GrowthStatus };

export function lifecycleMembers(
  query: LifecycleQuery,
  members: LifecycleMembers,
  page: PeoplePage,
  scope: InsightScope,
): Promise<CustomerPage> {
  return scope.people.connection(keysOf(query, members, scope), page, scope);
}

function keysOf(query: LifecycleQuery, members: LifecycleMembers, scope: InsightScope): Sql {
  const { journeyMap, compile } = scope;
  if ('stage' in members) {
    const { stage, group } = members;
    return group
      ? compileGroupMembers(query, stage, group, journeyMap, compile)
      : compileStageMembers(query, stage, journeyMap, compile);
  }
  if ('move' in members) return compileMoveMembers(query, members.move, journeyMap, compile);
  return compileGrowthMembers(query, members.startMs, members.status, compile);
}

function lifecycleInWords(query: LifecycleQuery): string {
  const at = new Date(query.atMs).toISOString();
  return (
    `Every customer known by ${at}, in the first lifecycle stage of the journey map whose rule holds then, ` +
    `from events up to that instant; change, history and moves between stages ${rangeInWords(query.range)}; ` +
    `growth counts customers with ${query.activity.label} by whole ${query.interval.toLowerCase()}s` +
    `${selectionInWords(query.where, query.audience)}${breakdownInWords(query)}.`
  );
}

function breakdownInWords({ breakdown }: LifecycleQuery): string {
  if (!breakdown) return '';
  const names = breakdown.properties.join(' and ');
  if (breakdown.of === 'CUSTOMER') return `; broken down by the customer's ${names} as it is now`;
  const event = breakdown.attribution === 'FIRST_TOUCH' ? 'first' : 'last';
  return `; broken down by ${names} on the customer's ${event} event by then that has a value`;
}
