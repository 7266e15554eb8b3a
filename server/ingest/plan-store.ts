/**
 * Writes a plan: what was rejected, the counts, the events. As often as it takes under the same tokens, so that
 * nothing stands there twice. Knows nothing of calls.
 */
import type { Log } from '../engine/log.ts';
import type { CallOptions, Engine } from '../engine/port.ts';
import { addCounts } from './counts.ts';
import { storeEvents } from './event-store.ts';
import type { IngestEvent } from './event.ts';
import type { Plan } from './plan.ts';
import { ENGINE_REFUSED, keepRejected } from './rejected.ts';

/** Counts and rejected events first: then a plan that is made again after a crash counts as it did before. */
export async function noteDown(engine: Engine, plan: Plan, options: CallOptions): Promise<void> {
  const { id, rejected, duplicates, identified } = plan;
  await keepRejected(engine, rejected, { ...options, deduplicationToken: `${id}:rejected` });
  const counts = { duplicates, identified, rejected: rejected.length };
  await addCounts(engine, counts, { ...options, deduplicationToken: `${id}:counts` });
}

/** Stores the plan's events; those that only the engine refuses are kept aside and returned. */
export async function storePlanned(
  engine: Engine,
  plan: Plan,
  log: Log,
  options: CallOptions,
): Promise<ReadonlySet<IngestEvent>> {
  const refused = await storeEvents(engine, plan.events, plan.id, options);
  if (refused.length === 0) return NONE;
  for (const { detail } of refused) log.warn({ detail }, 'the engine refused an event');
  const rejected = refused.map(({ event }) => ({ reason: ENGINE_REFUSED, payload: event, source: '' }));
  const counts = { rejected: rejected.length };
  await keepRejected(engine, rejected, { ...options, deduplicationToken: `${plan.id}:refused` });
  await addCounts(engine, counts, { ...options, deduplicationToken: `${plan.id}:refused-counts` });
  return new Set(refused.map(({ event }) => event));
}

/** Both side by side; returns once both have ended, however they did. */
export async function storeAll(
  engine: Engine,
  plan: Plan,
  log: Log,
  options: CallOptions,
): Promise<ReadonlySet<IngestEvent>> {
  const [noted, stored] = await Promise.allSettled([
    noteDown(engine, plan, options),
    storePlanned(engine, plan, log, options),
  ]);
  if (noted.status === 'rejected') throw noted.reason;
  if (stored.status === 'rejected') throw stored.reason;
  return stored.value;
}

const NONE: ReadonlySet<IngestEvent> = new Set();
