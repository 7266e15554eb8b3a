/** Breakdowns and trends of funnels evaluated slowly and obviously, by the rules of docs/semantics.md. */
import { startOfInterval } from '../../server/query/period.ts';
import type { FunnelBreakdown, FunnelQuery } from '../../server/insights/funnel/funnel.query.ts';
import type { TrendQuery } from '../../server/insights/funnel/funnel.rows.ts';
import { attemptsOf, bestTimes, isExcluded, matchesStep, seenByCustomer } from './funnel.ts';
import type { Attempt, OracleEvent, StepTimes } from './funnel.ts';

/**
 * `customer|value` to the times of the best attempt in the funnel of that value. `rankOf` says in which order values
 * at one instant and step are taken.
 */
export function evaluateBreakdown(
  query: FunnelQuery,
  breakdown: FunnelBreakdown,
  events: readonly OracleEvent[],
  rankOf: (value: string) => bigint,
): ReadonlyMap<string, StepTimes> {
  const result = new Map<string, StepTimes>();
  const valueOf = (event: OracleEvent): string =>
    JSON.stringify(breakdown.properties.map((property) => event.properties[property] ?? ''));
  const unset = JSON.stringify(breakdown.properties.map(() => ''));
  // In any order an event that an exclusion means takes no step, and stands before those of its instant.
  const stepOf = (event: OracleEvent): number =>
    query.order === 'ANY' && isExcluded(query, event)
      ? -1
      : query.steps.findIndex((_, k) => matchesStep(query, k, event));
  for (const [customer, seen] of seenByCustomer(query, events)) {
    const put = (value: string, attempts: readonly Attempt[]): void => {
      const best = bestTimes(query, attempts);
      if (best) result.set(`${customer}|${value}`, best);
    };
    const ofSteps = seen
      .filter((e) => query.steps.some((_, k) => matchesStep(query, k, e)))
      .sort(
        (a, b) =>
          a.timeMs - b.timeMs ||
          stepOf(a) - stepOf(b) ||
          Number(rankOf(valueOf(a)) > rankOf(valueOf(b))) - 0.5,
      );
    const touches = ofSteps.filter((e) => valueOf(e) !== unset);
    const touch = breakdown.attribution === 'FIRST_TOUCH' ? touches[0] : touches.at(-1);
    switch (breakdown.attribution) {
      case 'FIRST_TOUCH':
      case 'LAST_TOUCH':
        put(touch ? valueOf(touch) : unset, attemptsOf(query, seen));
        break;
      case 'ALL_STEPS':
        for (const value of new Set(ofSteps.map(valueOf))) {
          put(
            value,
            attemptsOf(
              query,
              seen.filter((e) => valueOf(e) === value),
            ),
          );
        }
        break;
      case 'STEP': {
        const step = breakdown.step ?? 0;
        const givers = query.order === 'ANY' ? ofSteps : seen.filter((e) => matchesStep(query, step, e));
        for (const value of new Set(givers.map(valueOf))) {
          const may = (e: OracleEvent, k: number): boolean => k !== step || valueOf(e) === value;
          put(value, attemptsOf(query, seen, may));
        }
      }
    }
  }
  return result;
}

/** `customer|start of the interval in ms` to whether the customer converted from there. */
export function evaluateTrend(
  query: FunnelQuery,
  { interval, fromStep, toStep }: TrendQuery,
  events: readonly OracleEvent[],
): ReadonlyMap<string, boolean> {
  const result = new Map<string, boolean>();
  for (const [customer, seen] of seenByCustomer(query, events)) {
    const byInterval = new Map<number, Attempt[]>();
    for (const attempt of attemptsOf(query, seen)) {
      const start = startOfInterval(attempt.times[0] ?? 0, interval, query.range);
      byInterval.set(start, [...(byInterval.get(start) ?? []), attempt]);
    }
    const best = [...byInterval].map(([start, attempts]) => {
      const converted = attempts.some((attempt) => attempt.isClean && attempt.reach >= toStep);
      const [top] = [...attempts].sort(
        (a, b) =>
          b.reach - a.reach ||
          Number(b.isClean) - Number(a.isClean) ||
          Number(b.wentOn ?? false) - Number(a.wentOn ?? false),
      );
      return { start, converted, top };
    });
    const drops = best.some(({ converted, top }) => !converted && top && !top.isClean && top.wentOn);
    for (const { start, converted, top } of best) {
      const entered = converted || (!drops && top?.isClean && top.reach >= fromStep);
      if (entered) result.set(`${customer}|${start}`, converted);
    }
  }
  return result;
}
