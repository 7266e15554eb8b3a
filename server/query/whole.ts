/** Hashes as numbers that a double holds exactly. Pure. */
import { sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** As much of a hash (UInt64) as a double holds exactly, as Int64. */
export function wholeOf(hash: Sql): Sql {
  return sql`toInt64(bitAnd(${hash}, 9007199254740991))`;
}
