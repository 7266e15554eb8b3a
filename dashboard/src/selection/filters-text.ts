// The filters in force as one phrase, for sentences and for television.
import { t } from '../i18n/text.svelte.ts';
import { audienceText } from './audience-text.ts';
import { conditionText } from './condition-text.ts';
import { filters } from './filters.svelte.ts';
import { isComplete } from './match.ts';
import { audienceName } from './saved-audiences.svelte.ts';
import type { Vocabulary } from './vocabulary.svelte.ts';

/** "channel is Web; customers now Loyal"; empty where nothing is filtered. Reactive. */
export function filtersText(vocabulary: Pick<Vocabulary, 'stages' | 'lifecycle'>): string {
  const { audience } = filters;
  return [
    ...filters.where.filter(isComplete).map(conditionText),
    ...audienceText(audience, vocabulary, audienceName),
  ].join(t().selection.comma);
}
