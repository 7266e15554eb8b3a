// Which customers are looked at, in the viewer's words; all of it reactive through the dictionary.
import { fmt } from '../format/fmt.svelte.ts';
import { stageName } from '../i18n/named.ts';
import { t } from '../i18n/text.svelte.ts';
import type { Audience, Behaviour, Part } from './audience.ts';
import { conditionText } from './condition-text.ts';
import { isComplete } from './match.ts';
import { partsOf } from './parts.ts';
import type { Place } from './parts.ts';
import { matchWords } from './vocabulary.svelte.ts';
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
  const { who, and, or } = t().selection;
  const { match, isNot, times, most, days } = behaviour;
  if (!match) return isNot ? who.didNot : who.did;
  const where = (match.where ?? []).filter(isComplete).map(conditionText);
  const name = matchWords(match, stages);
  const what = where.length ? `${name} (${where.join(match.isAnyEnough ? or : and)})` : name;
  const span = days === null ? '' : who.inLastDays(fmt().count(days));
  if (isNot) return who.didNotDo(what, span);
  return who.didDo(what, timesText(times, most), span);
}

/** ", 2 times or more", ", 3 times", ", at most 2 times"; nothing for once or more. */
function timesText(times: number, most: number | undefined): string {
  const { who } = t().selection;
  const { times: words } = t().building;
  if (most === undefined) return times > 1 ? who.times(fmt().count(times)) : '';
  if (times === most) return words.exactly(fmt().count(most));
  return times === 0 ? words.atMost(fmt().count(most)) : words.between(fmt().count(times), fmt().count(most));
}

/** One part of an audience; `nameOf` names saved ones by their id. */
export function partText(
  part: Part,
  known: Pick<Vocabulary, 'stages' | 'lifecycle'>,
  nameOf: (id: string) => string | undefined,
): string {
  if ('saved' in part) return savedText(part.saved ? nameOf(part.saved) : undefined);
  if ('stages' in part) return stagesText(part.stages, known.lifecycle);
  return behaviourText(part.did, known.stages);
}

/** The whole audience in words, part by part; empty for everybody. */
export function audienceText(
  audience: Audience,
  known: Pick<Vocabulary, 'stages' | 'lifecycle'>,
  nameOf: (id: string) => string | undefined,
): string[] {
  const { place } = t().building;
  const { or } = t().selection;
  const placed = partsOf(audience).filter(({ part }) => !('did' in part) || part.did.match);
  const texts = (wanted: Place) =>
    placed.filter((one) => one.place === wanted).map(({ part }) => partText(part, known, nameOf));
  const [any, none] = [texts('any'), texts('none')];
  return [
    ...texts('all'),
    ...(any.length ? [place.any(any.join(or))] : []),
    ...(none.length ? [place.none(none.join(or))] : []),
  ];
}
