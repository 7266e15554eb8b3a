// A match, the range and a breakdown as parts of a sentence; reactive through the dictionary.
import type { BreakdownAttribution } from '../api/generated.ts';
import { fmt } from '../format/fmt.svelte.ts';
import { propertyName } from '../i18n/named.ts';
import { t } from '../i18n/text.svelte.ts';
import { range } from '../state/range.svelte.ts';
import type { Breakdown } from './breakdown.ts';
import { conditionText } from './condition-text.ts';
import { isComplete } from './match.ts';
import type { Match } from './match.ts';
import { matchWords } from './vocabulary.svelte.ts';
import type { Vocabulary } from './vocabulary.svelte.ts';

/** “Product viewed” (channel is Web and price is greater than 5) */
export function matchText(match: Match, stages: Vocabulary['stages']): string {
  const { and, or } = t().selection;
  const conditions = (match.where ?? []).filter(isComplete).map(conditionText);
  const where = conditions.join(match.isAnyEnough ? or : and);
  const name = `“${matchWords(match, stages)}”`;
  return where ? `${name} (${where})` : name;
}

/** "in the last 30 days", "from Oct 1 to Oct 7" */
export function rangeText(): string {
  const words = t().building.sentence;
  const { dates, preset } = range;
  const day = (date: string) => fmt().period(`${date}T12:00:00Z`, 'DAY', true);
  if (dates) return words.dates(day(dates.from), day(dates.to));
  return preset ? words.range[preset] : '';
}

/**
 * "one answer for each of the 5 largest values of channel", and whose value a customer has where the analysis asks:
 * `steps` names those of a funnel.
 */
export function breakdownText(
  { properties, limit, attribution, step, of }: Breakdown,
  attributions: readonly BreakdownAttribution[] = [],
  steps: readonly string[] = [],
): string[] {
  const words = t().building.sentence;
  const by = words.by(properties.map(propertyName).join(t().selection.and), fmt().count(limit));
  if (of === 'CUSTOMER' || attributions.length === 0) return [by];
  const chosen = attributions.includes(attribution) ? attribution : 'FIRST_TOUCH';
  const whose =
    chosen === 'STEP'
      ? words.byStep(steps[Math.min(step, steps.length - 1)] ?? '')
      : words.byAttribution[chosen];
  return [by, whose];
}
