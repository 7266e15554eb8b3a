/**
 * Runs the generator slice by slice: fills a store with a whole generated history (the demo's and, by a number,
 * the benchmarks'), or with what would have happened since the store was last open.
 */
import type { Engine } from '../engine/port.ts';
import { param, sql } from '../query/sql.ts';
import { countEvents } from './demo-state.ts';
import { DAY_MS } from './generator-calendar.sql.ts';
import { generateEvents } from './generator.sql.ts';
import { generateTraits } from './generator-traits.sql.ts';

export interface FillProgress {
  /** Events stored so far. */
  readonly rows: number;
  /** Share of the whole that is done, 0..1. */
  readonly share: number;
}

export interface GenerateOptions {
  /** Customers to make; about EVENTS_PER_CUSTOMER events each. */
  readonly customers: number;
  /** The end of history, exclusive, in milliseconds. */
  readonly endMs: number;
  /** Which retailer; the same seed, customers and end give the same events. Default 1. */
  readonly seed?: number;
  readonly onProgress?: (progress: FillProgress) => void;
  readonly signal?: AbortSignal;
  readonly maxThreads?: number;
}

/** At most this many customers a statement, to bound its memory to some 1.5 GB. */
const LARGEST_SLICE = 25_000;
/** At least this many: a statement takes a third of a second before it makes its first row. */
const SMALLEST_SLICE = 1_000;
const SLICES = 6;
const SECONDS = 600;
/** A gap is filled only if the store knows what came before, and only so far back: more takes too long. */
const LONGEST_GAP_MS = 30 * DAY_MS;
const SHORTEST_GAP_MS = 10 * 60_000;

/** Fills an empty store with a generated history; returns the events stored. */
export async function generateHistory(engine: Engine, options: GenerateOptions): Promise<number> {
  const { customers, endMs, seed = 1, onProgress, signal, maxThreads } = options;
  const size = Math.min(LARGEST_SLICE, Math.max(SMALLEST_SLICE, Math.ceil(customers / SLICES)));
  const call = { signal, maxSeconds: SECONDS, ...(maxThreads !== undefined && { maxThreads }) };
  const span = { endMs, fromMs: null, idPrefix: '' };
  for (let first = 0; first < customers; first += size) {
    const slice = { seed, first, count: Math.min(size, customers - first) };
    await engine.command('demo_traits', generateTraits(slice, endMs), call);
    await engine.command('demo_events', generateEvents(slice, span), call);
    onProgress?.({ rows: await countEvents(engine), share: (first + slice.count) / customers });
  }
  return countEvents(engine);
}

/**
 * Adds what the same customers would have done since the store's newest event, so that a demo opened after days
 * does not look dead: at most the last 30 days, one to two seconds on 2 cores. Returns the events added.
 */
export async function generateGap(engine: Engine, customers: number, endMs: number): Promise<number> {
  const { rows } = await engine.query<{ newest: string }>({
    name: 'demo_newest',
    sql: sql`SELECT toString(toUnixTimestamp64Milli(max(time))) AS newest FROM events WHERE time < ${param.time(endMs)}`,
  });
  const newest = Number(rows[0]?.newest ?? 0);
  if (newest === 0 || endMs - newest < SHORTEST_GAP_MS) return 0;
  const before = await countEvents(engine);
  const fromMs = Math.max(newest + 1, endMs - LONGEST_GAP_MS);
  const span = { endMs, fromMs, idPrefix: `${Math.floor(endMs / 1000).toString(36)}-` };
  await engine.command('demo_gap', generateEvents({ seed: 1, first: 0, count: customers }, span), {
    maxSeconds: SECONDS,
  });
  return (await countEvents(engine)) - before;
}
