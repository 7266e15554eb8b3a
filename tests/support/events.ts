/**
 * Stories as data: `customer('ann').did('view', '2026-01-01T10:00Z').did('buy', ...)`, and their direct way
 * into the events table. Owns no engine; what the API would refuse, this does not check.
 */
import { createHash } from 'node:crypto';
import type { Engine } from '../../server/engine/port.ts';
import { utcText } from '../../server/query/sql.ts';

/** Columns of an event; every other key is a property. */
export interface EventDetails {
  readonly id?: string;
  readonly channel?: string;
  readonly orderId?: string;
  readonly revenue?: number;
  readonly sessionId?: string;
  readonly [property: string]: unknown;
}

export interface StoredEvent {
  readonly id: string;
  readonly customerId: string;
  readonly event: string;
  readonly timeMs: number;
  readonly channel: string;
  readonly orderId: string;
  readonly revenue: number | null;
  readonly sessionId: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export interface Story extends Iterable<StoredEvent> {
  /** Adds an event; without an id it gets one of its own, also when the same is told twice. */
  did(event: string, time: string | number | Date, details?: EventDetails): Story;
}

export function customer(customerId: string): Story {
  const events: StoredEvent[] = [];
  const story: Story = {
    did(event, time, details = {}) {
      events.push(storedEvent(customerId, event, time, details, events.length));
      return story;
    },
    [Symbol.iterator]: () => events[Symbol.iterator](),
  };
  return story;
}

/** Stores stories and single events straight into `events`; resolves once they can be read. */
export async function storeEvents(
  engine: Engine,
  stories: readonly (Story | StoredEvent)[],
): Promise<readonly StoredEvent[]> {
  const events = stories.flatMap((story) => (Symbol.iterator in story ? [...story] : [story]));
  await engine.insert('events', events.map(eventRow));
  return events;
}

/** The row of the events table. */
export function eventRow(event: StoredEvent): object {
  return {
    customer_id: event.customerId,
    event: event.event,
    time: utcText(event.timeMs),
    channel: event.channel,
    order_id: event.orderId,
    revenue: event.revenue,
    session_id: event.sessionId,
    event_id: event.id,
    properties: event.properties,
  };
}

function storedEvent(
  customerId: string,
  event: string,
  time: string | number | Date,
  details: EventDetails,
  index: number,
): StoredEvent {
  const { id, channel = '', orderId = '', revenue = null, sessionId = '', ...properties } = details;
  const timeMs = new Date(time).getTime();
  if (Number.isNaN(timeMs)) throw new TypeError(`${customerId} did ${event}: no time: ${String(time)}`);
  const derived = createHash('sha256')
    .update(JSON.stringify([customerId, index, event, timeMs]))
    .digest('hex');
  return {
    id: id ?? derived.slice(0, 32),
    customerId,
    event,
    timeMs,
    channel,
    orderId,
    revenue,
    sessionId,
    properties,
  };
}
