/** Runs a funnel: check, compile, run, answer. The only asynchronous code of the slice. */
import { groupsOf } from '../../query/breakdown.ts';
import { intervalStarts } from '../../query/period.ts';
import type { Interval } from '../../query/period.ts';
import { assertValid, inputError } from '../../query/problem.ts';
import { previousRange } from '../../query/time-range.ts';
import { answerMeta } from '../scope.ts';
import type { CustomerPage, InsightScope, Meta, PeoplePage } from '../scope.ts';
import { timeToConvertResult, trendResult } from './funnel-charts.result.ts';
import type { HistogramResult, TrendPointResult } from './funnel-charts.result.ts';
import { defineFunnel } from './funnel.definition.ts';
import { normaliseFunnel } from './funnel.query.ts';
import type { FunnelQuery, FunnelRequest } from './funnel.query.ts';
import type { TrendQuery } from './funnel.rows.ts';
import { funnelResult } from './funnel.result.ts';
import type { FunnelStepResult } from './funnel.result.ts';
import { compileBreakdown, compileDropped, compileFunnel, compileReached } from './funnel.sql.ts';
import type { StepOfFunnel } from './funnel.sql.ts';
import type { FunnelGroup } from './groups.sql.ts';
import { funnelRules } from './funnel.validate.ts';
import { compileCarrying, compileConverted } from './people.sql.ts';
import type { Carrying } from './people.sql.ts';
import { compileTimeToConvert, MAX_BINS } from './time-to-convert.sql.ts';
import { compileTrend, compileTrendCustomers } from './trend.sql.ts';
import type { TrendOf } from './trend.sql.ts';

/** A step that remembers its funnel, so that its people can be asked for. */
export interface FunnelStepAnswer extends FunnelStepResult, StepOfFunnel {}

export interface FunnelAnswer {
  readonly query: FunnelQuery;
  readonly steps: readonly FunnelStepAnswer[];
  readonly conversionRate: number;
  readonly medianSeconds: number | null;
  readonly meta: Meta;
}

/** Reads a request with the scope's words and clock; throws InputError with every problem found. */
export function readFunnel(request: FunnelRequest, scope: InsightScope): FunnelQuery {
  const { vocabulary, nowMs } = scope.compile;
  const lifecycleStages = scope.journeyMap.lifecycle.map((stage) => stage.key);
  const query = normaliseFunnel(request, { vocabulary, lifecycleStages, nowMs });
  assertValid(query, funnelRules(vocabulary));
  return query;
}

export async function runFunnel(query: FunnelQuery, scope: InsightScope): Promise<FunnelAnswer> {
  const answer = await scope.engine.query(compileFunnel(query, scope.compile), { signal: scope.signal });
  const [row] = answer.rows;
  if (!row) throw new Error('the funnel statement returned no row');
  const result = funnelResult(query, row);
  return {
    ...result,
    query,
    steps: result.steps.map((step) => ({ ...step, query, group: null })),
    meta: answerMeta(answer, defineFunnel(query), scope),
  };
}

/** The funnel of one group of the breakdown. */
export interface FunnelSeriesAnswer extends TrendOf {
  /** One per property, empty where unset; none for the rest. */
  readonly values: readonly string[];
  readonly isOther: boolean;
  readonly steps: readonly FunnelStepAnswer[];
  readonly conversionRate: number;
}

/** One series per value, largest first, the rest last; none without a breakdown. */
export async function runBreakdown(
  query: FunnelQuery,
  scope: InsightScope,
): Promise<readonly FunnelSeriesAnswer[]> {
  const { breakdown } = query;
  if (!breakdown) return [];
  const options = { signal: scope.signal };
  const { rows } = await scope.engine.query(compileBreakdown(query, breakdown, scope.compile), options);
  const groups = groupsOf(
    breakdown,
    rows.map((row) => row.value),
  );
  const kept = groups.filter((group) => !group.isOther).map((group) => group.key);
  const series = groups.map(async (group): Promise<FunnelSeriesAnswer> => {
    const of: FunnelGroup = { group, kept };
    const known = rows.find((row) => !group.isOther && row.value === group.key);
    const row = known ?? (await scope.engine.query(compileFunnel(query, scope.compile, of), options)).rows[0];
    if (!row) throw new Error('the funnel statement returned no row');
    const { steps, conversionRate } = funnelResult(query, row);
    const { values, isOther } = group;
    const answers = steps.map((step) => ({ ...step, query, group: of }));
    return { values, isOther, steps: answers, conversionRate, query, group: of };
  });
  return Promise.all(series);
}

