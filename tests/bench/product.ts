/**
 * The product as benchmarks run it: its services on a store, with the clock stopped where the generated history
 * ends. The one place that says how answers are asked for uncached.
 */
import { pino } from 'pino';
import type { Engine } from '../../server/engine/port.ts';
import type { InsightScope } from '../../server/insights/scope.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { createServices } from '../../server/services.ts';
import type { TestServerOptions } from '../support/server.ts';
import { END_MS } from './questions.ts';

export const now = (): number => END_MS;

/** A clock that goes on from there, begun at this instant of the real one. */
export function goingOn(begunMs: number): () => number {
  return () => END_MS + Date.now() - begunMs;
}

/** Options under which every answer is computed when it is asked for. */
export const UNCACHED = { now, answering: { cacheBytes: 0 } } satisfies TestServerOptions;

/** Options under which answers are kept, as in production. */
export const CACHED: TestServerOptions = { now };

export interface Product {
  /** What an analysis is given with one call. */
  scope(): Promise<InsightScope>;
  close(): Promise<void>;
}

/** The product's own services over an engine, uncached, without HTTP. */
export async function openProduct(engine: Engine): Promise<Product> {
  const services = await createServices({
    engine,
    journeyMap: retailMap,
    log: pino({ level: 'silent' }),
    ...UNCACHED,
  });
  return {
    scope: async () => (await services.createContext()).scope,
    close: () => services.close(),
  };
}
