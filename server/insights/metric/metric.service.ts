/** Answers a metric question: normalise, compile, run, read. */
import { groupsOf } from '../../query/breakdown.ts';
import { rangeInWords, selectionInWords } from '../../query/in-words.ts';
import { answerMeta } from '../scope.ts';
import type { InsightScope, Meta } from '../scope.ts';
import { normaliseMetric } from './metric.query.ts';
import type { Measure, MetricQuery, MetricRequest } from './metric.query.ts';
import { metricAnswer, seriesAnswer } from './metric.result.ts';
import type { MetricAnswer } from './metric.result.ts';
import { compileLargestValues, compileMetric, compileMetricGroups } from './metric.sql.ts';

export interface MetricRun extends MetricAnswer {
  readonly query: MetricQuery;
  readonly meta: Meta;
}

/** Reads a request with the scope's words and clock; throws InputError with what is wrong. */
export function readMetric(request: MetricRequest, scope: InsightScope): MetricQuery {
  const stages = scope.journeyMap.lifecycle.map((stage) => stage.key);
  return normaliseMetric(request, scope.compile, stages);
}

export async function runMetric(request: MetricRequest, scope: InsightScope): Promise<MetricRun> {
  const query = readMetric(request, scope);
  const answer = await scope.engine.query(compileMetric(query, scope.compile), { signal: scope.signal });
  return {
    ...metricAnswer(query, answer.rows, scope.compile.nowMs),
    query,
    meta: answerMeta(answer, metricInWords(query), scope),
  };
}

export interface MetricSeriesRun extends Pick<MetricAnswer, 'total' | 'series'> {
  readonly values: readonly string[];
  readonly isOther: boolean;
}

/** The same once per value of the breakdown, largest first; none without a breakdown. */
export async function runMetricBreakdown(
  query: MetricQuery,
  scope: InsightScope,
): Promise<readonly MetricSeriesRun[]> {
  const { breakdown } = query;
  if (!breakdown) return [];
  const options = { signal: scope.signal };
  const largest = await scope.engine.query(compileLargestValues(query, breakdown, scope.compile), options);
  const groups = groupsOf(
    breakdown,
    largest.rows.map((row) => row.group_key),
  );
  const statement = compileMetricGroups(query, breakdown, groups, scope.compile);
  const { rows } = await scope.engine.query(statement, options);
  return groups.map(({ key, values, isOther }) => {
    const own = rows.filter((row) => row.group_key === key);
    return { ...seriesAnswer(query, own, scope.compile.nowMs), values, isOther };
  });
}

const MEASURE_WORDS: Record<Measure, string> = {
  EVENTS: 'Number of events that match',
  CUSTOMERS: 'Number of different customers with an event that matches',
  SESSIONS: 'Number of different sessions (by session id) with an event that matches',
  ORDERS:
    'Number of orders (one per order id of a customer, a purchase without an id is its own) among events that match',
  REVENUE: 'Sum of revenue, returns negative, of events that match',
  AVERAGE_ORDER_VALUE: 'Revenue of orders by the number of orders among events that match',
  EVENTS_PER_CUSTOMER: 'Number of events by the number of customers among events that match',
};

function metricInWords(query: MetricQuery): string {
  const unit = query.intervals.interval.toLowerCase();
  return (
    `${MEASURE_WORDS[query.measure]} ${query.match.label}, ${rangeInWords(query.range)}, by ${unit}, ` +
    `against the range of equal length just before${selectionInWords(query.where, query.audience)}.`
  );
}
