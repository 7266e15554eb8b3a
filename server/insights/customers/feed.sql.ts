/** Events as they arrive: those received since an instant of the store's clock, a fair sample past a number. */
import { compileMatch } from '../../query/event-match.ts';
import type { EventMatch } from '../../query/event-match.ts';
import { eventsTable } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { int, param, sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { numbersAsNumbers } from './customers.sql.ts';
import { eventColumns } from './events.sql.ts';
import type { EventRow } from './events.sql.ts';

export interface FeedRow extends EventRow {
  readonly key: string;
}

/** The store's clock, in milliseconds. */
export const storeClock: SqlQuery<{ now_ms: number }> = {
  name: 'feed_clock',
  isLight: true,
  isVolatile: true,
  sql: sql`SELECT toFloat64(toUnixTimestamp64Milli(now64(3))) AS now_ms ${numbersAsNumbers}`,
};

/**
 * Newest first. `known` are ids already seen: the look reaches back a little, since what was received first
 * may become visible later. What arrived lately says which times to look at, so that few parts are read.
 */
export function compileFeed(
  match: EventMatch,
  sinceMs: number,
  known: readonly string[],
  most: number,
  scope: CompileScope,
): SqlQuery<FeedRow> {
  const since = param.time(sinceMs);
  return {
    name: 'feed',
    isLight: true,
    isVolatile: true,
    sql: sql`SELECT * FROM (
SELECT toString(customer_key) AS key, ${eventColumns} FROM ${eventsTable(scope)}
WHERE received_at >= ${since} AND time >= (SELECT min(first_time) FROM arrivals WHERE at >= ${since} AND rows > 0)
  AND time <= (SELECT max(last_time) FROM arrivals WHERE at >= ${since} AND rows > 0)
  AND event_id NOT IN ${param.strings(known)} AND ${compileMatch(match, scope.vocabulary)}
ORDER BY sipHash64(event_id) LIMIT ${int(most)}
) ORDER BY received_ms, event_id
${numbersAsNumbers}`,
  };
}
