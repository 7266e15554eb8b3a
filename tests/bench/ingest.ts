/**
 * Events a second through the API into an empty store, in batches of 1,000 and one a call, against the same rows
 * inserted bare: no checks, no look for duplicates, the same views behind the table.
 */
import { migrate } from '../../server/engine/migrations.ts';
import { utcText } from '../../server/query/sql.ts';
import { startTestStore } from '../support/test-store.ts';
import { print } from './line.ts';
import { interleaved } from './measure.ts';
import { uncachedServer } from './server.ts';
import type { BenchServer } from './server.ts';
import type { BenchOptions } from './store.ts';
import { END_MS } from './questions.ts';

const MUTATION = 'mutation ($events: [EventInput!]!) { ingest(events: $events) { accepted } }';

interface Load {
  readonly name: string;
  /** Events of one call. */
  readonly batch: number;
  /** Calls of one sender. */
  readonly calls: number;
  readonly senders: number;
}

const LOADS: readonly Load[] = [
  { name: 'batches of 1,000, one sender', batch: 1000, calls: 20, senders: 1 },
  { name: 'batches of 1,000, four senders', batch: 1000, calls: 5, senders: 4 },
  { name: 'single events, one sender', batch: 1, calls: 30, senders: 1 },
  { name: 'single events, 32 senders', batch: 1, calls: 5, senders: 32 },
];

export async function benchIngest({ rounds }: BenchOptions): Promise<void> {
  const store = await startTestStore();
  await migrate(store.connection);
  const server = await uncachedServer(store.connection);
  for (const load of LOADS) {
    const count = load.batch * load.calls * load.senders;
    const ms = await interleaved(
      {
        ours: () => send(load, (events) => ingest(server, events)),
        bare: () => send(load, (events) => store.engine.insert('events', events.map(rowOf))),
      },
      Math.min(rounds, 5),
    );
    print({
      name: `ingest, ${load.name}`,
      events: count,
      oursMs: ms.ours,
      baseline: 'bare inserts of the same calls',
      baselineMs: ms.bare,
      eventsPerSecond: (count / ms.ours) * 1000,
    });
  }
  await server.close();
  await store.close();
}

type BenchEvent = ReturnType<typeof eventOf>;

/** Every event once in a run of the program. */
let made = 0;

function eventOf(i: number) {
  const isOrder = i % 20 === 0;
  return {
    id: `bench-${i}`,
    event: isOrder ? 'order_completed' : 'product_viewed',
    customerId: `customer-${i % 5000}`,
    time: new Date(END_MS - (i % 864_000) * 100),
    channel: 'web',
    ...(isOrder && { orderId: `order-${i}`, revenue: 40 + (i % 100) }),
    sessionId: `session-${i % 9000}`,
    properties: { product: `p-${i % 700}`, category: 'shoes', price: 20 + (i % 50) },
  };
}

async function send(load: Load, call: (events: readonly BenchEvent[]) => Promise<unknown>): Promise<void> {
  const sender = async (): Promise<void> => {
    for (let i = 0; i < load.calls; i += 1) {
      const events = Array.from({ length: load.batch }, () => eventOf(made++));
      await call(events);
    }
  };
  await Promise.all(Array.from({ length: load.senders }, sender));
}

function ingest(server: BenchServer, events: readonly BenchEvent[]): Promise<unknown> {
  return server.ask({ document: MUTATION, variables: { events } });
}

function rowOf(event: BenchEvent): object {
  return {
    time: utcText(event.time.getTime()),
    event: event.event,
    channel: event.channel,
    revenue: event.revenue ?? null,
    order_id: event.orderId ?? '',
    session_id: event.sessionId,
    customer_id: event.customerId,
    event_id: event.id,
    properties: event.properties,
  };
}
