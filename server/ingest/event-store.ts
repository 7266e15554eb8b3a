/**
 * Puts checked events into the table. One row that only the engine refuses does not stop the others: halves
 * are tried until it stands alone. Knows nothing of duplicates or requests.
 */
import type { CallOptions, Engine, InsertOptions } from '../engine/port.ts';
import { EngineError } from '../engine/port.ts';
import { utcText } from '../query/sql.ts';
import type { IngestEvent } from './event.ts';
import { touchpointOf } from './touchpoint.ts';

/** ClickHouse takes up to 100 partitions (here: months) in one insert. */
const MAX_MONTHS = 90;
/** The same token again cannot store twice, so an insert whose end was not heard of is simply repeated. */
const TRIES = 3;

export interface RefusedEvent {
  readonly event: IngestEvent;
  /** ClickHouse's own words: for the log. */
  readonly detail: string;
}

/**
 * Stores the events; returns those that the engine refuses. Throws where nothing is known of the outcome: then the
 * same events may be stored again under the same token.
 */
export async function storeEvents(
  engine: Engine,
  events: readonly IngestEvent[],
  token: string,
  options: CallOptions,
): Promise<readonly RefusedEvent[]> {
  const refused: RefusedEvent[] = [];
  const groups = events.length === 0 ? [] : byMonths(events);
  for (const [i, some] of groups.entries()) {
    refused.push(...(await storeHalving(engine, some, { ...options, deduplicationToken: `${token}:${i}` })));
  }
  return refused;
}

async function storeHalving(
  engine: Engine,
  events: readonly IngestEvent[],
  options: InsertOptions & { readonly deduplicationToken: string },
): Promise<readonly RefusedEvent[]> {
  try {
    await insertOnce(engine, events, options);
    return [];
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'BAD_DATA') throw error;
    const [only] = events;
    if (events.length === 1 && only) return [{ event: only, detail: error.message }];
  }
  const middle = Math.ceil(events.length / 2);
  const part = (side: string) => ({ ...options, deduplicationToken: `${options.deduplicationToken}${side}` });
  return [
    ...(await storeHalving(engine, events.slice(0, middle), part('a'))),
    ...(await storeHalving(engine, events.slice(middle), part('b'))),
  ];
}

async function insertOnce(
  engine: Engine,
  events: readonly IngestEvent[],
  options: InsertOptions,
): Promise<void> {
  const rows = events.map(eventRow);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await engine.insert('events', rows, options);
    } catch (error) {
      const isUnheard = error instanceof EngineError && ['UNAVAILABLE', 'TIMEOUT'].includes(error.code);
      if (!isUnheard || attempt === TRIES) throw error;
    }
  }
}

/** Split in order of time wherever an insert would touch too many months. */
function byMonths(events: readonly IngestEvent[]): readonly (readonly IngestEvent[])[] {
  const monthOf = (event: IngestEvent): string => utcText(event.timeMs).slice(0, 7);
  if (new Set(events.map(monthOf)).size <= MAX_MONTHS) return [events];
  const groups: IngestEvent[][] = [];
  let months = new Set<string>();
  for (const event of [...events].sort((a, b) => a.timeMs - b.timeMs)) {
    const month = monthOf(event);
    if (groups.length === 0 || (months.size === MAX_MONTHS && !months.has(month))) {
      groups.push([]);
      months = new Set();
    }
    months.add(month);
    groups.at(-1)?.push(event);
  }
  return groups;
}

function eventRow(event: IngestEvent): object {
  return {
    time: utcText(event.timeMs),
    event: event.event,
    channel: event.channel,
    revenue: event.revenue,
    order_id: event.orderId,
    session_id: event.sessionId,
    customer_id: event.customerId,
    event_id: event.eventId,
    properties: event.properties,
    touchpoint: touchpointOf(event.event, event.properties),
    // By the store's own clock where it is stored at once.
    ...(event.receivedMs !== undefined && { received_at: utcText(event.receivedMs) }),
  };
}
