// Which customers are looked at, in the viewer's words.
import { fmt } from '../format/fmt.svelte.ts';
import { stageName } from '../i18n/named.ts';
import { t } from '../i18n/text.svelte.ts';
import type { Behaviour } from './audience.ts';
import { conditionText } from './condition-text.ts';
import { isComplete } from './match.ts';
import { matchName } from './vocabulary.svelte.ts';
import type { Vocabulary } from './vocabulary.svelte.ts';

/** "customers in “Big spenders”"; without a name what it is about. */
export function savedText(name: string | undefined): string {
  const { who } = t().selection;
  return name ? who.inSaved(name) : who.savedTitle;
}

/** "now Loyal or At risk" */
export function stagesText(stages: readonly string[], known: Vocabulary['lifecycle']): string {
  const { who, or } = t().selection;
  const names = stages.map((key) =>
    stageName(known.find((stage) => stage.key === key) ?? { key, name: key }),
  );
  return names.length ? who.nowIn(names.join(or)) : who.inStageNow;
}

/** "did Order completed, 2 or more times in the last 30 days" */
export function behaviourText(behaviour: Behaviour, stages: Vocabulary['stages']): string {
  const { who, and } = t().selection;
  const { match, isNot, times, days } = behaviour;
  if (!match) return isNot ? who.didNot : who.did;
  const where = (match.where ?? []).filter(isComplete).map(conditionText).join(and);
  const what = where ? `${matchName(match, stages)} (${where})` : matchName(match, stages);
  const span = days === null ? '' : who.inLastDays(fmt().count(days));
  if (isNot) return who.didNotDo(what, span);
  return who.didDo(what, times > 1 ? who.times(fmt().count(times)) : '', span);
}
