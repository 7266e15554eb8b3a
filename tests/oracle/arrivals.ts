/** Stores events, and says of them what servers are told when they arrive. For tests of what is kept up to date. */
import type { Engine } from '../../server/engine/port.ts';
import { arrivalOf } from '../../server/live/kept/arrival.ts';
import { arrivedEvents } from '../../server/live/kept/kept.sql.ts';
import type { ArrivedEvent } from '../../server/query/kept.ts';
import { int, param, sql } from '../../server/query/sql.ts';
import { storeEvents } from '../support/events.ts';
import type { StoredEvent } from '../support/events.ts';

/** An event as it is told, and whose it is: `customer_key` in decimal. */
export type Arrival = ArrivedEvent & { readonly key: string };

/** In whatever order; not for two stores at once. */
export async function storeAndTell(engine: Engine, events: readonly StoredEvent[]): Promise<Arrival[]> {
  if (events.length === 0) return [];
  const [last = '0'] = await batchesAfter(engine, '0', 1);
  await storeEvents(engine, events);
  const { rows } = await engine.query(arrivedEvents(await batchesAfter(engine, last, 1000), false));
  if (rows.length !== events.length) throw new Error(`${events.length} stored, ${rows.length} told`);
  return rows.map(({ told }) => {
    const { key, event } = arrivalOf(told, 0);
    return { key, ...event };
  });
}

/** The last ones come first. */
async function batchesAfter(engine: Engine, batch: string, most: number): Promise<readonly string[]> {
  const { rows } = await engine.query<{ readonly id: string }>({
    name: 'test.batches',
    sql: sql`SELECT toString(arrived.batch) AS id FROM arrived WHERE arrived.batch > ${param.uint64(batch)}
GROUP BY arrived.batch ORDER BY arrived.batch DESC LIMIT ${int(most)}`,
  });
  return rows.map(({ id }) => id);
}
