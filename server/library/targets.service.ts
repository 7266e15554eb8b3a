/**
 * How targets stand: the key figures of the overview over the period of now, kept as live answers are, against
 * statements about times that have passed, which hold until the next hour or period.
 */
import { askedThrough } from '../engine/asked-through.ts';
import { runMetric } from '../insights/metric/metric.service.ts';
import type { OverviewAnswer, KpiAnswer } from '../insights/overview/overview.result.ts';
import { runChurn, runOverview } from '../insights/overview/overview.service.ts';
import type { InsightScope } from '../insights/scope.ts';
import type { RangeRequest } from '../query/time-range.ts';
import { paceRule, periodOfNow } from './targets.query.ts';
import type { PeriodOfNow, Target, TargetKpi } from './targets.query.ts';
import { PATTERN_DAYS, progressOf, shareByNow, weekPattern } from './targets.result.ts';
import type { Progress, Standing } from './targets.result.ts';

export interface TargetProgress extends Progress {
  readonly from: Date;
  readonly to: Date;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const FIGURE: Record<Exclude<TargetKpi, 'CHURN_RATE'>, keyof OverviewAnswer> = {
  REVENUE: 'revenue',
  ORDERS: 'orders',
  AVERAGE_ORDER_VALUE: 'averageOrderValue',
  CUSTOMERS: 'customers',
  NEW_CUSTOMERS: 'newCustomers',
  ACTIVE_CUSTOMERS: 'activeCustomers',
  CONVERSION_RATE: 'conversionRate',
  REPEAT_PURCHASE_RATE: 'repeatPurchaseRate',
};

export async function targetProgress(target: Target, scope: InsightScope): Promise<TargetProgress> {
  const { nowMs } = scope.compile;
  const period = periodOfNow(target, nowMs);
  const { fromMs, toMs } = period;
  const rule = paceRule(target.kpi);
  const [figure, byPattern, before] = await Promise.all([
    figureOf(target, { fromMs, toMs }, scope),
    rule === 'ADDS_UP' ? patternShare(target, period, scope) : null,
    rule === 'GROWS' ? periodBefore(target, period, scope) : null,
  ]);
  const standing = { elapsedShare: (nowMs - fromMs) / (toMs - fromMs), byPattern, before };
  const value = target.kpi === 'AVERAGE_ORDER_VALUE' && figure.value === 0 ? null : figure.value;
  return { ...progressOf(target, { ...standing, value }), from: new Date(fromMs), to: new Date(toMs) };
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The key figure of the overview over a stretch of time. Several targets of one period share the statements. */
async function figureOf(target: Target, stretch: Stretch, scope: InsightScope): Promise<KpiAnswer> {
  const { kpi, period } = target;
  const request = { range: rangeOf(target, stretch), interval: period };
  const run = await shared(scope, JSON.stringify([kpi === 'CHURN_RATE', request]), () =>
    runOverview(request, scope, kpi !== 'CHURN_RATE'),
  );
  return kpi === 'CHURN_RATE' ? runChurn(run.query, scope) : run[FIGURE[kpi]];
}

/** Which share of what adds up should be there by now, by when orders came before the period. */
async function patternShare(
  target: Target,
  { fromMs, toMs }: PeriodOfNow,
  scope: InsightScope,
): Promise<Standing['byPattern']> {
  const stretch = { fromMs: fromMs - PATTERN_DAYS * DAY_MS, toMs: fromMs };
  const request = { measure: 'ORDERS', range: rangeOf(target, stretch), interval: 'HOUR' } as const;
  const { series } = await shared(scope, JSON.stringify(request), () => runMetric(request, asRead(scope)));
  const pattern = weekPattern(series, target);
  const share = shareByNow({ fromMs, toMs }, scope.compile.nowMs, pattern, target);
  return { share, isLinear: pattern === null };
}

/** The period before: after as many hours as this one has lasted, and as a whole. */
async function periodBefore(
  target: Target,
  { beforeMs, fromMs }: PeriodOfNow,
  scope: InsightScope,
): Promise<Standing['before']> {
  const hours = Math.floor((scope.compile.nowMs - fromMs) / HOUR_MS);
  if (hours === 0) return null;
  const read = asRead(scope);
  const [part, whole] = await Promise.all([
    figureOf(target, { fromMs: beforeMs, toMs: Math.min(beforeMs + hours * HOUR_MS, fromMs) }, read),
    figureOf(target, { fromMs: beforeMs, toMs: fromMs }, read),
  ]);
  return { part: part.value, whole: whole.value };
}

function rangeOf({ timeZone, weekStart }: Target, { fromMs, toMs }: Stretch): RangeRequest {
  return { from: new Date(fromMs), to: new Date(toMs), timeZone, weekStart };
}

const reading = new WeakMap<InsightScope, InsightScope>();

/** Without keeping what the answers are made of: what has passed is asked once and remembered as an answer. */
function asRead(scope: InsightScope): InsightScope {
  const known = reading.get(scope);
  if (known) return known;
  const engine = askedThrough(scope.engine, (query, options) =>
    scope.engine.query({ ...query, kept: undefined }, options),
  );
  const read = { ...scope, engine };
  reading.set(scope, read);
  return read;
}

const runs = new WeakMap<InsightScope, Map<string, Promise<unknown>>>();

/** One run a question and call. */
function shared<T>(scope: InsightScope, key: string, run: () => Promise<T>): Promise<T> {
  const known = runs.get(scope) ?? new Map<string, Promise<unknown>>();
  runs.set(scope, known);
  const found = known.get(key) ?? run();
  known.set(key, found);
  return found as Promise<T>;
}
