// The values of a breakdown as the viewer reads them.
import { t } from '../i18n/text.svelte.ts';
import type { SeriesKey } from './breakdown.ts';
import { valueName } from './condition-text.ts';

/** "Web", "Web, DE", "(not set)", "Other"; reactive through the dictionary. */
export function seriesName({ values, isOther }: SeriesKey, properties: readonly string[]): string {
  if (isOther) return t().common.other;
  return values.map((value, i) => valueName(properties[i] ?? '', value)).join(' · ');
}
