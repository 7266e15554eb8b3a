/** The end of an attempt's window, as window.sql.ts says it: months are counted from the start, in UTC. Pure. */
import type { Span } from '../../../query/duration.ts';

/** The latest time (milliseconds since 1970 plus one) that counts for an attempt that began at `start`. */
export type WindowEnd = (start: number) => number;

export function windowEndOf({ months, ms }: Span): WindowEnd {
  if (months === 0) return (start) => start + ms;
  // Longer than all time: never closes, and is no date.
  if (months >= LONGEST_MONTHS) return () => Infinity;
  return (start) => addMonths(start - 1, months) + 1 + ms;
}

const LONGEST_MONTHS = 12 * 200;

/** The same day of a later month, its last one where it has no such day. */
function addMonths(atMs: number, months: number): number {
  const at = new Date(atMs);
  const month = at.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(at.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const day = Math.min(at.getUTCDate(), lastDay);
  return Date.UTC(at.getUTCFullYear(), month, day) + (atMs - Math.floor(atMs / DAY_MS) * DAY_MS);
}

const DAY_MS = 86_400_000;
