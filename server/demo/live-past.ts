/**
 * A real set's present: its own past events once more, in their order, as if they happened now. Reads them page
 * by page; starts over at the end. Ids are new, but lines of one order, and events of one session, stay together.
 */
import type { Engine } from '../engine/port.ts';
import { param, sql } from '../query/sql.ts';
import type { LiveEvent, LiveSource } from './live-event.ts';
import { poisson } from './random.ts';
import type { Random } from './random.ts';
import { NUMBER_PROPERTIES } from './real-events.sql.ts';

const PAGE = 2000;

export interface LivePastOptions {
  readonly engine: Engine;
  /** Name of the data set: what its events' ids begin with. */
  readonly dataset: string;
  readonly random: Random;
  readonly idPrefix: string;
  readonly eventsPerSecond: number;
}

interface PastRow {
  readonly id: string;
  readonly event: string;
  readonly customerId: string;
  readonly channel: string;
  readonly orderId: string;
  readonly revenue: string | null;
  readonly sessionId: string;
  readonly properties: Record<string, unknown>;
}

/** Replays from the busiest part of the set, its last third. */
export function livePast(options: LivePastOptions): LiveSource {
  const { random, idPrefix } = options;
  let page: readonly PastRow[] = [];
  let at = 0;
  let offset = -1;
  let lap = 1;

  const nextRow = async (): Promise<PastRow | undefined> => {
    if (at >= page.length) {
      if (offset >= 0 && page.length < PAGE) {
        lap += 1;
        offset = -1;
      }
      offset = offset < 0 ? await lastThird(options) : offset + PAGE;
      page = await readPage(options, offset);
      at = 0;
    }
    at += 1;
    return page[at - 1];
  };

  return async (nowMs, elapsedMs) => {
    const wave = 1 + 0.5 * Math.sin(nowMs / 17_000);
    const events: LiveEvent[] = [];
    for (let due = poisson(random, (options.eventsPerSecond * wave * elapsedMs) / 1000); due > 0; due -= 1) {
      const row = await nextRow();
      if (row) events.push(eventOf(row, `${idPrefix}-${lap}-`, nowMs));
    }
    return events;
  };
}

async function lastThird({ engine, dataset }: LivePastOptions): Promise<number> {
  const { rows } = await engine.query<{ rows: string }>({
    name: 'demo_past_size',
    sql: sql`SELECT count() AS rows FROM events WHERE startsWith(event_id, ${param.string(`${dataset}-`)})`,
  });
  return Math.floor((Number(rows[0]?.rows ?? 0) * 2) / 3);
}

async function readPage({ engine, dataset }: LivePastOptions, offset: number): Promise<readonly PastRow[]> {
  const { rows } = await engine.query<PastRow>({
    name: 'demo_past',
    sql: sql`SELECT event_id AS id, event, customer_id AS customerId, channel, order_id AS orderId, toString(revenue) AS revenue,
  session_id AS sessionId, properties
FROM events
WHERE startsWith(event_id, ${param.string(`${dataset}-`)})
ORDER BY time, event_id
LIMIT ${param.uint32(PAGE)} OFFSET ${param.uint64(offset)}`,
  });
  return rows;
}

function eventOf(row: PastRow, prefix: string, nowMs: number): LiveEvent {
  return {
    id: prefix + row.id,
    event: row.event,
    customerId: row.customerId,
    time: new Date(nowMs),
    channel: row.channel,
    properties: numbersAsNumbers(row.properties),
    ...(row.orderId !== '' && { orderId: prefix + row.orderId }),
    ...(row.revenue !== null && { revenue: Number(row.revenue) }),
    ...(row.sessionId !== '' && { sessionId: prefix + row.sessionId }),
  };
}

/** Whole numbers of properties arrive as text. */
function numbersAsNumbers(properties: Record<string, unknown>): Record<string, unknown> {
  const found = NUMBER_PROPERTIES.filter((key) => properties[key] !== undefined);
  return { ...properties, ...Object.fromEntries(found.map((key) => [key, Number(properties[key])])) };
}
