/** The log of moves and what follows from it, in SQL. Pure. */
import { and, int, param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';
import { KEPT_DAYS } from './movement.ts';
import type { MoveFilter, Position } from './movement.ts';

const numbers = sql`SETTINGS output_format_json_quote_64bit_integers = 0`;

export interface PositionRow {
  readonly batch: number;
  readonly n: number;
  readonly writer: string;
}

/** Where the log ends. */
export const newest: SqlQuery<PositionRow> = {
  name: 'automation.newest',
  isLight: true,
  isVolatile: true,
  sql: sql`SELECT batch, n, writer FROM movements ORDER BY batch DESC, n DESC LIMIT 1 ${numbers}`,
};

export function writerOf(batch: number): SqlQuery<{ writer: string }> {
  return {
    name: 'automation.writer',
    isLight: true,
    isVolatile: true,
    sql: sql`SELECT writer FROM movements WHERE batch = ${param.uint64(batch)} LIMIT 1`,
  };
}

export interface MoveRow {
  readonly batch: number;
  readonly n: number;
  readonly key: string;
  readonly before: string;
  readonly after: string;
  readonly at_ms: number;
}

/** Moves after a place, in order. Ids joined since lead to the customer that they are joined to. */
export function movesAfter({ batch, n }: Position, filter: MoveFilter, most: number): SqlQuery<MoveRow> {
  const from = param.uint64(batch);
  const conditions = [
    sql`movements.batch >= ${from}`,
    sql`movements.batch > ${from} OR movements.n > ${param.uint32(n)}`,
    sql`subject = ${param.string(filter.subject)}`,
    ...(filter.before === null ? [] : [sql`movements.before = ${param.string(filter.before)}`]),
    ...(filter.after === null ? [] : [sql`movements.after = ${param.string(filter.after)}`]),
  ];
  return {
    name: 'automation.moves',
    isLight: true,
    isVolatile: true,
    sql: sql`SELECT batch, n, toString(${resolved(sql`movements.customer_key`)}) AS key, before, after,
  toFloat64(toUnixTimestamp64Milli(at)) AS at_ms
FROM movements WHERE ${and(conditions)} ORDER BY batch, n LIMIT ${int(most)} ${numbers}`,
  };
}

export function resolved(key: Sql): Sql {
  return sql`dictGetOrDefault('identity_keys', 'customer_key', ${key}, ${key})`;
}

/**
 * What the log says from a batch on is where customers stand. Who leaves an audience has left it under all joined
 * ids; so a join later does not make them a member that was there before.
 */
export function applyFrom(batch: number): Sql {
  return sql`INSERT INTO standings (subject, customer_key, state, at, batch)
WITH told AS (
  SELECT movements.subject AS subject, movements.customer_key AS customer_key, argMax(after, (movements.batch, n)) AS state,
    argMax(movements.at, (movements.batch, n)) AS at, max(movements.batch) AS batch
  FROM movements WHERE movements.batch >= ${param.uint64(batch)} AND movements.subject != ''
  GROUP BY subject, customer_key
)
SELECT subject, customer_key, state, at, batch FROM told
UNION ALL
SELECT told.subject, aliases.alias_key, told.state, told.at, told.batch
FROM told INNER JOIN (
  SELECT alias_key, joined_identities.customer_key AS customer_key FROM joined_identities
  WHERE joined_identities.customer_key IN (SELECT customer_key FROM told WHERE state = 'out')
) AS aliases ON aliases.customer_key = told.customer_key
WHERE told.state = 'out' AND (told.subject, aliases.alias_key) IN (
  SELECT standings.subject, standings.customer_key FROM standings
  WHERE standings.subject IN (SELECT subject FROM told) AND standings.customer_key IN (
    SELECT alias_key FROM joined_identities
    WHERE joined_identities.customer_key IN (SELECT customer_key FROM told WHERE state = 'out')
  )
)`;
}

/** The last batch that was applied, in part or whole. */
export const lastApplied: SqlQuery<{ batch: number }> = {
  name: 'automation.applied',
  isVolatile: true,
  sql: sql`SELECT max(batch) AS batch FROM standings ${numbers}`,
};

export function duesUpTo(afterMs: number, upToMs: number): SqlQuery<{ key: string }> {
  return {
    name: 'automation.due',
    isLight: true,
    isVolatile: true,
    sql: sql`SELECT DISTINCT toString(${resolved(sql`standing_dues.customer_key`)}) AS key FROM standing_dues
WHERE due > ${param.time(afterMs)} AND due <= ${param.time(upToMs)}`,
  };
}

/** The first due moment after an instant; 0: none. The table is in their order. */
export function nextDue(afterMs: number): SqlQuery<{ due_ms: number }> {
  return {
    name: 'automation.next_due',
    isLight: true,
    isVolatile: true,
    sql: sql`SELECT toFloat64(toUnixTimestamp64Milli(due)) AS due_ms FROM standing_dues
WHERE due > ${param.time(afterMs)} ORDER BY due LIMIT 1`,
  };
}

export interface FollowedRow {
  readonly subject: string;
  readonly definition: string;
  readonly looked_ms: number;
  readonly term: number;
}

export const followedSubjects: SqlQuery<FollowedRow> = {
  name: 'automation.followed',
  isLight: true,
  isVolatile: true,
  sql: sql`SELECT subject, definition, toFloat64(toUnixTimestamp64Milli(looked_at)) AS looked_ms, term
FROM followed FINAL ${numbers}`,
};

/** What servers had subscribers for lately. */
export const needed: SqlQuery<{ subject: string }> = {
  name: 'automation.needed',
  isLight: true,
  isVolatile: true,
  sql: sql`SELECT DISTINCT subject FROM automation_needs WHERE at > now64(3) - toIntervalSecond(20)`,
};

/** The state where nothing was ever removed. */
export const NO_REMOVALS = '0';

/** Changes whenever a removal begins or ends. */
export const removalsState: SqlQuery<{ state: string }> = {
  name: 'automation.removals',
  isLight: true,
  isVolatile: true,
  sql: sql`SELECT toString(groupBitXor(cityHash64(removal_id, removals.state))) AS state FROM removals FINAL`,
};

/** Rows of customers who are no longer known under any id. */
export function forgetUnknown(): readonly Sql[] {
  const gone = sql`customer_key NOT IN (SELECT customer_key FROM customers)
  AND ${resolved(sql`customer_key`)} NOT IN (SELECT customer_key FROM customers) AND customer_key != 0`;
  return [sql`movements`, sql`standings`, sql`standing_dues`].map(
    (table) => sql`ALTER TABLE ${table} DELETE WHERE ${gone} SETTINGS mutations_sync = 1`,
  );
}

/** What nobody has followed for so long begins anew: as it is, told to nobody. */
export const FORGOTTEN_MS = 3 * KEPT_DAYS * 86_400_000;
