/** Traits of customers, stored straight into their table. */
import type { Engine } from '../../server/engine/port.ts';
import { param, sql } from '../../server/query/sql.ts';

/** By customer id. */
export async function storeTraits(
  engine: Engine,
  traits: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Promise<void> {
  const ids = param.strings(Object.keys(traits));
  const texts = param.strings(Object.values(traits).map((value) => JSON.stringify(value)));
  await engine.command(
    'test_traits',
    sql`INSERT INTO customer_traits (customer_key, customer_id, traits, updated_at)
SELECT cityHash64(entry.1), entry.1, entry.2, now64(3) FROM (SELECT arrayJoin(arrayZip(${ids}, ${texts})) AS entry)`,
  );
}
