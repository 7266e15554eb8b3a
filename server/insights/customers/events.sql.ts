/** One customer's events, newest first. */
import { compileMatch } from '../../query/event-match.ts';
import type { EventMatch } from '../../query/event-match.ts';
import { eventsTable } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import type { PageRequest } from '../../query/page.ts';
import { rowsOf } from '../../query/keyed.ts';
import { and, int, param, sql } from '../../query/sql.ts';
import type { Sql, SqlQuery } from '../../query/sql.ts';
import { numbersAsNumbers } from './customers.sql.ts';

export interface EventRow {
  readonly event_id: string;
  readonly event: string;
  readonly time_ms: number;
  readonly received_ms: number;
  readonly channel: string;
  readonly order_id: string;
  readonly amount: number | null;
  readonly session_id: string;
  /** JSON text. */
  readonly properties: string;
}

/** The columns of EventRow. */
export const eventColumns = sql`event_id, event, toFloat64(toUnixTimestamp64Milli(time)) AS time_ms,
  toFloat64(toUnixTimestamp64Milli(received_at)) AS received_ms, channel, order_id, toFloat64(revenue) AS amount,
  session_id, toJSONString(properties) AS properties`;

/** Sort values of the cursor: time in milliseconds, id. One row more than asked for. */
export function compileEventPage(
  customerKey: string,
  match: EventMatch,
  page: PageRequest,
  scope: CompileScope,
): SqlQuery<EventRow> {
  const conditions = [conditionOn(customerKey, match, scope)];
  if (page.after) {
    const [time = '0', id = ''] = page.after;
    conditions.push(sql`(time, event_id) < (${param.time(Number(time))}, ${param.string(id)})`);
  }
  return {
    name: 'customer_events',
    isLight: true,
    sql: sql`SELECT ${eventColumns}
FROM ${eventsTable(scope)} WHERE ${and(conditions)}
ORDER BY time DESC, event_id DESC LIMIT ${int(page.first + 1)}
${numbersAsNumbers}`,
  };
}

export function compileEventCount(
  customerKey: string,
  match: EventMatch,
  scope: CompileScope,
): SqlQuery<{ total: string }> {
  return {
    name: 'customer_event_count',
    isLight: true,
    sql: sql`SELECT count() AS total FROM ${eventsTable(scope)} WHERE ${conditionOn(customerKey, match, scope)}`,
  };
}

/** A condition on a row of events: the customer's, and those that match. */
function conditionOn(customerKey: string, match: EventMatch, scope: CompileScope): Sql {
  return and([rowsOf([customerKey], scope), compileMatch(match, scope.vocabulary)]);
}
