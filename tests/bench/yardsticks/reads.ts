/** Whether a yardstick over `events` may read what we keep beside the rows, or the rows alone, as others have them. */
import { sql } from '../../../server/query/sql.ts';
import type { Sql } from '../../../server/query/sql.ts';

export type Reads = 'rows alone' | 'projections too';

export function settingsOf(reads: Reads): Sql {
  return reads === 'rows alone' ? sql`SETTINGS optimize_use_projections = 0` : sql``;
}
