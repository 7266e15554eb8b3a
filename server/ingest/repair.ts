/**
 * What the views behind `events` may have missed, where an insert was cut off between the table and them: ids,
 * customers' sums, and word of the arrival. Run while nobody writes. Knows nothing of calls.
 */
import { Readable } from 'node:stream';
import type { Engine } from '../engine/port.ts';
import { sql } from '../query/sql.ts';
import { announceChange } from './announce.ts';
import type { IngestEvent } from './event.ts';
import { keysOf, missingIds, outOfStepCustomers, receivedLast, storedOf } from './repair.sql.ts';

const SECONDS = 600;
/** Ids of one look. */
const LOOKED_AT = 10_000;

/** After a crash: brings everything in line with the events that were received last. */
export async function repairLast(engine: Engine): Promise<void> {
  await engine.command('ingest.repair_ids', missingIds(receivedLast), { maxSeconds: SECONDS });
  const customers = sql`SELECT DISTINCT customer_key FROM events WHERE ${receivedLast}`;
  await engine.command('ingest.repair_customers', outOfStepCustomers(customers), { maxSeconds: SECONDS });
  await announceChange(engine);
}

/**
 * After an insert whose outcome is not known: which of its events were stored, by id. What the views missed of
 * these is entered.
 */
export async function settle(engine: Engine, events: readonly IngestEvent[]): Promise<ReadonlySet<string>> {
  const stored = new Set<string>();
  for (let from = 0; from < events.length; from += LOOKED_AT) {
    const some = events.slice(from, from + LOOKED_AT);
    const { rows } = await engine.query(storedOf(some), { maxSeconds: SECONDS });
    const ids = rows.map((row) => row.event_id);
    if (ids.length === 0) continue;
    for (const id of ids) stored.add(id);
    await enter(engine, some, ids);
  }
  if (stored.size > 0) await announceChange(engine);
  return stored;
}

async function enter(engine: Engine, events: readonly IngestEvent[], ids: readonly string[]): Promise<void> {
  await engine.insertSelect(
    'ingest.restore_ids',
    sql`INSERT INTO known_ids SELECT sipHash64(id) AS id_hash FROM input('id String') FORMAT JSONEachRow`,
    lines(ids.map((id) => ({ id }))),
    { maxSeconds: SECONDS },
  );
  const customerIds = [...new Set(events.map(({ customerId }) => customerId))];
  await engine.command('ingest.repair_customers', outOfStepCustomers(keysOf(customerIds)), {
    maxSeconds: SECONDS,
  });
}

function lines(rows: readonly object[]): Readable {
  return Readable.from([Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))]);
}
