/** What became of what was sent, besides events stored, as sums in the store. Knows nothing of calls. */
import type { Engine, InsertOptions } from '../engine/port.ts';

/** What is absent is zero. */
export interface Counts {
  readonly duplicates?: number;
  readonly rejected?: number;
  readonly identified?: number;
  readonly removed?: number;
}

/** Adds to the sums, once per token; nothing is written where all are zero. */
export async function addCounts(engine: Engine, counts: Counts, options: InsertOptions): Promise<void> {
  const some = Object.entries(counts).filter(([, count]) => count !== 0 && count !== undefined);
  if (some.length === 0) return;
  await engine.insert('ingest_counts', [Object.fromEntries(some)], options);
}