/** The same funnel over the range of equal length just before; null where that would begin before 1970. */
export async function runPreviousFunnel(
  query: FunnelQuery,
  scope: InsightScope,
): Promise<FunnelAnswer | null> {
  const range = previousRange(query.range);
  const isWhole = query.range.fromMs - range.fromMs === query.range.toMs - query.range.fromMs;
  return isWhole ? runFunnel({ ...query, range: { ...range, isRolling: false } }, scope) : null;
}

/** A point that remembers its funnel, so that its people can be asked for. */
export interface TrendPointAnswer extends TrendPointResult, TrendOf {
  readonly trend: TrendQuery;
}

export interface StepsRequest {
  readonly fromStep?: number | null;
  readonly toStep?: number | null;
}

export async function runTrend(
  { query, group }: TrendOf,
  request: StepsRequest & { readonly interval: Interval },
  scope: InsightScope,
): Promise<readonly TrendPointAnswer[]> {
  const trend: TrendQuery = { ...readSteps(query, request), interval: request.interval };
  // Refuses too many intervals before anything is counted.
  intervalStarts(query.range, trend.interval);
  const answer = await scope.engine.query(compileTrend({ query, group }, trend, scope.compile), {
    signal: scope.signal,
  });
  const points = trendResult(query, trend, answer.rows, scope.compile.nowMs);
  return points.map((point) => ({ ...point, query, group, trend }));
}

export async function runTimeToConvert(
  query: FunnelQuery,
  request: StepsRequest & { readonly bins?: number | null },
  scope: InsightScope,
): Promise<HistogramResult> {
  const bins = request.bins ?? null;
  if (bins !== null && !(bins >= 1 && bins <= MAX_BINS)) {
    throw inputError('bins', 'BAD_BINS', `\`bins\` is 1 to ${MAX_BINS}, not ${bins}.`);
  }
  const asked = { ...readSteps(query, request), bins };
  const statement = compileTimeToConvert(query, asked, scope.compile);
  const answer = await scope.engine.query(statement, { signal: scope.signal });
  return timeToConvertResult(answer.rows);
}

/** From the first step to the last where nothing else is said. */
function readSteps(query: FunnelQuery, request: StepsRequest): { fromStep: number; toStep: number } {
  const last = query.steps.length - 1;
  const fromStep = request.fromStep ?? 0;
  const toStep = request.toStep ?? last;
  if (fromStep < 0 || toStep > last || fromStep > toStep || (fromStep === toStep && last > 0)) {
    const message = `\`fromStep\` must be before \`toStep\`, both of 0 to ${last}; not ${fromStep} to ${toStep}.`;
    throw inputError('fromStep', 'STEP_RANGE', message);
  }
  return { fromStep, toStep };
}

/** Who reached a step. */
export function peopleReached(
  step: FunnelStepAnswer,
  page: PeoplePage,
  scope: InsightScope,
): Promise<CustomerPage> {
  const keys = compileReached(step, scope.compile);
  return scope.people.connection(keys, page, scope);
}

/** Who reached the step before and not this one. */
export function peopleDropped(
  step: FunnelStepAnswer,
  page: PeoplePage,
  scope: InsightScope,
): Promise<CustomerPage> {
  const keys = compileDropped(step, scope.compile);
  return scope.people.connection(keys, page, scope);
}

/** Who went from one step to another, in a stretch of time. */
export function peopleConverted(
  query: FunnelQuery,
  request: StepsRequest & PeoplePage & { readonly atLeastSeconds?: number; readonly underSeconds?: number },
  scope: InsightScope,
): Promise<CustomerPage> {
  const { atLeastSeconds = null, underSeconds = null } = request;
  const asked = { ...readSteps(query, request), atLeastSeconds, underSeconds };
  return scope.people.connection(compileConverted(query, asked, scope.compile), request, scope);
}

/** Who entered with a value that correlations speak of. */
export function peopleCarrying(
  query: FunnelQuery,
  asked: Carrying,
  page: PeoplePage,
  scope: InsightScope,
): Promise<CustomerPage> {
  return scope.people.connection(compileCarrying(query, asked, scope.compile), page, scope);
}

/** Who entered in the point's interval, and converted or not. */
export function peopleOfPoint(
  point: TrendPointAnswer,
  request: PeoplePage & { readonly converted: boolean },
  scope: InsightScope,
): Promise<CustomerPage> {
  const { converted } = request;
  const asked = { ...point.trend, startMs: point.start.getTime(), converted };
  const keys = compileTrendCustomers(point, asked, scope.compile);
  return scope.people.connection(keys, request, scope);
}
