/** What a funnel must meet as a whole, rule by rule; each says which field and what is allowed. Pure. */
import type { EventVocabulary } from '../../query/events.ts';
import type { Rule } from '../../query/problem.ts';
import { MAX_EXCLUSIONS, MAX_HELD, MAX_OPTIONAL, MAX_STEPS } from './funnel.query.ts';
import type { FunnelQuery } from './funnel.query.ts';
import { passCount } from './chains.ts';
import { kindsOf } from './overlap.ts';

/** In any order, more kinds of events than this (sets of steps that one event may serve) are refused. */
export const MAX_KINDS = 64;

/** Passes over the moments that one statement may need, so that it stays within what ClickHouse parses. */
const MAX_PASSES = 500;

export function funnelRules(vocabulary: EventVocabulary): readonly Rule<FunnelQuery>[] {
  return [
    stepCount,
    optionalSteps,
    exclusionSteps,
    breakdownStep,
    heldProperties,
    overlappingSteps(vocabulary),
  ];
}

const stepCount: Rule<FunnelQuery> = {
  code: 'STEP_COUNT',
  check: ({ steps }) =>
    steps.length >= 1 && steps.length <= MAX_STEPS
      ? []
      : [{ field: 'steps', message: `A funnel has 1 to ${MAX_STEPS} steps, not ${steps.length}.` }],
};

const optionalSteps: Rule<FunnelQuery> = {
  code: 'OPTIONAL_STEP',
  check: ({ steps, order }) => {
    const optional = steps.flatMap((step, i) => (step.isOptional ? [i] : []));
    const wrong = (i: number, message: string) => ({ field: `steps[${i}].optional`, message });
    return [
      ...optional.flatMap((i) =>
        order === 'ORDERED' ? [] : [wrong(i, 'Steps may be skipped in the order ORDERED only.')],
      ),
      ...(optional[0] === 0 ? [wrong(0, 'The first step starts the funnel and cannot be skipped.')] : []),
      ...optional
        .slice(MAX_OPTIONAL)
        .map((i) => wrong(i, `Up to ${MAX_OPTIONAL} steps of a funnel may be skipped.`)),
      ...(optional.length <= MAX_OPTIONAL && steps.length <= MAX_STEPS && passCount(steps) > MAX_PASSES
        ? [{ field: 'steps', message: 'So long a funnel takes fewer steps that may be skipped.' }]
        : []),
    ];
  },
};

const exclusionSteps: Rule<FunnelQuery> = {
  code: 'EXCLUSION_STEPS',
  check: ({ exclusions, steps }) => {
    const last = steps.length - 1;
    const isBetween = (from: number, to: number): boolean => from >= 0 && from < to && to <= last;
    return [
      ...exclusions.flatMap(({ fromStep, toStep }, i) =>
        isBetween(fromStep, toStep)
          ? []
          : [
              {
                field: `exclude[${i}]`,
                message: `\`fromStep\` must be before \`toStep\`, both of 0 to ${last}; not ${fromStep} to ${toStep}.`,
              },
            ],
      ),
      ...(exclusions.length > MAX_EXCLUSIONS
        ? [{ field: 'exclude', message: `A funnel takes up to ${MAX_EXCLUSIONS} exclusions.` }]
        : []),
    ];
  },
};

const breakdownStep: Rule<FunnelQuery> = {
  code: 'BREAKDOWN_STEP',
  check: ({ breakdown, order, steps }) => {
    if (breakdown?.attribution !== 'STEP') return [];
    const last = order === 'ANY' ? 0 : steps.length - 1;
    const { step } = breakdown;
    if (step !== null && step >= 0 && step <= last) return [];
    const why =
      order === 'ANY'
        ? 'In any order only the first step done can give the value: 0'
        : `The step that gives the value is 0 to ${last}`;
    return [{ field: 'breakdown.step', message: `${why}; not ${step ?? 'absent'}.` }];
  },
};

const heldProperties: Rule<FunnelQuery> = {
  code: 'HELD_PROPERTIES',
  check: ({ holdConstant }) =>
    holdConstant.length <= MAX_HELD
      ? []
      : [{ field: 'holdConstant', message: `Up to ${MAX_HELD} properties can be held constant.` }],
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
