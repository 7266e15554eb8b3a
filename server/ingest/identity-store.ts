/** Identities and traits as they are kept in the engine. Holds no rules. */
import type { Engine } from '../engine/port.ts';
import { sql, utcText } from '../query/sql.ts';
import type { IdentityRow } from './identity-rules.ts';
import type { CleanJson } from './json.ts';
import { textList } from './text-list.ts';

interface Row {
  readonly alias: string;
  readonly customer_id: string;
  readonly updated_ms: number;
}

/** A pointer as it is kept, with when it was written. */
export interface KeptIdentity extends IdentityRow {
  readonly updatedMs: number;
}

export interface KeptTraits {
  readonly traits: ReadonlyMap<string, CleanJson>;
  readonly updatedMs: number;
}

/** The rows of these ids and of the customers they lead to. */
export async function readIdentities(
  engine: Engine,
  ids: readonly string[],
): Promise<readonly KeptIdentity[]> {
  const { rows } = await engine.query<Row>({
    name: 'ingest.identities',
    sql: sql`
WITH
  own AS (SELECT cityHash64(arrayJoin(${textList(ids)})) AS key),
  ends AS (SELECT identities.customer_key AS key FROM identities FINAL WHERE alias_key IN (SELECT key FROM own))
SELECT alias, identities.customer_id AS customer_id, toUnixTimestamp64Milli(updated_at) AS updated_ms
FROM identities FINAL
WHERE alias_key IN (SELECT key FROM own UNION ALL SELECT key FROM ends)
SETTINGS output_format_json_quote_64bit_integers = 0`,
  });
  return rows.map(identityRow);
}

/** The rows of all that lead to these customers. */
export async function readAliases(engine: Engine, ids: readonly string[]): Promise<readonly KeptIdentity[]> {
  const { rows } = await engine.query<Row>({
    name: 'ingest.aliases',
    sql: sql`
SELECT alias, identities.customer_id AS customer_id, toUnixTimestamp64Milli(updated_at) AS updated_ms
FROM identities FINAL
WHERE identities.customer_key IN (SELECT cityHash64(arrayJoin(${textList(ids)})))
SETTINGS output_format_json_quote_64bit_integers = 0`,
  });
  return rows.map(identityRow);
}

function identityRow({ alias, customer_id, updated_ms }: Row): KeptIdentity {
  return { alias, customerId: customer_id, updatedMs: updated_ms };
}

/** Those of the ids that did anything. */
export async function readSeen(engine: Engine, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await engine.query<{ id: string }>({
    name: 'ingest.seen',
    sql: sql`
SELECT DISTINCT customer_id AS id FROM customers
WHERE customer_key IN (SELECT cityHash64(arrayJoin(${textList(ids)})))`,
  });
  return new Set(rows.map(({ id }) => id));
}

export async function writeIdentities(
  engine: Engine,
  rows: readonly IdentityRow[],
  nowMs: number,
): Promise<void> {
  if (rows.length === 0) return;
  const updated_at = utcText(nowMs);
  await engine.insert(
    'identities',
    rows.map(({ alias, customerId }) => ({ alias, customer_id: customerId, updated_at })),
  );
}

/** Brings joins into every answer; returns once they are. */
export async function reloadIdentities(engine: Engine): Promise<void> {
  await engine.command('ingest.reload_identities', sql`SYSTEM RELOAD DICTIONARY identity_keys`);
}

/** By customer id; those without any are absent. */
export async function readTraits(
  engine: Engine,
  ids: readonly string[],
): Promise<ReadonlyMap<string, KeptTraits>> {
  const { rows } = await engine.query<{ customer_id: string; traits: string; updated_ms: number }>({
    name: 'ingest.traits',
    sql: sql`
SELECT customer_id, CAST(traits, 'String') AS traits, toUnixTimestamp64Milli(updated_at) AS updated_ms
FROM customer_traits FINAL
WHERE customer_key IN (SELECT cityHash64(arrayJoin(${textList(ids)})))
SETTINGS output_format_json_quote_64bit_integers = 0`,
  });
  return new Map(
    rows.map(({ customer_id, traits, updated_ms }) => {
      const values = new Map(Object.entries(JSON.parse(traits) as Record<string, CleanJson>));
      return [customer_id, { traits: values, updatedMs: updated_ms }];
    }),
  );
}

export async function writeTraits(
  engine: Engine,
  customers: readonly { readonly customerId: string; readonly traits: ReadonlyMap<string, CleanJson> }[],
  nowMs: number,
): Promise<void> {
  if (customers.length === 0) return;
  const updated_at = utcText(nowMs);
  await engine.insert(
    'customer_traits',
    customers.map(({ customerId, traits }) => ({
      customer_id: customerId,
      traits: Object.fromEntries(traits),
      updated_at,
    })),
  );
}

/** Of ids that joined another: their traits stand with that one. */
export async function dropTraitsOfJoined(engine: Engine): Promise<void> {
  await engine.command(
    'ingest.drop_traits',
    sql`DELETE FROM customer_traits WHERE customer_key IN (SELECT alias_key FROM joined_identities)
SETTINGS lightweight_deletes_sync = 2`,
  );
}
