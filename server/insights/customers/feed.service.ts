/** Events as they arrive, with the customers they belong to. */
import type { FeedQuery } from '../../live/feed.ts';
import { normaliseMatch } from '../../query/event-match.ts';
import type { EventMatchRequest } from '../../query/event-match.ts';
import { inputError } from '../../query/problem.ts';
import type { InsightScope } from '../scope.ts';
import { customerEvent } from './customers.service.ts';
import type { CustomerEvent } from './customers.service.ts';
import { compileFeed, compileReceived, storeClock } from './feed.sql.ts';
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
  /** How many events were received at each instant of the overlap, those that were left out too. */
  let counts = new Map<number, number>();
  /** Ids that were told of the overlap, with when they were received. */
  const known = new Map<string, number>();
  return {
    key: JSON.stringify([match, maxPerSecond]),
    maxPerSecond,
    async begin(signal) {
      const { rows } = await scopeOf(signal).engine.query(storeClock, { signal });
      sinceMs = rows[0]?.now_ms ?? 0;
      counts = new Map();
    },
    async next(most, signal) {
      const scope = scopeOf(signal);
      const received = await scope.engine.query(compileReceived(sinceMs), { signal });
      const fresh = received.rows.filter((row) => row.events > (counts.get(row.received_ms) ?? 0));
      if (fresh.length === 0) return [];
      const atMs = fresh.map((row) => row.received_ms);
      const query = compileFeed(match, { sinceMs, atMs, known: [...known.keys()] }, most, scope.compile);
      const { rows } = await scope.engine.query(query, { signal });
      for (const row of rows) known.set(row.event_id, row.received_ms);
      sinceMs = Math.max(sinceMs, Math.max(...atMs) - OVERLAP_MS);
      counts = new Map(received.rows.map((row) => [row.received_ms, row.events]));
      for (const [id, at] of known) if (at < sinceMs) known.delete(id);
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
