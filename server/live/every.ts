/** How often a live answer may be sent again: the argument `every` of subscriptions. */
import { parseDuration } from '../query/duration.ts';
import { inputError } from '../query/problem.ts';

const SHORTEST_EVERY_MS = 100;

/** Milliseconds; a second unless given. Throws InputError. */
export function everyMsOf(every: unknown): number {
  const { months, ms } = parseDuration(typeof every === 'string' ? every : 'PT1S', 'every');
  if (months === 0 && ms >= SHORTEST_EVERY_MS && ms <= 86_400_000) return ms;
  throw inputError('every', 'BAD_EVERY', '`every` is PT0.1S to PT24H.');
}
