/** Saved audiences as they are kept in the engine. Holds no rule and no state. */
import type { Engine } from '../engine/port.ts';
import { customersTable } from '../query/events.ts';
import type { CompileScope, SavedAudience } from '../query/events.ts';
import { param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';

/** A saved audience with what only the library needs. */
export interface StoredAudience extends SavedAudience {
  readonly createdMs: number;
  /** Rises with every change. */
  readonly version: number;
}

interface AudienceRow {
  readonly id: string;
  readonly name: string;
  readonly definition: string;
  readonly members_id: string;
  readonly created_ms: string;
  readonly version: string;
}

/** Equal as long as nothing was saved or deleted, by whichever server. */
const stateQuery: SqlQuery<{ state: string }> = {
  name: 'library.audiences_state',
  sql: sql`SELECT toString(groupBitXor(cityHash64(id, version))) AS state FROM audiences FINAL`,
};

const audiencesQuery: SqlQuery<AudienceRow> = {
  name: 'library.audiences',
  sql: sql`SELECT id, name, definition, members_id, toString(toUnixTimestamp64Milli(created_at)) AS created_ms, version
FROM audiences FINAL WHERE NOT is_deleted ORDER BY created_at, id`,
};

const SECONDS = 5;

export async function readState(engine: Engine): Promise<string> {
  const { rows } = await engine.query(stateQuery, { maxSeconds: SECONDS });
  return rows[0]?.state ?? '';
}

export async function readAudiences(engine: Engine): Promise<readonly StoredAudience[]> {
  const { rows } = await engine.query(audiencesQuery, { maxSeconds: SECONDS });
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    definition: JSON.parse(row.definition) as object,
    membersId: row.members_id || null,
    createdMs: Number(row.created_ms),
    version: Number(row.version),
  }));
}

export async function writeAudience(
  engine: Engine,
  audience: StoredAudience,
  isDeleted: boolean,
): Promise<void> {
  const { id, name, definition, membersId, createdMs, version } = audience;
  const row = {
    id,
    name,
    definition: JSON.stringify(definition),
    members_id: membersId ?? '',
    is_deleted: isDeleted ? 1 : 0,
    created_at: new Date(createdMs).toISOString(),
    version,
  };
  await engine.insert('audiences', [row]);
}

/** Keeps the customers for whom `selection`, a condition on `customer_key`, holds now. */
export async function writeMembers(
  engine: Engine,
  membersId: string,
  selection: Sql,
  scope: CompileScope,
): Promise<void> {
  await engine.command(
    'library.audience_members',
    sql`INSERT INTO audience_members (members_id, customer_key, saved_at)
SELECT DISTINCT ${param.string(membersId)}, customer_key, now64(3) FROM ${customersTable(scope)} WHERE ${selection}`,
    { maxSeconds: MEMBERS_SECONDS },
  );
}

/** Ids that one statement takes. */
const LISTED = 20_000;

/** Keeps those of the customers listed, by any of their ids, who are known. */
export async function writeListed(
  engine: Engine,
  membersId: string,
  ids: readonly string[],
  scope: CompileScope,
): Promise<void> {
  for (let at = 0; at < ids.length; at += LISTED) {
    const hashes = sql`SELECT cityHash64(arrayJoin(${param.strings(ids.slice(at, at + LISTED))}))`;
    const joined = sql`SELECT customer_key FROM identities FINAL WHERE alias_key IN (${hashes})`;
    const listed = sql`customer_key IN (${hashes} UNION ALL ${joined})`;
    await writeMembers(engine, membersId, listed, scope);
  }
}

const MEMBERS_SECONDS = 60;
/** Longer than a set may take to be stored and named, and than any server goes on using an old one. */
const ABANDONED_SECONDS = 600;

/** Removes sets of members that no audience names any more. */
export async function dropAbandonedMembers(engine: Engine): Promise<void> {
  const abandoned = sql`saved_at < now64(3) - toIntervalSecond(${param.uint32(ABANDONED_SECONDS)})
  AND members_id NOT IN (SELECT members_id FROM audiences FINAL WHERE NOT is_deleted)`;
  const query = {
    name: 'library.abandoned_members',
    sql: sql`SELECT DISTINCT members_id AS id FROM audience_members WHERE ${abandoned} LIMIT 100`,
    row: undefined as { id: string } | undefined,
  };
  const { rows } = await engine.query(query, { maxSeconds: MEMBERS_SECONDS });
  if (rows.length === 0) return;
  const ids = param.strings(rows.map(({ id }) => id));
  await engine.command('library.drop_members', sql`DELETE FROM audience_members WHERE members_id IN ${ids}`, {
    maxSeconds: MEMBERS_SECONDS,
  });
}
