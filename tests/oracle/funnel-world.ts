/**
 * Random worlds for funnels side by side in one store, so that one statement asks all of them: each a few
 * customers with few names and few instants, so that ties, duplicates, re-entry and window edges are common.
 */
import fc from 'fast-check';
import type { Engine } from '../../server/engine/port.ts';
import { normaliseFunnel } from '../../server/insights/funnel/funnel.query.ts';
import type { FunnelQuery, FunnelRequest } from '../../server/insights/funnel/funnel.query.ts';
import { sql, utcText } from '../../server/query/sql.ts';
import { compileScope } from '../support/compile-scope.ts';
import { testEngine } from '../support/engine.ts';
import type { OracleEvent } from './funnel.ts';

/** Two hours before clocks in Berlin go forward. */
export const START = Date.UTC(2026, 2, 28, 23);
export const HOUR = 3_600_000;
export const scope = compileScope({ nowMs: START + 30 * 24 * HOUR });

export const WORLDS = 300;

/** The shorter a world, the more happens at one instant; not so much that all orders cannot be tried. */
const world = fc
  .constantFrom(
    { hours: 40, most: 12 },
    { hours: 40, most: 12 },
    { hours: 14, most: 7 },
    { hours: 4, most: 5 },
  )
  .chain(({ hours, most }) => {
    const event = fc.record({
      event: fc.constantFrom('a', 'a', 'b', 'b', 'c', 'd'),
      hour: fc.nat(hours),
      channel: fc.constantFrom('web', 'store'),
      color: fc.constantFrom('red', 'blue', ''),
    });
    const customer = fc.array(event, { maxLength: most });
    return fc.array(customer, { minLength: 1, maxLength: 4 });
  });

const worlds = fc.sample(world, { seed: 7, numRuns: WORLDS });

export const events: readonly OracleEvent[] = worlds.flatMap((customers, w) =>
  customers.flatMap((own, c) =>
    own.map(({ event, hour, channel, color }, i): OracleEvent => {
      const customer = `w${w}-c${c}`;
      const id = `${customer}-${String(i).padStart(2, '0')}`;
      const timeMs = START + hour * HOUR;
      const properties: Record<string, string> = { world: `${w}`, ...(color === '' ? {} : { color }) };
      return { id, customer, event, timeMs, channel, properties };
    }),
  ),
);

/** An engine that holds the world. */
export async function worldEngine(): Promise<Engine> {
  const engine = await testEngine();
  const rows = events.map((e) => ({
    event_id: e.id,
    customer_id: e.customer,
    event: e.event,
    time: utcText(e.timeMs),
    channel: e.channel,
    properties: e.properties,
  }));
  await engine.insert('events', rows);
  return engine;
}

/** Names of customers by their keys: `customer_key`, `id`. */
export const customerIds = sql`SELECT customer_key, any(customer_id) AS id FROM events GROUP BY customer_key`;

/** A funnel over the middle of the world, in a time zone whose clocks change in it. */
export function asked(request: Omit<FunnelRequest, 'range'>): FunnelQuery {
  const range = {
    from: new Date(START + HOUR),
    to: new Date(START + 38 * HOUR),
    timeZone: 'Europe/Berlin',
  };
  return normaliseFunnel({ ...request, range }, { ...scope, lifecycleStages: [] });
}

/** The events of a customer, readable in a failure. */
export function story(customer: string): string {
  const own = events.filter((e) => e.customer === customer).sort((a, b) => a.timeMs - b.timeMs);
  return own
    .map((e) => `${hours(e.timeMs)}${e.event}${e.channel[0]}${e.properties['color']?.[0] ?? '-'}`)
    .join(' ');
}

export function hours(ms: number | null): number | null {
  return ms === null ? null : (ms - START) / HOUR;
}
