// What a funnel counts, in one sentence of the viewer's language: its order and window, then whatever else was
// chosen. The server says the same in English with all its defaults (`meta.definition`).
import { fmt } from '../../format/fmt.svelte.ts';
import { propertyName } from '../../i18n/named.ts';
import { t } from '../../i18n/text.svelte.ts';
import { ATTRIBUTIONS } from '../../selection/breakdown.ts';
import { windowSeconds } from '../../selection/iso-duration.ts';
import { breakdownText, matchText, rangeText } from '../../selection/match-text.ts';
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
  const { sentence } = t().building;
  if (steps.length === 0) return '';
  const name = (step: Match | undefined) => (step ? matchName(step, stages) : '');
  const names = steps.map(name);
  const done = steps
    .map((step) => matchText(step, stages))
    .join(funnel.order === 'ANY' ? and : sentence.then);
  const skippable = steps.filter((step, i) => isSkippable(step, i, funnel.order));
  const attributed = funnel.order === 'ANY' ? names.slice(0, 1) : names;
  return [
    words.definition[funnel.order](done, fmt().duration(windowSeconds(funnel.window))),
    sentence.entered(rangeText()),
    ...(skippable.length
      ? [words.clause.optional(skippable.map((step) => `“${name(step)}”`).join(and))]
      : []),
    ...steps.flatMap((step) => (step.occurrence ? [words.clause[step.occurrence](name(step))] : [])),
    ...exclusionsWithin(funnel.exclude, steps.length).map(({ match, fromStep, toStep }) =>
      words.clause.exclude(matchText(match, stages), names[fromStep] ?? '', names[toStep] ?? ''),
    ),
    ...(funnel.hold.length ? [words.clause.hold(funnel.hold.map(propertyName).join(and))] : []),
    ...(funnel.breakdown ? breakdownText(funnel.breakdown, ATTRIBUTIONS, attributed) : []),
    ...(filtered ? [words.clause.only(filtered)] : []),
  ].join(comma);
}
