/**
 * How a funnel's answers are kept up to date: of each customer the moments of the funnel are kept as facts, and the
 * matcher runs again over those of who was touched. Where more decides than a customer's events in the range (audiences,
 * first occurrences, what is held constant, groups, filters on traits) nothing is kept. Pure.
 */
import type { CompileScope } from '../../query/events.ts';
import type { Kept, Totals } from '../../query/kept.ts';
import type { FunnelQuery } from './funnel.query.ts';
import type { FunnelRow, TimeToConvertQuery, TimeToConvertRow, TrendQuery, TrendRow } from './funnel.rows.ts';
import { Calendar } from './kept/calendar.ts';
import { funnelFacts } from './kept/facts.kept.ts';
import { FunnelMatcher } from './kept/matcher.ts';
import { matchRules } from './kept/rules.ts';
import { SummaryTotals } from './kept/summary-totals.ts';
import { TimeTotals } from './kept/time-totals.ts';
import { TrendTotals } from './kept/trend-totals.ts';

export function keptFunnel(query: FunnelQuery, scope: CompileScope): Kept<FunnelRow> | undefined {
  return keptOf(query, scope, {}, (matcher) => new SummaryTotals(matcher, query.steps));
}

export function keptTrend(
  query: FunnelQuery,
  trend: TrendQuery,
  scope: CompileScope,
): Kept<TrendRow> | undefined {
  const { timeZone, weekStart } = query.range;
  const { interval } = trend;
  return keptOf(query, scope, { trend, timeZone, weekStart }, (matcher) => {
    return new TrendTotals(matcher, new Calendar(interval, { timeZone, weekStart }), trend);
  });
}

export function keptTimeToConvert(
  query: FunnelQuery,
  asked: TimeToConvertQuery,
  scope: CompileScope,
): Kept<TimeToConvertRow> | undefined {
  return keptOf(query, scope, { asked }, (matcher) => new TimeTotals(matcher, asked, query.steps.length));
}

/** `more`: what else is asked for, besides the funnel itself. */
function keptOf<Row>(
  query: FunnelQuery,
  scope: CompileScope,
  more: object,
  open: (matcher: FunnelMatcher) => Totals<Row>,
): Kept<Row> | undefined {
  const rules = matchRules(query, scope);
  if (!rules) return undefined;
  return {
    facts: funnelFacts(query, scope),
    shape: `funnel ${JSON.stringify({ rules, more })}`,
    edges: [query.range.fromMs],
    open: () => open(new FunnelMatcher(rules)),
  };
}
