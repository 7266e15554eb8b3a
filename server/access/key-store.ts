/** Keys as they stand in the store. Knows no rule; whoever writes checked before. */
import type { Engine } from '../engine/port.ts';
import { sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';
import type { Role } from './role.ts';

export interface StoredKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** SHA-256 of the secret, in hexadecimal. */
  readonly digest: string;
  /** Null: never. */
  readonly expiresMs: number | null;
  readonly isRevoked: boolean;
  readonly createdMs: number;
  /** Rises with every change. */
  readonly version: number;
}

interface KeyRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly digest: string;
  readonly expires_ms: string;
  readonly is_revoked: number;
  readonly created_ms: string;
  readonly version: string;
}

/** Equal as long as no key was made or revoked, by whichever server. */
const stateQuery: SqlQuery<{ state: string }> = {
  name: 'access.keys_state',
  sql: sql`SELECT toString(groupBitXor(cityHash64(id, version))) AS state FROM api_keys FINAL`,
};

const keysQuery: SqlQuery<KeyRow> = {
  name: 'access.keys',
  sql: sql`SELECT id, name, role, toString(digest) AS digest, is_revoked,
  if(expires_at IS NULL, '', toString(toUnixTimestamp64Milli(assumeNotNull(expires_at)))) AS expires_ms,
  toString(toUnixTimestamp64Milli(created_at)) AS created_ms, version
FROM api_keys FINAL ORDER BY created_at, id`,
};

const usesQuery: SqlQuery<{ key_id: string; used_ms: string }> = {
  name: 'access.key_uses',
  sql: sql`SELECT key_id, toString(toUnixTimestamp64Milli(max(used_at))) AS used_ms FROM api_key_uses GROUP BY key_id
ORDER BY key_id`,
};

const SECONDS = 5;

export async function readState(engine: Engine): Promise<string> {
  const { rows } = await engine.query(stateQuery, { maxSeconds: SECONDS });
  return rows[0]?.state ?? '';
}

/** Revoked ones too, oldest first. */
export async function readKeys(engine: Engine): Promise<readonly StoredKey[]> {
  const { rows } = await engine.query(keysQuery, { maxSeconds: SECONDS });
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    role: row.role,
    digest: row.digest,
    expiresMs: row.expires_ms === '' ? null : Number(row.expires_ms),
    isRevoked: Boolean(row.is_revoked),
    createdMs: Number(row.created_ms),
    version: Number(row.version),
  }));
}

export async function writeKey(engine: Engine, key: StoredKey): Promise<void> {
  const row = {
    id: key.id,
    name: key.name,
    role: key.role,
    digest: key.digest,
    expires_at: key.expiresMs === null ? null : new Date(key.expiresMs).toISOString(),
    is_revoked: key.isRevoked ? 1 : 0,
    created_at: new Date(key.createdMs).toISOString(),
    version: key.version,
  };
  await engine.insert('api_keys', [row]);
}

/** When each key was last used (milliseconds since 1970), as far as it was written. */
export async function readUses(engine: Engine): Promise<ReadonlyMap<string, number>> {
  const { rows } = await engine.query(usesQuery, { maxSeconds: SECONDS });
  return new Map(rows.map(({ key_id, used_ms }) => [key_id, Number(used_ms)]));
}

export async function writeUses(engine: Engine, uses: ReadonlyMap<string, number>): Promise<void> {
  const rows = [...uses].map(([id, ms]) => ({ key_id: id, used_at: new Date(ms).toISOString() }));
  await engine.insert('api_key_uses', rows);
}
