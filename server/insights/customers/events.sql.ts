/** Customers' events, newest first. */
import { compileMatch } from '../../query/event-match.ts';
import type { EventMatch } from '../../query/event-match.ts';
import { eventsTable } from '../../query/events.ts';
import type { CompileScope } from '../../query/events.ts';
import type { PageRequest } from '../../query/page.ts';
import { rowsOf } from '../../query/keyed.ts';
import { and, int, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
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
  const conditions = [conditionOn([customerKey], match, scope)];
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

export interface FirstEventRow extends EventRow {
  readonly key: string;
}

/**
 * The newest `most` events of each of several customers, as far as they happened since `sinceMs` (null: ever). Which
 * rows these are is told from narrow columns: properties are dear to read.
 */
export function compileFirstEvents(
  customerKeys: readonly string[],
  match: EventMatch,
  most: number,
  sinceMs: number | null,
  scope: CompileScope,
): SqlQuery<FirstEventRow> {
  const isLate = sinceMs === null ? sql`1` : sql`time >= ${param.time(sinceMs)}`;
  return {
    name: 'customers_first_events',
    isLight: true,
    sql: sql`SELECT toString(customer_key) AS key, ${eventColumns}
FROM ${eventsTable(scope)} WHERE ${and([rowsOf(customerKeys, scope), isLate])} AND (customer_key, time, event_id) IN (
  SELECT customer_key, time, event_id FROM ${eventsTable(scope)} WHERE ${and([conditionOn(customerKeys, match, scope), isLate])}
  ORDER BY customer_key, time DESC, event_id DESC LIMIT ${int(most)} BY customer_key
)
ORDER BY customer_key, time DESC, event_id DESC
${numbersAsNumbers}`,
  };
}

export interface EventCountRow {
  readonly key: string;
  readonly total: string;
}

export function compileEventCounts(
  customerKeys: readonly string[],
  match: EventMatch,
  scope: CompileScope,
): SqlQuery<EventCountRow> {
  return {
    name: 'customers_event_counts',
    isLight: true,
    sql: sql`SELECT toString(customer_key) AS key, count() AS total FROM ${eventsTable(scope)} WHERE ${conditionOn(customerKeys, match, scope)} GROUP BY customer_key`,
  };
}

/** A condition on a row of events: one of the customers', and one that matches. */
function conditionOn(customerKeys: readonly string[], match: EventMatch, scope: CompileScope): Sql {
  return and([rowsOf(customerKeys, scope), compileMatch(match, scope.vocabulary)]);
}
