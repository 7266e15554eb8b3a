// The months the overview's cohorts cover. Pure: the time is given.
import { instantOf } from '../../state/zone.ts';

/** The instant at which the month `back` months before the present one began, in the zone. */
export function monthStart(now: number, back: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit' }).format(now);
  const [year = 1970, month = 1] = parts.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 - back, 1)).toISOString().slice(0, 10);
  return instantOf(first, timeZone);
}
