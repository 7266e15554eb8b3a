/**
 * The facts of everybody, streamed from the engine in binary and handed on as they come. The event loop is given back
 * every few milliseconds, whatever whoever reads does with them.
 */
import { setImmediate } from 'node:timers/promises';
import type { CallOptions, Engine } from '../../engine/port.ts';
import type { Sql } from '../../query/sql.ts';
import { FactsReader, type FactsBatch } from './facts-reader.ts';

/** One batch (64 kB) takes about a millisecond: with it the loop is given back well within eight. */
const GIVE_BACK_MS = 4;

export interface FactsStatement {
  readonly name: string;
  /** `SELECT customer_key UInt64, Array(UInt64)`, an array for each number of a fact; a customer once or often. */
  readonly sql: Sql;
  readonly width: 1 | 2 | 3;
}

/** Batches until all have come; throws rather than end early. */
export async function* factsStream(
  engine: Pick<Engine, 'streamBytes'>,
  { name, sql, width }: FactsStatement,
  options?: CallOptions,
): AsyncGenerator<FactsBatch> {
  const reader = new FactsReader(width);
  let since = performance.now();
  for await (const bytes of engine.streamBytes({ name, sql }, options)) {
    const batch = reader.read(bytes);
    if (batch.count > 0) yield batch;
    if (performance.now() - since < GIVE_BACK_MS) continue;
    await setImmediate();
    since = performance.now();
  }
  reader.end();
}
