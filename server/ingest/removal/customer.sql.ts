/**
 * What is kept of a customer besides events, and how it leaves. Whom it is about stands in `removing_customers`
 * and never in a statement that changes tables: ClickHouse keeps the texts of those. Pure.
 */
import { int, param, sql } from '../../query/sql.ts';
import type { Sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import { listedCustomers } from './events.sql.ts';

/** The id, the customer that it leads to, and every id that leads to either. */
export function idsOf(id: string): SqlQuery<{ customer_id: string }> {
  return {
    name: 'removal.ids',
    sql: sql`WITH
  own AS (SELECT cityHash64(${param.string(id)}) AS key),
  ends AS (SELECT identities.customer_key AS key FROM identities FINAL WHERE alias_key IN (SELECT key FROM own)),
  heads AS (SELECT key FROM own UNION ALL SELECT key FROM ends)
SELECT DISTINCT customer_id FROM (
  SELECT ${param.string(id)} AS customer_id
  UNION ALL
  SELECT arrayJoin([alias, identities.customer_id]) AS customer_id FROM identities FINAL
  WHERE alias_key IN (SELECT key FROM heads) OR identities.customer_key IN (SELECT key FROM heads)
)
ORDER BY customer_id`,
  };
}

export function listedIdsOf(removalId: number): SqlQuery<{ customer_id: string }> {
  return {
    name: 'removal.listed_ids',
    sql: sql`SELECT DISTINCT customer_id FROM removing_customers WHERE removal_id = ${int(removalId)} ORDER BY customer_id`,
  };
}

/** A table that keeps something of customers: which rows, and under which name the receipt counts them. */
export interface Keeping {
  readonly counted: 'traits' | 'identities' | 'audiences' | 'rejectedEvents' | 'importRows' | null;
  /** Its rows of the customer, counted. */
  readonly count: SqlQuery<{ found: string }>;
  readonly remove: readonly Sql[];
}

export function keepings(removalId: number): readonly Keeping[] {
  const keys = listedCustomers(removalId);
  const ids = sql`SELECT customer_id FROM removing_customers WHERE removal_id = ${int(removalId)}`;
  const keeping = (counted: Keeping['counted'], table: Sql, which: Sql, count = sql`count()`): Keeping => ({
    counted,
    count: { name: 'removal.count', sql: sql`SELECT ${count} AS found FROM ${table} WHERE ${which}` },
    remove: [sql`ALTER TABLE ${table} DELETE WHERE ${which} SETTINGS mutations_sync = 1`],
  });
  // Rows are wide: masked first, and written anew in the background.
  const masked = (counted: Keeping['counted'], table: Sql, which: Sql): Keeping => ({
    ...keeping(counted, table, which),
    remove: [
      sql`DELETE FROM ${table} WHERE ${which} SETTINGS lightweight_deletes_sync = 1`,
      sql`ALTER TABLE ${table} APPLY DELETED MASK SETTINGS mutations_sync = 0`,
    ],
  });
  const rejected = sql`id IN (SELECT id FROM removing_rejected WHERE removal_id = ${int(removalId)})`;
  return [
    masked('traits', sql`customer_traits`, sql`customer_key IN (${keys})`),
    keeping('audiences', sql`audience_members`, sql`customer_key IN (${keys})`, sql`uniqExact(members_id)`),
    keeping('rejectedEvents', sql`rejected_events`, rejected),
    keeping('importRows', sql`import_rows`, sql`customer_id IN (${ids}) OR ${mentions(sql`raw`, removalId)}`),
    // What is known of moves; the log of webhooks says nothing of customers.
    keeping(null, sql`movements`, sql`customer_key IN (${keys})`),
    keeping(null, sql`standings`, sql`customer_key IN (${keys})`),
    keeping(null, sql`standing_dues`, sql`customer_key IN (${keys})`),
    // What arrived within the hour.
    keeping(null, sql`arrived`, sql`customer_key IN (${keys})`),
    keeping(null, sql`arrived_joins`, sql`alias_key IN (${keys}) OR customer_key IN (${keys})`),
    // Last of all: by these an id is known to be the customer's.
    keeping('identities', sql`identities`, sql`alias_key IN (${keys}) OR customer_key IN (${keys})`),
  ];
}

/** Every text that JSON has in quotes, as it stands there. */
const QUOTED = param.string('"(?:[^"\\\\]|\\\\.)*"');
/** Names of fields that hold an id, with a number for a value. */
const NUMBERED = param.string(
  '(?i)"[a-z_]*(?:customer|user|member|client|visitor|anonymous|previous|distinct|device)_?(?:id)?"\\s*:\\s*(\\d+)\\s*[,}\\]]',
);
/** The cells of a line that is no JSON. */
const CELLS = param.string('[^,;\\t"\\r\\n]+');

/** Whether a text has one of the ids as a whole: as a text in JSON, as a number in a field for ids, as a cell. */
function mentions(text: Sql, removalId: number): Sql {
  const ids = sql`(SELECT groupUniqArray(customer_id) FROM removing_customers WHERE removal_id = ${int(removalId)})`;
  const quoted = sql`arrayMap(quoted -> JSONExtractString(quoted), extractAll(${text}, ${QUOTED}))`;
  return sql`(hasAny(${quoted}, ${ids}) OR hasAny(extractAll(${text}, ${NUMBERED}), ${ids})
  OR (NOT startsWith(trimLeft(${text}), '{') AND hasAny(arrayMap(cell -> trimBoth(cell), extractAll(${text}, ${CELLS})), ${ids})))`;
}

export function listRejected(removalId: number): Sql {
  return sql`INSERT INTO removing_rejected (removal_id, id)
SELECT ${int(removalId)}, id FROM rejected_events
WHERE ${mentions(sql`payload`, removalId)} OR ${mentions(sql`reason`, removalId)}`;
}

/** Saved audiences whose rules or earlier rules name one of the ids. */
export function naming(removalId: number): SqlQuery<{ id: string }> {
  return {
    name: 'removal.audiences',
    sql: sql`SELECT DISTINCT id FROM audiences WHERE ${mentions(sql`definition`, removalId)} ORDER BY id`,
  };
}

/** What stands in an audience's rule in the place of who was erased. */
export const ERASED = '(erased)';

/** The newest row of the audience once more, with this definition; then all before it go. */
export function replaceDefinition(audienceId: string, definition: string): readonly Sql[] {
  const which = sql`id = ${param.string(audienceId)}`;
  return [
    sql`INSERT INTO audiences (id, name, definition, members_id, is_deleted, created_at, version)
SELECT id, name, ${param.string(definition)}, members_id, is_deleted, created_at, version + 1
FROM audiences FINAL WHERE ${which}`,
    sql`ALTER TABLE audiences DELETE WHERE ${which}
  AND version < (SELECT max(version) FROM audiences WHERE ${which}) SETTINGS mutations_sync = 1`,
  ];
}

export function definitionOf(audienceId: string): SqlQuery<{ definition: string }> {
  return {
    name: 'removal.definition',
    sql: sql`SELECT definition FROM audiences FINAL WHERE id = ${param.string(audienceId)}`,
  };
}

/** Saved reports whose questions or pages, or earlier ones, name one of the ids. */
export function namingReports(removalId: number): SqlQuery<{ id: string }> {
  return {
    name: 'removal.reports',
    sql: sql`SELECT DISTINCT id FROM reports
WHERE ${mentions(sql`input`, removalId)} OR ${mentions(sql`view`, removalId)} ORDER BY id`,
  };
}

/** The newest row of the report once more, with this question and page; then all before it go. */
export function replaceQuestion(reportId: string, input: string, view: string): readonly Sql[] {
  const which = sql`id = ${param.string(reportId)}`;
  return [
    sql`INSERT INTO reports (id, name, kind, input, view, place, is_deleted, created_at, updated_at, version)
SELECT id, name, kind, ${param.string(input)}, ${param.string(view)}, place, is_deleted, created_at, updated_at, version + 1
FROM reports FINAL WHERE ${which}`,
    sql`ALTER TABLE reports DELETE WHERE ${which}
  AND version < (SELECT max(version) FROM reports WHERE ${which}) SETTINGS mutations_sync = 1`,
  ];
}

export function questionOf(reportId: string): SqlQuery<{ input: string; view: string }> {
  return {
    name: 'removal.question',
    sql: sql`SELECT input, view FROM reports FINAL WHERE id = ${param.string(reportId)}`,
  };
}

/** Published journey maps, earlier ones too, that name one of the ids. */
export function namingMaps(removalId: number): SqlQuery<{ version: number; map: string }> {
  return {
    name: 'removal.maps',
    sql: sql`SELECT version, map FROM journey_maps WHERE ${mentions(sql`map`, removalId)} ORDER BY version`,
  };
}

export function replaceMap(version: number, map: string): Sql {
  return sql`ALTER TABLE journey_maps UPDATE map = ${param.string(map)}
WHERE version = ${int(version)} SETTINGS mutations_sync = 1`;
}
