// What the paths and the credit count, in one sentence each, with every option that was set; reactive through the
// dictionary. The server says the same in English with all its defaults (`meta.definition`).
import { fmt } from '../../format/fmt.svelte.ts';
import { t } from '../../i18n/text.svelte.ts';
import { isoSeconds } from '../../selection/iso-duration.ts';
import { matchText, rangeText } from '../../selection/match-text.ts';
import type { Match } from '../../selection/match.ts';
import type { Vocabulary } from '../../selection/vocabulary.svelte.ts';
import type { JourneyState } from './journey-state.ts';

type Stages = Vocabulary['stages'];

/** `visits` as text; `read` names a step; `filtered` are the filters of the page as a phrase. */
export function pathsSentence(
  asked: JourneyState,
  visits: string,
  read: (name: string) => string,
  stages: Stages,
  filtered: string,
): string {
  const words = t().building.sentence;
  const { paths } = t().journey;
  const { and, comma, only } = t().selection;
  const what = asked.node === 'PROPERTY' ? paths.overProperty(asked.property ?? '') : paths.over[asked.node];
  const named = (names: readonly string[]) => names.map((name) => `“${read(name)}”`).join(and);
  const head = [
    words.visits(visits, what),
    rangeText(),
    ...(asked.startAt === null ? [] : [words.from(read(asked.startAt))]),
    ...(asked.endAt === null ? [] : [words.upTo(read(asked.endAt))]),
  ];
  return [
    head.join(t().building.comma),
    words.steps(fmt().count(asked.steps), fmt().count(asked.edges)),
    words.gap(fmt().duration(isoSeconds(asked.gap))),
    ...(asked.match ? [words.taking(matchText(asked.match, stages))] : []),
    ...(asked.exclude.length ? [words.without(named(asked.exclude))] : []),
    ...(asked.groups.length ? [words.grouped(asked.groups.join(and))] : []),
    ...(asked.fewest === null ? [] : [words.walked.least(fmt().count(asked.fewest))]),
    ...(asked.most === null ? [] : [words.walked.most(fmt().count(asked.most))]),
    words.widths,
    ...(filtered ? [only(filtered)] : []),
  ].join(comma);
}

/** `by` names what the touchpoints are divided by. */
export function creditSentence(
  asked: JourneyState,
  conversion: Match,
  by: string,
  stages: Stages,
  filtered: string,
): string {
  const words = t().building.sentence;
  const { credit } = t().journey;
  const { comma, only } = t().selection;
  const time = fmt().duration(isoSeconds(asked.lookback));
  const touchpoints = asked.touchpoints ? matchText(asked.touchpoints, stages) : words.anyTouchpoint;
  return [
    words.credit(matchText(conversion, stages), by, touchpoints, time),
    words.models(asked.models.map((model) => credit.model[model]).join(t().building.comma)),
    words.converted(rangeText()),
    ...(filtered ? [only(filtered)] : []),
  ].join(comma);
}
