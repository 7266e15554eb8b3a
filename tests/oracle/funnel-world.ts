/** A random world for funnels: few names and few instants, so that ties, re-entry and window edges are common. */
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

const world = fc.array(
  fc.array(
    fc.record({
      event: fc.constantFrom('a', 'a', 'b', 'b', 'c', 'd'),
      hour: fc.nat(40),
      channel: fc.constantFrom('web', 'store'),
      color: fc.constantFrom('red', 'blue', ''),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  { minLength: 400, maxLength: 400 },
);

export const events: readonly OracleEvent[] = fc.sample(world, { seed: 7, numRuns: 1 }).flatMap((customers) =>
  customers.flatMap((own, c) =>
    own.map(({ event, hour, channel, color }, i): OracleEvent => {
      const id = `${c}-${String(i).padStart(2, '0')}`;
      const timeMs = START + hour * HOUR;
      const properties: Record<string, string> = color === '' ? {} : { color };
      return { id, customer: `c${c}`, event, timeMs, channel, properties };
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
