/** Parts of an answer's definition: how a range and a selection read in a plain English sentence. */
import { DateTime } from 'luxon';
import type { Audience } from './audience.ts';
import { noFilter } from './filter.ts';
import type { Filter } from './filter.ts';
import type { TimeRange } from './time-range.ts';

/** "from 2026-01-01 00:00 to before 2026-02-01 00:00 (Europe/Berlin, weeks begin on Monday)". */
export function rangeInWords(range: TimeRange): string {
  const day = range.weekStart.charAt(0) + range.weekStart.slice(1).toLowerCase();
  return `from ${instant(range.fromMs, range)} to before ${instant(range.toMs, range)} (${range.timeZone}, weeks begin on ${day})`;
}

function instant(ms: number, { timeZone }: TimeRange): string {
  return DateTime.fromMillis(ms, { zone: timeZone }).toFormat('yyyy-LL-dd HH:mm');
}

/** ", counting only events that pass the filter, of customers in the audience"; nothing where all count. */
export function selectionInWords(where: Filter, audience: Audience | null): string {
  const events = where === noFilter ? '' : ', counting only events that pass the filter';
  return `${events}${audience ? ', of customers in the audience' : ''}`;
}
