/** Answers a retention question: normalise, validate, compile, run, read. */
import { assertValid } from '../../query/problem.ts';
import { rangeInWords, selectionInWords } from '../../query/in-words.ts';
import { answerMeta } from '../scope.ts';
import type { CustomerPage, InsightScope, Meta } from '../scope.ts';
import { normaliseRetention } from './retention.query.ts';
import type { RetentionQuery, RetentionRequest } from './retention.query.ts';
import { retentionAnswer } from './retention.result.ts';
import type { RetentionAnswer } from './retention.result.ts';
import { compileRetention, compileRetentionPeople } from './retention.sql.ts';
import type { RetentionPeople } from './retention.sql.ts';
import { retentionRules } from './retention.validate.ts';

export interface RetentionRun extends RetentionAnswer {
  readonly query: RetentionQuery;
  readonly meta: Meta;
}

export async function runRetention(request: RetentionRequest, scope: InsightScope): Promise<RetentionRun> {
  const stages = scope.journeyMap.lifecycle.map((stage) => stage.key);
  const query = normaliseRetention(request, scope.compile, stages);
  assertValid(query, retentionRules);
  const answer = await scope.engine.query(compileRetention(query, scope.compile), { signal: scope.signal });
  return {
    ...retentionAnswer(query, answer.rows, scope.compile.nowMs),
    query,
    meta: answerMeta(answer, retentionInWords(query), scope),
  };
}

/** The people behind a row or a cell. */
export function retentionPeople(
  query: RetentionQuery,
  people: RetentionPeople,
  cell: { readonly cohort: number; readonly period: number },
  page: { readonly first: number; readonly after?: string | null },
  scope: InsightScope,
): Promise<CustomerPage> {
  const keys = compileRetentionPeople(query, people, cell.cohort, cell.period, scope.compile);
  return scope.people.connection(keys, page.first, page.after, scope);
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
