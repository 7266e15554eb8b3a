/** Changes that no answer goes by (notes, keys, rows that landed): they stand where no event can be. */
import type { Change, EventSpan } from './span.ts';
import { LATEST_MS } from './time-range.ts';

/** As the migrations 0024 and 0029 say it. */
export const BESIDE_EVENTS: EventSpan = { fromMs: LATEST_MS, toMs: LATEST_MS + 1 };

/** Whether more than events may have changed. */
export function tellsOfMore(change: Change): boolean {
  return change === null || change.some(({ toMs }) => toMs > LATEST_MS);
}
