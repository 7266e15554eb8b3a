/** Answers questions of recency, frequency and monetary value: of all customers, of one segment, of one customer. */
import { DateTime } from 'luxon';
import { rangeInWords, selectionInWords } from '../../query/in-words.ts';
import { noFilter } from '../../query/filter.ts';
import { assertValid } from '../../query/problem.ts';
import { batched } from '../batch.ts';
import { answerMeta } from '../scope.ts';
import type { CustomerPage, InsightScope, Meta, PeoplePage } from '../scope.ts';
import { normaliseRfm, rfmOfEverybody } from './rfm.query.ts';
import type { RfmQuery, RfmRequest } from './rfm.query.ts';
import { customerScores, scoreCells, segmentShares } from './rfm.result.ts';
import type { CustomerScores, ScoreCell, SegmentShare } from './rfm.result.ts';
import {
  compileCellMembers,
  compileCustomerScores,
  compileScores,
  compileSegmentMembers,
} from './rfm.sql.ts';
import { rfmRules } from './rfm.validate.ts';

export interface RfmRun {
  readonly query: RfmQuery;
  readonly segments: readonly SegmentShare[];
  readonly cells: readonly ScoreCell[];
  readonly meta: Meta;
}

/** Reads a request with the scope's words and clock; throws InputError with every problem found. */
export function readRfm(request: RfmRequest, { compile, journeyMap }: InsightScope): RfmQuery {
  const stages = journeyMap.lifecycle.map(({ key }) => key);
  const query = normaliseRfm(request, compile, stages);
  assertValid(query, rfmRules);
  return query;
}

export async function runRfm(request: RfmRequest, scope: InsightScope): Promise<RfmRun> {
  const { compile, engine, signal } = scope;
  const query = readRfm(request, scope);
  const answer = await engine.query(compileScores(query, compile), { signal });
  return {
    query,
    segments: segmentShares(answer.rows),
    cells: scoreCells(answer.rows),
    meta: answerMeta(answer, inWords(query), scope),
  };
}

export function segmentMembers(
  query: RfmQuery,
  { name }: Pick<SegmentShare, 'name'>,
  page: PeoplePage,
  scope: InsightScope,
): Promise<CustomerPage> {
  const keys = compileSegmentMembers(query, name, scope.compile);
  return scope.people.connection(keys, page, scope);
}

export function cellMembers(
  query: RfmQuery,
  cell: Pick<ScoreCell, 'recency' | 'frequency'>,
  page: PeoplePage,
  scope: InsightScope,
): Promise<CustomerPage> {
  return scope.people.connection(compileCellMembers(query, cell, scope.compile), page, scope);
}

/** A customer's scores among everybody, now; undefined without an order. One statement for a whole list. */
export const loadScores = batched<CustomerScores>(async (keys, scope) => {
  const query = rfmOfEverybody(scope.compile.nowMs);
  const statement = compileCustomerScores(keys, query, scope.compile);
  const { rows } = await scope.engine.query(statement, { signal: scope.signal });
  return new Map(rows.map((row) => [row.key, customerScores(row, query.atMs)]));
});

function inWords({ atMs, range, audience }: RfmQuery): string {
  const at = DateTime.fromMillis(atMs, { zone: range?.timeZone ?? 'UTC' }).toFormat('yyyy-LL-dd HH:mm');
  const when = range ? `${rangeInWords(range)} and up to then` : 'of all time up to then';
  return (
    `Customers known by ${at} (${range?.timeZone ?? 'UTC'}) by days since the last order, orders and revenue, returns deducted, ` +
    `${when}, each in fifths of the customers with an order (5 is best, equal values together), ` +
    `in segments by recency and the mean of the other two, rounded up${selectionInWords(noFilter, audience)}.`
  );
}
