/**
 * Live traffic for the demo: some events a second that happen now. Owns the clock: asks a source four times a
 * second what has happened and hands it on, one batch at a time. Where `send` is slow, less happens: nothing is
 * piled up and nothing is caught up. Knows nothing of how events get in.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Engine } from '../engine/port.ts';
import { param, sql } from '../query/sql.ts';
import type { DemoDataset } from './datasets.ts';
import type { LiveEvent, LiveSource } from './live-event.ts';
import { livePast } from './live-past.ts';
import type { Shopper } from './live-session.ts';
import { liveVisits } from './live-visits.ts';
import { randomFrom } from './random.ts';

export interface ReplayOptions {
  /** Takes a batch of events that just happened; awaited before the next. A failure costs that batch only. */
  readonly send: (events: LiveEvent[]) => Promise<unknown>;
  readonly engine: Engine;
  readonly dataset: DemoDataset;
  /** Ends the replay. */
  readonly signal: AbortSignal;
  /** On average over a day. Default 2: an hour of it is about two days of the generated history. */
  readonly eventsPerSecond?: number;
  /** The same seed and clock give the same traffic. Default: from the clock. */
  readonly seed?: number;
  /** Told of a batch that `send` refused. */
  readonly onError?: (error: unknown) => void;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

const TICK_MS = 250;
/** After a failure, and what passes unnoticed when `send` was slow. */
const BACK_OFF_MS = 2000;
const LONGEST_STEP_MS = 1000;
const SHOPPERS = 4000;

/** Sends until the signal aborts; resolves then. Rejects only if the store cannot be read at the start. */
export async function startReplay(options: ReplayOptions): Promise<void> {
  const { signal, clock = Date.now } = options;
  if (signal.aborted) return;
  const source = await openSource(options, clock());
  for (let before = clock(); !signal.aborted;) {
    let rest = TICK_MS;
    try {
      const now = clock();
      const events = await source(now, Math.min(now - before, LONGEST_STEP_MS));
      before = now;
      if (events.length > 0 && !signal.aborted) await options.send(events);
    } catch (error) {
      if (signal.aborted) return;
      options.onError?.(error);
      rest = BACK_OFF_MS;
    }
    await pause(rest, undefined, { signal }).catch(() => undefined);
  }
}

async function openSource(
  { engine, dataset, seed, eventsPerSecond = 2 }: ReplayOptions,
  nowMs: number,
): Promise<LiveSource> {
  const random = randomFrom(seed ?? nowMs);
  const idPrefix = `r${nowMs.toString(36)}`;
  if (dataset !== 'generated') return livePast({ engine, dataset, random, idPrefix, eventsPerSecond });
  return liveVisits({ shoppers: await readShoppers(engine, nowMs), random, idPrefix, eventsPerSecond });
}

/** Known customers who were here in the last 90 days, a fair sample. */
async function readShoppers(engine: Engine, nowMs: number): Promise<Shopper[]> {
  const { rows } = await engine.query<Omit<Shopper, 'isKnown'>>({
    name: 'demo_shoppers',
    sql: sql`SELECT customer_id AS customerId, ifNull(traits.country::Nullable(String), '') AS country,
  ifNull(traits.city::Nullable(String), '') AS city
FROM customer_traits FINAL
WHERE customer_key IN (
  SELECT customer_key FROM customers GROUP BY customer_key HAVING max(last_seen) >= ${param.time(nowMs - 90 * 86_400_000)}
)
ORDER BY cityHash64(customer_key), customer_id
LIMIT ${param.uint32(SHOPPERS)}`,
  });
  return rows.map((row) => ({ ...row, isKnown: true }));
}
