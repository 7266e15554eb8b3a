/**
 * A few customers known by their keys, as decimal text: conditions by which their rows are found in few granules,
 * whatever is stored. Pure.
 */
import type { CompileScope } from './events.ts';
import { param, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** A condition on `customer_key`. */
export function keyedBy(keys: readonly string[]): Sql {
  return sql`customer_key IN ${param.uint64s(keys)}`;
}

/**
 * A condition on a row of `eventsTable` or `customersTable`. Where ids were joined, a customer's rows are stored
 * under the keys of all of them; a resolved key alone would be computed of every row there is.
 */
export function rowsOf(keys: readonly string[], scope: Pick<CompileScope, 'hasMergedIdentities'>): Sql {
  const own = param.uint64s(keys);
  if (!scope.hasMergedIdentities) return keyedBy(keys);
  return sql`customer_key IN ${own} AND stored_key IN (
  SELECT arrayJoin(${own}) UNION ALL SELECT alias_key FROM joined_identities WHERE customer_key IN ${own}
)`;
}
