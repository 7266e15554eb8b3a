/** How long the best attempts took from one step to another, as statistics and a histogram. */
import type { CompileScope } from '../../query/events.ts';
import { readsOf } from '../../query/reads.ts';
import { int, name, param, sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { keptTimeToConvert } from './funnel.kept.ts';
import type { FunnelQuery } from './funnel.query.ts';
import type { TimeToConvertQuery, TimeToConvertRow } from './funnel.rows.ts';
import { compileMatched } from './matcher.sql.ts';

export function compileTimeToConvert(
  query: FunnelQuery,
  asked: TimeToConvertQuery,
  scope: CompileScope,
): SqlQuery<TimeToConvertRow> {
  const { fromStep, toStep, bins } = asked;
  const from = name('step', fromStep + 1);
  const to = name('step', toStep + 1);
  const count =
    bins === null
      ? sql`toUInt64(least(60., greatest(1., ceil(round(cbrt(customers), 9)))))`
      : sql`toUInt64(${param.uint32(bins)})`;
  const gaps = sql`SELECT ${to} - ${from} AS gap\nFROM (${compileMatched(query, scope)}) WHERE ${from} > 0 AND ${to} > 0`;
  const summary = sql`SELECT groupArray(gap) AS gaps, count() AS customers, avg(gap) AS average, quantilesExactInclusive(0.5, 0.9)(gap) AS quantiles, intDiv(min(gap), 1000) AS low, intDiv(max(gap) + 999, 1000) AS high\nFROM (${gaps})`;
  const counted = sql`SELECT gaps, customers, average, quantiles, low, high, ${count} AS bins\nFROM (${summary})`;
  const sized = sql`SELECT gaps, customers, average, quantiles, low, bins, if(high = low, 60, intDiv(high - low + bins - 1, bins)) AS width\nFROM (${counted})`;
  const place = sql`arrayJoin(arrayMap(g -> least(bins, intDiv(g - low * 1000, width * 1000)), gaps))`;
  const placed = sql`SELECT low, width, bins, customers, average, quantiles, ${place} AS place\nFROM (${sized})`;
  return {
    name: 'funnel_time_to_convert',
    reads: readsOf(query.range, query.audience, scope),
    sql: sql`SELECT low, width, bins, customers, average, quantiles, place, count() AS count\nFROM (${placed}) GROUP BY low, width, bins, customers, average, quantiles, place ORDER BY place LIMIT ${int(MOST_ROWS)}`,
    kept: keptTimeToConvert(query, asked, scope),
  };
}

export const MAX_BINS = 1000;
const MOST_ROWS = MAX_BINS + 1;
