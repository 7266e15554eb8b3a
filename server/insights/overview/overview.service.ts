/** Answers the overview: normalise, compile, run, read. Churn takes a statement of its own, run when asked for. */
import { rangeInWords, selectionInWords } from '../../query/in-words.ts';
import { answerMeta, together } from '../scope.ts';
import type { CustomerPage, InsightScope, Meta, PeoplePage } from '../scope.ts';
import { compileChurn, compileChurned } from './churn.sql.ts';
import { normaliseOverview } from './overview.query.ts';
import type { OverviewQuery, OverviewRequest } from './overview.query.ts';
import { churnAnswer, churnSpans, overviewAnswer } from './overview.result.ts';
import type { KpiAnswer, OverviewAnswer } from './overview.result.ts';
import { compileActive, compileMilestones, compileSales } from './overview.sql.ts';
import { compileOverviewPeople } from './people.sql.ts';
import type { OverviewPeople } from './people.sql.ts';

export interface OverviewRun extends OverviewAnswer {
  readonly query: OverviewQuery;
  readonly meta: Meta;
}

/** Reads a request with the scope's words and clock; throws InputError with what is wrong. */
export function readOverview(request: OverviewRequest, scope: InsightScope): OverviewQuery {
  const stages = scope.journeyMap.lifecycle.map((stage) => stage.key);
  return normaliseOverview(request, scope.compile, stages);
}

/** `isAsked`: whether any number but churn is; without, nothing is counted here. */
export async function runOverview(
  request: OverviewRequest,
  scope: InsightScope,
  isAsked: boolean,
): Promise<OverviewRun> {
  const query = readOverview(request, scope);
  const options = { signal: scope.signal };
  const said = overviewInWords(query);
  if (!isAsked) {
    const nothing = overviewAnswer(query, [], [], [], scope.compile.nowMs);
    return { ...nothing, query, meta: answerMeta(together([]), said, scope) };
  }
  const [sales, active, milestones] = await Promise.all([
    scope.engine.query(compileSales(query, scope.compile), options),
    scope.engine.query(compileActive(query, scope.compile), options),
    scope.engine.query(compileMilestones(query, scope.compile), options),
  ]);
  return {
    ...overviewAnswer(query, sales.rows, active.rows, milestones.rows, scope.compile.nowMs),
    query,
    meta: answerMeta(together<unknown>([sales, active, milestones]), said, scope),
  };
}

export async function runChurn(query: OverviewQuery, scope: InsightScope): Promise<KpiAnswer> {
  const { nowMs } = scope.compile;
  const statement = compileChurn(query, churnSpans(query, nowMs), scope.journeyMap, scope.compile);
  const { rows } = await scope.engine.query(statement, { signal: scope.signal });
  return churnAnswer(query, rows, nowMs);
}

/** The customers whom a number counts. */
export function overviewPeople(
  query: OverviewQuery,
  people: OverviewPeople,
  page: PeoplePage,
  scope: InsightScope,
): Promise<CustomerPage> {
  const { nowMs } = scope.compile;
  const [range = query.range] = churnSpans(query, nowMs);
  const keys =
    people === 'CHURNED'
      ? compileChurned(query, range, scope.journeyMap, scope.compile)
      : compileOverviewPeople(query, people, scope.compile);
  return scope.people.connection(keys, page, scope);
}

function overviewInWords(query: OverviewQuery): string {
  const unit = query.intervals.interval.toLowerCase();
  return (
    `Revenue (returns negative), orders (one per order id of a customer) and active customers (any event) ` +
    `${rangeInWords(query.range)}, by ${unit}; customers are all first seen before its end, new customers those ` +
    `whose first order ever lies in it; conversion is the share of active customers who ordered in it, repeat ` +
    `purchase the share with two or more orders among customers with an order by its end, churn the share lost ` +
    `at its end among customers who had ordered before it and were not lost at its start; against the range of ` +
    `equal length just before${selectionInWords(query.where, query.audience)}.`
  );
}
