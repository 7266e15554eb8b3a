/** Events as they arrive, with the customers they belong to. */
import type { FeedQuery } from '../../live/feed.ts';
import { normaliseMatch } from '../../query/event-match.ts';
import type { EventMatchRequest } from '../../query/event-match.ts';
import { inputError } from '../../query/problem.ts';
import type { InsightScope } from '../scope.ts';
import { customerEvent } from './customers.service.ts';
import type { CustomerEvent } from './customers.service.ts';
import { compileFeed, storeClock } from './feed.sql.ts';
import { customersOf } from './people.ts';

const MAX_RATE = 200;
/** How far each look reaches back behind the one before. */
const OVERLAP_MS = 2_000;

/** `scopeOf` gives the scope of one look: identities may have been joined since the last. */
export function eventFeed(
  request: EventMatchRequest | null | undefined,
  maxPerSecond: number,
  scopeOf: (signal: AbortSignal) => InsightScope,
  vocabulary: InsightScope['compile']['vocabulary'],
): FeedQuery<CustomerEvent> {
  const match = normaliseMatch(request, vocabulary, 'match');
  if (!Number.isInteger(maxPerSecond) || maxPerSecond < 1 || maxPerSecond > MAX_RATE) {
    throw inputError('maxPerSecond', 'BAD_RATE', `\`maxPerSecond\` is 1 to ${MAX_RATE}.`);
  }
  let sinceMs = 0;
  /** Ids of the overlap, with when they were received. */
  const known = new Map<string, number>();
  return {
    key: JSON.stringify([match, maxPerSecond]),
    maxPerSecond,
    async begin(signal) {
      const { rows } = await scopeOf(signal).engine.query(storeClock, { signal });
      sinceMs = rows[0]?.now_ms ?? 0;
    },
    async next(most, signal) {
      const scope = scopeOf(signal);
      const query = compileFeed(match, sinceMs, [...known.keys()], most, scope.compile);
      const { rows } = await scope.engine.query(query, { signal });
      for (const row of rows) known.set(row.event_id, row.received_ms);
      const newest = Math.max(sinceMs, ...rows.map((row) => row.received_ms - OVERLAP_MS));
      sinceMs = newest;
      for (const [id, received] of known) if (received < newest) known.delete(id);
      const customers = await customersOf(
        rows.map((row) => row.key),
        scope,
      );
      return rows.flatMap((row) => {
        const customer = customers.get(row.key);
        return customer ? [customerEvent(row, customer)] : [];
      });
    },
  };
}
