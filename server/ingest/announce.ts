/** Tells every server of a change that no insert of events tells of: whatever was answered may have changed. */
import type { Engine } from '../engine/port.ts';
import { param, sql } from '../query/sql.ts';

const LAST_MS = Date.UTC(2106, 0, 1);

/** To be called once the change is in every answer. */
export async function announceChange(engine: Engine): Promise<void> {
  await engine.command(
    'ingest.announce',
    sql`INSERT INTO arrivals (at, rows, first_time, last_time)
SELECT now64(3), 0, ${param.time(0)}, ${param.time(LAST_MS)}`,
  );
}
