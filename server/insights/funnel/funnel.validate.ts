/** What a funnel must meet as a whole, rule by rule; each says which field and what is allowed. Pure. */
import type { EventVocabulary } from '../../query/events.ts';
import type { Rule } from '../../query/problem.ts';
import { MAX_STEPS } from './funnel.query.ts';
import type { FunnelQuery } from './funnel.query.ts';
import { kindsOf } from './overlap.ts';

/** In any order, more kinds of events than this (sets of steps that one event may serve) are refused. */
export const MAX_KINDS = 64;

export function funnelRules(vocabulary: EventVocabulary): readonly Rule<FunnelQuery>[] {
  return [stepCount, overlappingSteps(vocabulary)];
}

const stepCount: Rule<FunnelQuery> = {
  code: 'STEP_COUNT',
  check: ({ steps }) =>
    steps.length >= 1 && steps.length <= MAX_STEPS
      ? []
      : [{ field: 'steps', message: `A funnel has 1 to ${MAX_STEPS} steps, not ${steps.length}.` }],
};

function overlappingSteps(vocabulary: EventVocabulary): Rule<FunnelQuery> {
  const message =
    'Too many of these steps may be met by one event to take them in any order: up to six may ask for the same events with different conditions.';
  return {
    code: 'OVERLAPPING_STEPS',
    check: ({ order, steps }) =>
      order === 'ANY' && steps.length <= MAX_STEPS && kindsOf(steps, vocabulary, MAX_KINDS).length > MAX_KINDS
        ? [{ field: 'steps', message }]
        : [],
  };
}
