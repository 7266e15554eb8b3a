/** What an annotation must keep to. Pure. */
import { inputError } from '../query/problem.ts';
import { EARLIEST_MS, LATEST_MS } from '../query/time-range.ts';

const LONGEST_TEXT = 500;
const MOST_ANNOTATIONS = 5_000;

/** The text as it is kept: without spaces around it. */
export function checkText(text: string): string {
  const kept = text.trim();
  if (kept !== '' && [...kept].length <= LONGEST_TEXT) return kept;
  throw inputError('text', 'BAD_TEXT', `An annotation has 1 to ${LONGEST_TEXT} characters.`);
}

export function checkInstant(atMs: number): number {
  if (atMs >= EARLIEST_MS && atMs < LATEST_MS) return atMs;
  throw inputError('at', 'BAD_INSTANT', 'An annotation stands between 1970 and 2106.');
}

export function checkRoom(kept: number): void {
  if (kept < MOST_ANNOTATIONS) return;
  const message = `Up to ${MOST_ANNOTATIONS} annotations are kept; delete some that are no longer needed.`;
  throw inputError('text', 'TOO_MANY_ANNOTATIONS', message);
}
