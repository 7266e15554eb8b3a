/**
 * Statements over rejected events. The newest come first, which is the table's own order backwards, so that a
 * page reads a page however many there are. Pure.
 */
import { and, int, or, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';

export interface RejectedFilter {
  /** A reason, or a kind of reasons as `rejectedReasons` has them. */
  readonly reason: string | null;
  /** Text anywhere in the reason, the source or the payload, whatever the case. */
  readonly search: string | null;
}

export interface RejectedRow {
  readonly id: string;
  readonly received_ms: number;
  readonly reason: string;
  readonly payload: string;
  readonly source: string;
  readonly replayed_ms: number;
}

/** Those that were replayed are gone from this row on, though theirs may still stand. */
const isThere = sql`rejected_events.id NOT IN (SELECT rejected_left.id FROM rejected_left)`;

const asNumbers = sql`SETTINGS output_format_json_quote_64bit_integers = 0`;

/** What a page's rows have to meet, whichever page. */
function chosen({ reason, search }: RejectedFilter): Sql {
  const ofReason = param.string(reason ?? '');
  return and([
    isThere,
    ...(reason === null ? [] : [sql`reason = ${ofReason} OR kind = ${ofReason}`]),
    ...(search === null ? [] : [or(TEXTS.map((text) => contains(text, search)))]),
  ]);
}

const TEXTS = [sql`reason`, sql`source`, sql`payload`];

function contains(text: Sql, search: string): Sql {
  return sql`positionCaseInsensitiveUTF8(${text}, ${param.string(search)}) > 0`;
}

/** One more than `first`, which tells whether there is a next page. `after`: milliseconds and id. */
export function compilePage(
  filter: RejectedFilter,
  first: number,
  after: readonly string[] | null,
): SqlQuery<RejectedRow> {
  const [ms, id] = after ?? [];
  const at = param.time(Number(ms ?? 0));
  const later =
    ms === undefined || id === undefined
      ? sql`1`
      : sql`received_at <= ${at} AND (received_at < ${at} OR rejected_events.id < toUUID(${param.string(id)}))`;
  return {
    name: 'rejected.page',
    isVolatile: true,
    sql: sql`SELECT toString(rejected_events.id) AS id, toUnixTimestamp64Milli(received_at) AS received_ms, reason, payload, source,
  toUnixTimestamp64Milli(replayed_at) AS replayed_ms
FROM rejected_events
WHERE ${chosen(filter)} AND ${later}
ORDER BY received_at DESC, rejected_events.id DESC, replayed_at DESC
LIMIT 1 BY rejected_events.id
LIMIT ${int(first + 1)}
${asNumbers}`,
  };
}

export function compileCount(filter: RejectedFilter): SqlQuery<{ total: number }> {
  return {
    name: 'rejected.count',
    isVolatile: true,
    sql: sql`SELECT count() AS total FROM rejected_events WHERE ${chosen(filter)} ${asNumbers}`,
  };
}

export interface ReasonRow {
  readonly kind: string;
  readonly rejected: number;
  readonly last_ms: number;
}

export function compileReasons(first: number): SqlQuery<ReasonRow> {
  return {
    name: 'rejected.reasons',
    isVolatile: true,
    sql: sql`SELECT kind, count() AS rejected, toUnixTimestamp64Milli(max(received_at)) AS last_ms
FROM rejected_events WHERE ${isThere}
GROUP BY kind ORDER BY rejected DESC, kind LIMIT ${int(first)}
${asNumbers}`,
  };
}

/** A row as it stands, to be written again; with its instant in milliseconds. */
export interface KeptRow {
  readonly id: string;
  readonly reason: string;
  readonly payload: string;
  readonly source: string;
  readonly received_ms: string;
  readonly [column: string]: unknown;
}

/** The rows with these ids; those that were replayed are not there any more. */
export function compileKept(ids: Sql): SqlQuery<KeptRow> {
  return {
    name: 'rejected.kept',
    isVolatile: true,
    sql: sql`SELECT *, toUnixTimestamp64Milli(received_at) AS received_ms FROM rejected_events
WHERE rejected_events.id IN (SELECT toUUID(arrayJoin(${ids}))) AND ${isThere}
ORDER BY replayed_at DESC LIMIT 1 BY rejected_events.id`,
  };
}

/** Those of the ids that are in the list. */
export function compileThere(ids: Sql): SqlQuery<{ id: string }> {
  return {
    name: 'rejected.there',
    isVolatile: true,
    sql: sql`SELECT DISTINCT toString(rejected_events.id) AS id FROM rejected_events
WHERE rejected_events.id IN (SELECT toUUID(arrayJoin(${ids}))) AND ${isThere}`,
  };
}

/** Those of the ids that were replayed. */
export function compileLeft(ids: Sql): SqlQuery<{ id: string }> {
  return {
    name: 'rejected.left',
    isVolatile: true,
    sql: sql`SELECT DISTINCT toString(rejected_left.id) AS id FROM rejected_left
WHERE rejected_left.id IN (SELECT toUUID(arrayJoin(${ids})))`,
  };
}

/** Takes away the rows of those that were replayed. */
export const dropLeft = sql`DELETE FROM rejected_events WHERE id IN (SELECT id FROM rejected_left)
SETTINGS lightweight_deletes_sync = 2`;

/** Takes away rows that were written again with another reason. */
export const dropOlder = sql`DELETE FROM rejected_events WHERE (id, replayed_at) IN (
  SELECT id, min(replayed_at) FROM rejected_events
  WHERE id IN (SELECT id FROM rejected_events WHERE replayed_at != toDateTime64(0, 3, 'UTC'))
  GROUP BY id HAVING count() > 1
)
SETTINGS lightweight_deletes_sync = 2`;
