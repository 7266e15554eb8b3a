/** Answers a retention question: normalise, validate, compile, run, read. */
import { groupsOf } from '../../query/breakdown.ts';
import { assertValid } from '../../query/problem.ts';
import { rangeInWords, selectionInWords } from '../../query/in-words.ts';
import { answerMeta } from '../scope.ts';
import type { CustomerPage, InsightScope, Meta, PeoplePage } from '../scope.ts';
import { normaliseRetention } from './retention.query.ts';
import type { RetentionQuery, RetentionRequest } from './retention.query.ts';
import { retentionAnswer } from './retention.result.ts';
import type { RetentionAnswer } from './retention.result.ts';
import {
  compileLargestValues,
  compileRetention,
  compileRetentionGroups,
  compileRetentionPeople,
} from './retention.sql.ts';
import type { RetentionCellRef, RetentionGroup, RetentionPeople } from './retention.sql.ts';
import { compileRetentionSets, setsSuffice } from './sets.sql.ts';
import { retentionRules } from './retention.validate.ts';

export interface RetentionRun extends RetentionAnswer {
  readonly query: RetentionQuery;
  readonly meta: Meta;
}

/** Reads a request with the scope's words and clock; throws InputError with every problem found. */
export function readRetention(request: RetentionRequest, scope: InsightScope): RetentionQuery {
  const stages = scope.journeyMap.lifecycle.map((stage) => stage.key);
  const query = normaliseRetention(request, scope.compile, stages);
  assertValid(query, retentionRules);
  return query;
}

/** `withMoney`: whether `lifetimeValue` is asked for. */
export async function runRetention(
  request: RetentionRequest,
  scope: InsightScope,
  withMoney: boolean,
): Promise<RetentionRun> {
  const query = readRetention(request, scope);
  const withRevenue = withMoney || query.measure === 'REVENUE';
  const statement = setsSuffice(query)
    ? compileRetentionSets(query, withRevenue, scope.compile)
    : compileRetention(query, scope.compile);
  const answer = await scope.engine.query(statement, { signal: scope.signal });
  return {
    ...retentionAnswer(query, answer.rows, scope.compile.nowMs),
    query,
    meta: answerMeta(answer, retentionInWords(query), scope),
  };
}

export interface RetentionSeriesRun extends RetentionAnswer {
  readonly group: RetentionGroup;
  readonly values: readonly string[];
  readonly isOther: boolean;
}

/** The same once per value of the breakdown, largest first; none without a breakdown. */
export async function runRetentionBreakdown(
  query: RetentionQuery,
  scope: InsightScope,
): Promise<readonly RetentionSeriesRun[]> {
  const { breakdown } = query;
  if (!breakdown) return [];
  const options = { signal: scope.signal };
  const largest = await scope.engine.query(compileLargestValues(query, breakdown, scope.compile), options);
  const groups = groupsOf(
    breakdown,
    largest.rows.map((row) => row.group_key),
  );
  const statement = compileRetentionGroups(query, { breakdown, groups }, scope.compile);
  const { rows } = await scope.engine.query(statement, options);
  return groups.map(({ key, values, isOther }) => {
    const own = rows.filter((row) => row.group_key === key);
    const group = { breakdown, groups, key };
    return { ...retentionAnswer(query, own, scope.compile.nowMs), group, values, isOther };
  });
}

/** The people behind a row or a cell. */
export function retentionPeople(
  query: RetentionQuery,
  people: RetentionPeople,
  cell: RetentionCellRef,
  page: PeoplePage,
  scope: InsightScope,
): Promise<CustomerPage> {
  const keys = compileRetentionPeople(query, people, cell, scope.compile);
  return scope.people.connection(keys, page, scope);
}

const ENTRY = {
  FIRST_TIME: 'first event ever that matches',
  FIRST_EVER: 'first event ever of the name, if it matches,',
  FIRST_IN_RANGE: 'first event in the range that matches',
  RECURRING: 'events (each period counts) that match',
} as const;

const MODE = {
  ON: 'in that very period',
  ON_OR_AFTER: 'in that period or any later one',
  EVERY: 'in every period up to it',
} as const;

function retentionInWords(query: RetentionQuery): string {
  const unit = query.interval.toLowerCase();
  const period =
    query.alignment === 'ROLLING'
      ? `${unit}s of fixed length counted from each customer's own start`
      : `calendar ${unit}s`;
  const least = query.minimumOccurrences > 1 ? ` at least ${query.minimumOccurrences} times` : '';
  return (
    `Customers grouped by the ${unit} of their ${ENTRY[query.entry]} ${query.start.label}, and how many of them ` +
    `had ${query.return.label}${least} ${MODE[query.mode]}, over ${period}, ${rangeInWords(query.range)}, ` +
    `the first row being the whole ${unit} in which the range begins${selectionInWords(query.where, query.audience)}.`
  );
}
