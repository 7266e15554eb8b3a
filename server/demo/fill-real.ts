/**
 * Loads a bundled real data set and moves it in time, so that it ends now. Its rows go through a table of text
 * first, since the files' columns differ.
 */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Engine } from '../engine/port.ts';
import { projectRoot } from '../engine/project.ts';
import { REAL_DATASETS } from './datasets.ts';
import type { DemoDataset } from './datasets.ts';
import { countEvents } from './demo-state.ts';
import type { FillProgress } from './fill-generated.ts';
import { dropStagingTable, eventsFromStaging, stagingTable } from './real-events.sql.ts';

export type RealDatasetName = Exclude<DemoDataset, 'generated'>;

export interface LoadOptions {
  /** The instant to end at, or shortly before. */
  readonly endMs: number;
  readonly onProgress?: (progress: FillProgress) => void;
  readonly signal?: AbortSignal;
}

/** How far the set's times are moved so that it ends at `endMs` or, kept to whole steps, shortly before. */
export function shiftOf(dataset: RealDatasetName, endMs: number): number {
  const { lastEvent, shiftStepMs } = REAL_DATASETS[dataset];
  return Math.floor((endMs - Date.parse(lastEvent)) / shiftStepMs) * shiftStepMs;
}

/** Fills an empty store with the set; returns the events stored. */
export async function loadReal(
  engine: Engine,
  dataset: RealDatasetName,
  options: LoadOptions,
): Promise<number> {
  const { endMs, onProgress, signal } = options;
  const { folder, rows } = REAL_DATASETS[dataset];
  const call = { signal, maxSeconds: 600 };
  await engine.command('demo_staging_dropped', dropStagingTable, call);
  await engine.command('demo_staging', stagingTable, call);
  try {
    const file = createReadStream(join(projectRoot(), 'data', folder, 'events.csv.gz'));
    // The file counts for the first two thirds of the work, the statement that follows for the rest.
    const counted = countLines((lines) => onProgress?.({ rows: 0, share: Math.min(1, lines / rows) * 0.66 }));
    const body = file
      .on('error', (error) => counted.destroy(error))
      .pipe(createGunzip())
      .on('error', (error) => counted.destroy(error))
      .pipe(counted);
    await engine.insertStream('demo_rows', body, 'CSVWithNames', call);
    await engine.command('demo_real_events', eventsFromStaging(dataset, shiftOf(dataset, endMs)), call);
  } finally {
    await engine.command('demo_staging_dropped', dropStagingTable);
  }
  const stored = await countEvents(engine);
  onProgress?.({ rows: stored, share: 1 });
  return stored;
}

/** Passes bytes on and says how many lines have gone by, at most every 20,000. */
function countLines(report: (lines: number) => void): Transform {
  let lines = 0;
  let reported = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines += 1;
      if (lines - reported >= 20_000) {
        reported = lines;
        report(lines);
      }
      done(null, chunk);
    },
  });
}
