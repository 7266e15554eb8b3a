/** Events as they arrive: those received since an instant of the store's clock, a fair sample past a number. */
import { compileMatch } from '../../query/event-match.ts';
import type { EventMatch } from '../../query/event-match.ts';
import { eventsTable } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import { int, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
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

/** How much was received at which instant, since one; what arrived lately says which times to look at. */
export function compileReceived(sinceMs: number): SqlQuery<{ received_ms: number; events: number }> {
  return {
    name: 'feed_received',
    isLight: true,
    isVolatile: true,
    sql: sql`SELECT toFloat64(toUnixTimestamp64Milli(received_at)) AS received_ms, toFloat64(count()) AS events
FROM events WHERE ${receivedSince(sinceMs)} GROUP BY received_at`,
  };
}

/**
 * Of the events received at these instants as many as asked for, each with the same chance: those with the lowest
 * hashes. In order of time.
 */
export function compileFeed(
  match: EventMatch,
  received: { readonly sinceMs: number; readonly atMs: readonly number[]; readonly known: readonly string[] },
  most: number,
  scope: CompileScope,
): SqlQuery<FeedRow> {
  return {
    name: 'feed',
    isLight: true,
    isVolatile: true,
    sql: sql`SELECT * FROM (
SELECT toString(customer_key) AS key, ${eventColumns} FROM ${eventsTable(scope)}
WHERE ${receivedSince(received.sinceMs)} AND has(${param.times(received.atMs)}, received_at)
  AND event_id NOT IN ${param.strings(received.known)} AND ${compileMatch(match, scope.vocabulary)}
ORDER BY sipHash64(event_id) LIMIT ${int(most)}
) ORDER BY received_ms, event_id
${numbersAsNumbers}`,
  };
}

/** Few parts are read: those of the times that what arrived names. */
function receivedSince(sinceMs: number): Sql {
  const since = param.time(sinceMs);
  const arrived = sql`FROM arrived WHERE batch >= toUInt64(toUnixTimestamp64Nano(${since}))`;
  return sql`received_at >= ${since} AND time >= (SELECT min(arrived.time) ${arrived})
  AND time <= (SELECT max(arrived.time) ${arrived})`;
}
