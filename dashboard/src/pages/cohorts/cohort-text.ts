// Values of the heat map, its means and its columns as the viewer reads them; reactive through the formats.
import { fmt } from '../../format/fmt.svelte.ts';
import { t } from '../../i18n/text.svelte.ts';
import { spanOf } from './cohort-state.ts';
import type { CohortInterval, Shown } from './cohort-state.ts';

/** How much room there is: in the cells of a wide heat map less than in a sentence. */
export type Room = 'long' | 'short' | 'tight';

/** A cell's value. */
export function valueText(value: number | null, show: Shown, room: Room = 'long'): string {
  if (value === null) return '–';
  if (show === 'rate') return fmt().percent(value, room === 'tight' ? 0 : 1);
  if (show === 'customers') return room === 'long' ? fmt().count(value) : fmt().compact(value);
  if (show === 'events') return fmt().decimal(value, room === 'tight' ? 1 : 2);
  if (room === 'long') return fmt().money(value);
  return Math.abs(value) < 10_000 ? fmt().money(value, Math.abs(value) >= 10) : fmt().moneyCompact(value);
}

/** A mean: of counts it is a share. */
export const meanText = (value: number, show: Shown, room: Room = 'long'): string =>
  valueText(value, show === 'customers' ? 'rate' : show, room);

/** "month 3"; with brackets "month 4 to 7". */
export function periodText(period: number, interval: CohortInterval, brackets: readonly number[]): string {
  return t().cohorts.period[interval](columnText(period, brackets));
}

/** "3"; with brackets "4–7". */
export function columnText(period: number, brackets: readonly number[]): string {
  const { from, to } = spanOf(period, brackets);
  return from === to ? fmt().count(from) : `${fmt().count(from)}–${fmt().count(to)}`;
}
