/**
 * The credit of each value under the models that look at one path at a time. Every touchpoint's share is cut to
 * whole units before it is added up, so that the sums do not depend on the order in which ClickHouse adds.
 */
import type { CompileScope } from '../../query/events.ts';
import { readsOf } from '../../query/reads.ts';
import { empty, int, join, name, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { NONE } from './attribution.query.ts';
import type { AttributionModel, AttributionQuery } from './attribution.query.ts';
import { journeys, pathBefore, placeOf, timeOf } from './paths.sql.ts';

/** Units of a conversion, and of one of the currency, in `credit_N` and `revenue_N`. */
export const CONVERSION_UNITS = 1e12;
export const REVENUE_UNITS = 1e10;

/** Half of a touchpoint's weight is gone after seven days. */
const HALF_LIFE_MS = 7 * 86_400_000;

export type PathModel = Exclude<AttributionModel, 'MARKOV'>;

/** What a touchpoint, `i` of `n` on the path, gets of a conversion: `outer`, or elsewhere `inner`. */
interface Share {
  readonly outer: Sql;
  readonly isOuter: Sql;
  readonly inner: Sql;
}

const NOTHING = sql`0`;

/** Each path's shares make 1. Those that hang on the path alone are worked out once for each conversion. */
const SHARES: Record<Exclude<PathModel, 'TIME_DECAY'>, Share> = {
  FIRST_TOUCH: { outer: sql`1`, isOuter: sql`i = 1`, inner: NOTHING },
  LAST_TOUCH: { outer: sql`1`, isOuter: sql`i = n`, inner: NOTHING },
  LINEAR: { outer: sql`1 / n`, isOuter: sql`1`, inner: NOTHING },
  POSITION_BASED: {
    outer: sql`multiIf(n = 1, 1, n = 2, 0.5, 0.4)`,
    isOuter: sql`i = 1 OR i = n`,
    inner: sql`if(n > 2, 0.2 / (n - 2), 0)`,
  },
};

function conversionUnits(share: Sql): Sql {
  return sql`toInt128(round(${share} * ${param.float(CONVERSION_UNITS)}))`;
}

function revenueUnits(share: Sql): Sql {
  return sql`toInt128(round(${share} * toFloat64(amount) * ${param.float(REVENUE_UNITS)}))`;
}

/** Columns of a conversion for the model: units of conversions and of revenue, at the outer places and elsewhere. */
function sharesOfPath(model: PathModel, m: number): Sql {
  if (model === 'TIME_DECAY') return empty;
  const { outer, inner } = SHARES[model];
  const most = sql`, ${conversionUnits(outer)} AS ${name('outer', m)}, ${revenueUnits(outer)} AS ${name('outer_revenue', m)}`;
  if (inner === NOTHING) return most;
  return sql`${most}, ${conversionUnits(inner)} AS ${name('inner', m)}, ${revenueUnits(inner)} AS ${name('inner_revenue', m)}`;
}

/** The sums of a model over touchpoints: `credit_N` and `revenue_N`. */
function sumsOf(model: PathModel, m: number): Sql {
  const [credit, revenue] = [name('credit', m), name('revenue', m)];
  if (model === 'TIME_DECAY') {
    const share = sql`weights[i] / whole`;
    return sql`,
  toString(sum(${conversionUnits(share)})) AS ${credit}, toString(sum(${revenueUnits(share)})) AS ${revenue}`;
  }
  const { isOuter, inner } = SHARES[model];
  const total = (outer: string, other: string): Sql =>
    inner === NOTHING
      ? sql`sumIf(${name(outer, m)}, ${isOuter})`
      : sql`sum(if(${isOuter}, ${name(outer, m)}, ${name(other, m)}))`;
  return sql`,
  toString(${total('outer', 'inner')}) AS ${credit}, toString(${total('outer_revenue', 'inner_revenue')}) AS ${revenue}`;
}

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
  const sums = models.map(sumsOf);
  const shares = models.map(sharesOfPath);
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
SELECT customer_key, previous, amount, is_untouched, steps, n${models.includes('TIME_DECAY') ? sql`, weights, whole` : empty}${join(shares, empty)}
FROM (
${creditedPaths(query, kept, scope)}
)) ARRAY JOIN steps AS touch, arrayEnumerate(steps) AS i
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
