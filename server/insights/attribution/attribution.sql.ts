/**
 * The credit of each value under the models that look at one path at a time. Every touchpoint's share is cut to
 * whole units before it is added up, so that the sums do not depend on the order in which ClickHouse adds.
 */
import type { CompileScope } from '../../query/events.ts';
import { readsOf } from '../../query/reads.ts';
import { empty, int, join, name, param, sql } from '../../query/sql.ts';
import type { Sql, SqlQuery } from '../../query/sql.ts';
import { NONE } from './attribution.query.ts';
import type { AttributionModel, AttributionQuery } from './attribution.query.ts';
import { journeys, pathBefore, placeOf, timeOf } from './paths.sql.ts';

/** Units of a conversion, and of one of the currency, in `credit_N` and `revenue_N`. */
export const CONVERSION_UNITS = 1e12;
export const REVENUE_UNITS = 1e10;

/** Half of a touchpoint's weight is gone after seven days. */
const HALF_LIFE_MS = 7 * 86_400_000;

export type PathModel = Exclude<AttributionModel, 'MARKOV'>;

/** Of a touchpoint: `i` of `n` on the path, `weights[i]` of `whole` by age. Each path's shares make 1. */
const SHARES: Record<PathModel, Sql> = {
  FIRST_TOUCH: sql`toFloat64(i = 1)`,
  LAST_TOUCH: sql`toFloat64(i = n)`,
  LINEAR: sql`1 / n`,
  POSITION_BASED: sql`multiIf(n = 1, 1, n = 2, 0.5, i = 1 OR i = n, 0.4, 0.2 / (n - 2))`,
  TIME_DECAY: sql`weights[i] / whole`,
};

export interface CreditRow {
  /** Place among the values kept, from 1; 0 for the rest. */
  readonly value: number;
  /** Touchpoints in the lookback of a conversion, each once. */
  readonly touches: string;
  readonly customers: string;
  /** Conversions whose path begins here, and their revenue in ten thousandths: over all rows, the totals. */
  readonly begun: string;
  readonly begun_revenue: string;
  /** Those among them without any touchpoint. */
  readonly untouched: string;
  readonly untouched_revenue: string;
  /** `credit_N` and `revenue_N` of model N, in units. */
  readonly [share: string]: string | number;
}

export function compileCredits(
  query: AttributionQuery,
  models: readonly PathModel[],
  kept: readonly string[],
  scope: CompileScope,
): SqlQuery<CreditRow> {
  const sums = models.map(
    (model, m) => sql`,
  toString(sum(toInt128(round(${SHARES[model]} * ${param.float(CONVERSION_UNITS)})))) AS ${name('credit', m)},
  toString(sum(toInt128(round(${SHARES[model]} * toFloat64(amount) * ${param.float(REVENUE_UNITS)})))) AS ${name('revenue', m)}`,
  );
  return {
    name: 'attribution',
    reads: readsOf({ fromMs: query.earliestMs, toMs: query.range.toMs }, query.audience, scope),
    sql: sql`SELECT toUInt8(${placeOf(sql`touch`)}) AS value,
  countIf(NOT is_untouched AND touch >= previous) AS touches,
  uniqExact(customer_key) AS customers,
  countIf(i = 1) AS begun,
  ${inTenThousandths(sql`i = 1`)} AS begun_revenue,
  countIf(is_untouched) AS untouched,
  ${inTenThousandths(sql`is_untouched`)} AS untouched_revenue${join(sums, empty)}
FROM (
${creditedPaths(query, kept, scope)}
) ARRAY JOIN steps AS touch, arrayEnumerate(steps) AS i
GROUP BY value ORDER BY value`,
  };
}

/** `SELECT customer_key ...` of those with a conversion that owes something to the value at a place. */
export function compileValueMembers(
  query: AttributionQuery,
  kept: readonly string[],
  place: number,
  scope: CompileScope,
): Sql {
  return sql`SELECT DISTINCT customer_key FROM (
${creditedPaths(query, kept, scope)}
) WHERE arrayExists(t -> ${placeOf(sql`t`)} = ${int(place)}, steps)`;
}

/**
 * One row a conversion: `customer_key, amount, previous` (when the conversion before it happened, -1 for none),
 * `steps` of the path, `n` of them, their `weights` by age (the last weighs 1), `whole` together.
 * Without touchpoints the one step is that which stands for none.
 */
function creditedPaths(query: AttributionQuery, kept: readonly string[], scope: CompileScope): Sql {
  return sql`SELECT customer_key, previous, amount, empty(path) AS is_untouched,
  if(is_untouched, [converted_at + ${int(kept.indexOf(NONE) + 1)}], path) AS steps, length(steps) AS n,
  arrayMap(t -> exp2((${timeOf(sql`t`)} - ${timeOf(sql`steps[-1]`)}) / ${int(HALF_LIFE_MS)}), steps) AS weights,
  arraySum(weights) AS whole
FROM (
SELECT customer_key, tupleElement(conversion, 1) AS converted_at, tupleElement(conversion, 3) AS amount,
  previous, ${pathBefore} AS path
FROM (
${journeys(query, kept, true, scope)}
) ARRAY JOIN conversions AS conversion,
  arrayShiftRight(arrayMap(c -> tupleElement(c, 1), conversions), 1, toInt64(-1)) AS previous
)`;
}

function inTenThousandths(condition: Sql): Sql {
  return sql`toString(CAST(sumIf(amount, ${condition}) * 10000, 'Int128'))`;
}
