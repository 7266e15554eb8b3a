/** Answers the overview: normalise, compile, run, read. Churn takes a statement of its own, run when asked for. */
import type { QueryAnswer } from '../../engine/port.ts';
import { rangeInWords, selectionInWords } from '../../query/in-words.ts';
import { answerMeta } from '../scope.ts';
import type { InsightScope, Meta } from '../scope.ts';
import { compileChurn } from './churn.sql.ts';
import { normaliseOverview } from './overview.query.ts';
import type { OverviewQuery, OverviewRequest } from './overview.query.ts';
import { churnAnswer, churnSpans, overviewAnswer } from './overview.result.ts';
import type { KpiAnswer, OverviewAnswer } from './overview.result.ts';
import { compileActivity, compileMilestones } from './overview.sql.ts';

export interface OverviewRun extends OverviewAnswer {
  readonly query: OverviewQuery;
  readonly meta: Meta;
}

export async function runOverview(request: OverviewRequest, scope: InsightScope): Promise<OverviewRun> {
  const stages = scope.journeyMap.lifecycle.map((stage) => stage.key);
  const query = normaliseOverview(request, scope.compile, stages);
  const options = { signal: scope.signal };
  const [activity, milestones] = await Promise.all([
    scope.engine.query(compileActivity(query, scope.compile), options),
    scope.engine.query(compileMilestones(query, scope.compile), options),
  ]);
  return {
    ...overviewAnswer(query, activity.rows, milestones.rows, scope.compile.nowMs),
    query,
    meta: answerMeta(together(activity, milestones), overviewInWords(query), scope),
  };
}

export async function runChurn(query: OverviewQuery, scope: InsightScope): Promise<KpiAnswer> {
  const { nowMs } = scope.compile;
  const statement = compileChurn(query, churnSpans(query, nowMs), scope.journeyMap, scope.compile);
  const { rows } = await scope.engine.query(statement, { signal: scope.signal });
  return churnAnswer(query, rows, nowMs);
}

/** What two statements took that ran side by side. */
function together(a: QueryAnswer<unknown>, b: QueryAnswer<unknown>): QueryAnswer<unknown> {
  return {
    rows: [],
    stats: {
      rowsRead: a.stats.rowsRead + b.stats.rowsRead,
      bytesRead: a.stats.bytesRead + b.stats.bytesRead,
      elapsedMs: Math.max(a.stats.elapsedMs, b.stats.elapsedMs),
    },
    text: `${a.text};\n\n${b.text}`,
    isCached: (a.isCached ?? false) && (b.isCached ?? false),
  };
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
