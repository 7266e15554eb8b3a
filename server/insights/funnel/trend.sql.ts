/**
 * Conversion by the interval in which an attempt started. A customer is put in an interval once: as converted
 * if any attempt that started there did, else by the attempt that got furthest.
 */
import type { CompileScope } from '../../query/events.ts';
import { intervalStart } from '../../query/period.ts';
import { readsOf } from '../../query/reads.ts';
import { int, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { keptTrend } from './funnel.kept.ts';
import type { FunnelQuery } from './funnel.query.ts';
import type { TrendQuery, TrendRow } from './funnel.rows.ts';
import type { FunnelGroup } from './groups.sql.ts';
import { compileAttempts } from './matcher.sql.ts';

/** A funnel, or one group of its breakdown. */
export interface TrendOf {
  readonly query: FunnelQuery;
  readonly group: FunnelGroup | null;
}

export function compileTrend(of: TrendOf, trend: TrendQuery, scope: CompileScope): SqlQuery<TrendRow> {
  return {
    name: 'funnel_trend',
    reads: readsOf(of.query.range, of.query.audience, scope),
    sql: sql`SELECT start, count() AS entered, countIf(converted) AS converted\nFROM (${compileEntries(of, trend, scope)}) GROUP BY start ORDER BY start`,
    kept: of.group ? undefined : keptTrend(of.query, trend, scope),
  };
}

/** `SELECT customer_key`: who entered in the interval that starts at `startMs`, and converted or not. */
export function compileTrendCustomers(
  of: TrendOf,
  trend: TrendQuery & { readonly startMs: number; readonly converted: boolean },
  scope: CompileScope,
): Sql {
  return sql`SELECT customer_key\nFROM (${compileEntries(of, trend, scope)}) WHERE start = ${param.int64(trend.startMs / 1000)} AND converted = ${param.bool(trend.converted)}`;
}

/** The key of an attempt that converted; every other has its grade, which is less. */
const CONVERTED = int(255);

/** `customer_key`, `start`, `converted`: a row per customer and interval in which the customer entered. */
export function compileEntries({ query, group }: TrendOf, trend: TrendQuery, scope: CompileScope): Sql {
  const { fromStep, toStep } = trend;
  const offset = param.int64(query.range.fromMs - 1);
  const instant = sql`fromUnixTimestamp64Milli(toInt64(a) + ${offset}, 'UTC')`;
  const start = sql`toUInt64(${intervalStart(instant, trend.interval, query.range)})`;
  const hasConverted = sql`bitTest(g, 1) AND g >= ${int(4 * (toStep + 1) + 2)}`;
  const keyed = sql`SELECT customer_key, arraySort(arrayMap((a, g) -> bitShiftLeft(${start}, 8) + if(${hasConverted}, ${CONVERTED}, g), at_1, grade)) AS entries\nFROM (${compileAttempts(query, scope, group)}) WHERE notEmpty(at_1)`;
  // The last of each interval is its best.
  const best = sql`SELECT customer_key, arrayFilter((x, y) -> bitShiftRight(x, 8) != bitShiftRight(y, 8), entries, arrayResize(arraySlice(entries, 2), length(entries), bitNot(toUInt64(0)))) AS entries\nFROM (${keyed})`;
  const isClean = sql`bitTest(x, 1) AND bitAnd(x, 255) >= ${int(4 * (fromStep + 1))}`;
  // One interval where an attempt was hit and went on drops all that did not convert.
  const wentOn = sql`arrayExists(x -> bitAnd(x, 255) != ${CONVERTED} AND bitTest(x, 0), entries)`;
  const converted = sql`bitAnd(x, 255) = ${CONVERTED}`;
  const kept = sql`if(${wentOn}, arrayFilter(x -> ${converted}, entries), arrayFilter(x -> ${converted} OR (${isClean}), entries))`;
  const rows = sql`SELECT customer_key, arrayJoin(${kept}) AS x\nFROM (${best})`;
  return sql`SELECT customer_key, bitShiftRight(x, 8) AS start, ${converted} AS converted\nFROM (${rows})`;
}
