/**
 * Fills a store with the demo's data once, and on later runs closes the gap since the last. Owns the rules of
 * when: never over a user's own data, never twice, and from the start where an earlier fill broke off.
 *
 * On a later run of the generated retailer, the days since its newest event (at most 30) are generated too:
 * one to two seconds on 2 cores, so always done. Real sets are left as they are: what is real is not made up; they stay where
 * the first run moved them, and the live replay goes on from there.
 */
import type { Engine } from '../engine/port.ts';
import type { DemoDataset } from './datasets.ts';
import { countEvents, emptyStore, readDemoState, writeDemoState } from './demo-state.ts';
import { generateGap, generateHistory } from './fill-generated.ts';
import type { FillProgress } from './fill-generated.ts';
import { loadReal } from './fill-real.ts';

export const DEMO_CUSTOMERS = 50_000;

export interface FillOptions {
  readonly dataset: DemoDataset;
  /** Of the generated retailer. Default DEMO_CUSTOMERS. */
  readonly customers?: number;
  /** Now, in milliseconds: where the data end. */
  readonly endMs: number;
  readonly onProgress?: (progress: FillProgress) => void;
  readonly signal?: AbortSignal;
  readonly maxThreads?: number;
}

export interface FillOutcome {
  /** False when the store was filled before. */
  readonly filled: boolean;
  /** Events that this run has added. */
  readonly rows: number;
  readonly ms: number;
}

/** The store holds something that the demo must not touch; the message says what to do. */
export class DemoRefused extends Error {
  override readonly name = 'DemoRefused';
}

/** Throws DemoRefused for a store with other data in it. */
export async function fillDemo(engine: Engine, options: FillOptions): Promise<FillOutcome> {
  const { dataset, endMs } = options;
  const started = performance.now();
  const outcome = (filled: boolean, rows: number): FillOutcome => ({
    filled,
    rows,
    ms: Math.round(performance.now() - started),
  });
  const before = await readDemoState(engine);
  if (before?.state === 'filled') {
    if (before.dataset !== dataset) throw new DemoRefused(shows(before.dataset, dataset));
    return outcome(false, dataset === 'generated' ? await generateGap(engine, before.customers, endMs) : 0);
  }
  if (before) await emptyStore(engine);
  else if ((await countEvents(engine)) > 0) throw new DemoRefused(HOLDS_OTHER_DATA);

  const customers = dataset === 'generated' ? (options.customers ?? DEMO_CUSTOMERS) : 0;
  await writeDemoState(engine, { dataset, state: 'filling', customers, rows: 0 }, endMs);
  const rows =
    dataset === 'generated'
      ? await generateHistory(engine, { ...options, customers })
      : await loadReal(engine, dataset, options);
  await writeDemoState(engine, { dataset, state: 'filled', customers, rows }, endMs);
  return outcome(true, rows);
}

const HOLDS_OTHER_DATA =
  'This store already holds events that are not the demo’s. Set DATA_DIR to another folder for the demo, or run `npm start` to see them.';

function shows(present: DemoDataset, wanted: DemoDataset): string {
  return `This store shows the demo data "${present}". Set DATA_DIR to another folder to see "${wanted}".`;
}
