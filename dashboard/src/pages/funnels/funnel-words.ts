// What a funnel counts, in one sentence of the viewer's language: its order and window, then whatever else was
// chosen. The server says the same in English with all its defaults (`meta.definition`).
import { fmt } from '../../format/fmt.svelte.ts';
import { propertyName } from '../../i18n/named.ts';
import { t } from '../../i18n/text.svelte.ts';
import { conditionText } from '../../selection/condition-text.ts';
import { windowSeconds } from '../../selection/iso-duration.ts';
import { isComplete } from '../../selection/match.ts';
import type { Match } from '../../selection/match.ts';
import { matchName } from '../../selection/vocabulary.svelte.ts';
import type { Vocabulary } from '../../selection/vocabulary.svelte.ts';
import { exclusionsWithin, isSkippable } from './funnel-state.ts';
import type { FunnelState, Step } from './funnel-state.ts';

/** The sentence; `filtered` are the filters of the page as a phrase. Reactive through the dictionary. */
export function funnelSentence(
  funnel: FunnelState,
  steps: readonly Step[],
  stages: Vocabulary['stages'],
  filtered: string,
): string {
  const words = t().funnels;
  const { and, comma } = t().selection;
  const name = (step: Match | undefined) => (step ? matchName(step, stages) : '');
  const filterOf = (match: Match) => (match.where ?? []).filter(isComplete).map(conditionText).join(and);
  const skippable = steps.filter((step, i) => isSkippable(step, i, funnel.order));
  const parts = [
    words.definition[funnel.order](fmt().duration(windowSeconds(funnel.window))),
    ...(skippable.length
      ? [words.clause.optional(skippable.map((step) => `“${name(step)}”`).join(and))]
      : []),
    ...steps.flatMap((step) => (step.occurrence ? [words.clause[step.occurrence](name(step))] : [])),
    ...exclusionsWithin(funnel.exclude, steps.length).map(({ match, fromStep, toStep }) => {
      const filter = filterOf(match);
      const what = filter ? `“${name(match)}” (${filter})` : `“${name(match)}”`;
      return words.clause.exclude(what, name(steps[fromStep]), name(steps[toStep]));
    }),
    ...(funnel.hold.length ? [words.clause.hold(funnel.hold.map(propertyName).join(and))] : []),
    ...(filtered ? [words.clause.only(filtered)] : []),
  ];
  return parts.join(comma);
}
