/** Runs a funnel: check, compile, run, answer. The only asynchronous code of the slice. */
import { assertValid } from '../../query/problem.ts';
import { previousRange } from '../../query/time-range.ts';
import { answerMeta } from '../scope.ts';
import type { CustomerPage, InsightScope, Meta } from '../scope.ts';
import { defineFunnel } from './funnel.definition.ts';
import { normaliseFunnel } from './funnel.query.ts';
import type { FunnelQuery, FunnelRequest } from './funnel.query.ts';
import { funnelResult } from './funnel.result.ts';
import type { FunnelStepResult } from './funnel.result.ts';
import { compileDropped, compileFunnel, compileReached } from './funnel.sql.ts';
import { funnelRules } from './funnel.validate.ts';

/** A step that remembers its funnel, so that its people can be asked for. */
export interface FunnelStepAnswer extends FunnelStepResult {
  readonly query: FunnelQuery;
}

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
    steps: result.steps.map((step) => ({ ...step, query })),
    meta: answerMeta(answer, defineFunnel(query), scope),
  };
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

export interface PageOf {
  readonly first: number;
  readonly after?: string | null | undefined;
}

/** Who reached a step. */
export function peopleReached(
  step: FunnelStepAnswer,
  page: PageOf,
  scope: InsightScope,
): Promise<CustomerPage> {
  const keys = compileReached(step.query, step.index, scope.compile);
  return scope.people.connection(keys, page.first, page.after, scope);
}

/** Who reached the step before and not this one. */
export function peopleDropped(
  step: FunnelStepAnswer,
  page: PageOf,
  scope: InsightScope,
): Promise<CustomerPage> {
  const keys = compileDropped(step.query, step.index, scope.compile);
  return scope.people.connection(keys, page.first, page.after, scope);
}
