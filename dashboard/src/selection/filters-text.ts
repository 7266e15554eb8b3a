// The filters in force as one phrase, for sentences and for television.
import { t } from '../i18n/text.svelte.ts';
import { behaviourText, savedText, stagesText } from './audience-text.ts';
import { conditionText } from './condition-text.ts';
import { filters } from './filters.svelte.ts';
import { isComplete } from './match.ts';
import type { Vocabulary } from './vocabulary.svelte.ts';

/** "channel is Web; customers now Loyal"; empty where nothing is filtered. Reactive. */
export function filtersText(vocabulary: Pick<Vocabulary, 'stages' | 'lifecycle'>): string {
  const { audience } = filters;
  return [
    ...filters.where.filter(isComplete).map(conditionText),
    ...(audience.saved ? [savedText(undefined)] : []),
    ...(audience.stages.length ? [stagesText(audience.stages, vocabulary.lifecycle)] : []),
    ...audience.did
      .filter((behaviour) => behaviour.match)
      .map((behaviour) => behaviourText(behaviour, vocabulary.stages)),
  ].join(t().selection.comma);
}
