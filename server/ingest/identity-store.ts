/** Identities and traits as they are kept in the engine. Holds no rules. */
import type { Engine } from '../engine/port.ts';
import { param, sql, utcText } from '../query/sql.ts';
import type { IdentityRow } from './identity-rules.ts';
import type { CleanJson } from './json.ts';
import { textList } from './text-list.ts';

/** The rows of these ids, of the customers they lead to, and of all that lead there or to them. */
export async function readIdentities(
  engine: Engine,
  ids: readonly string[],
): Promise<readonly IdentityRow[]> {
  const { rows } = await engine.query<{ alias: string; customer_id: string }>({
    name: 'ingest.identities',
    sql: sql`
WITH
  own AS (SELECT cityHash64(arrayJoin(${textList(ids)})) AS key),
  ends AS (SELECT identities.customer_key AS key FROM identities FINAL WHERE alias_key IN (SELECT key FROM own))
SELECT alias, identities.customer_id AS customer_id FROM identities FINAL
WHERE alias_key IN (SELECT key FROM own) OR identities.customer_key IN (SELECT key FROM own UNION ALL SELECT key FROM ends)`,
  });
  return rows.map((row) => ({ alias: row.alias, customerId: row.customer_id }));
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

/** Traits by customer id; those without any are absent. */
export async function readTraits(
  engine: Engine,
  ids: readonly string[],
): Promise<Map<string, ReadonlyMap<string, CleanJson>>> {
  const { rows } = await engine.query<{ customer_id: string; traits: string }>({
    name: 'ingest.traits',
    sql: sql`
SELECT customer_id, CAST(traits, 'String') AS traits FROM customer_traits FINAL
WHERE customer_key IN (SELECT cityHash64(arrayJoin(${textList(ids)})))
SETTINGS output_format_json_quote_64bit_integers = 0`,
  });
  return new Map(
    rows.map((row) => [
      row.customer_id,
      new Map(Object.entries(JSON.parse(row.traits) as Record<string, CleanJson>)),
    ]),
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

/** Few enough for the address of a request. */
const DROPPED_TOGETHER = 20;

/** Of ids that joined another: their traits stand with that one. */
export async function dropTraits(engine: Engine, ids: readonly string[]): Promise<void> {
  const found = [...(await readTraits(engine, ids)).keys()];
  for (let i = 0; i < found.length; i += DROPPED_TOGETHER) {
    const some = param.strings(found.slice(i, i + DROPPED_TOGETHER));
    await engine.command(
      'ingest.drop_traits',
      sql`DELETE FROM customer_traits WHERE customer_key IN (SELECT cityHash64(arrayJoin(${some})))
SETTINGS lightweight_deletes_sync = 2`,
    );
  }
}
