/**
 * A file into the store, whole or not at all: first every row is read and checked aside, then chunks are
 * stored set by set, known ids left out. One that was killed while storing is finished by the next import;
 * run twice, nothing counts twice.
 */
import { EngineError } from '../../engine/port.ts';
import type { Engine } from '../../engine/port.ts';
import { ROW_LIMITS } from '../event.ts';
import type { Turn } from '../turns/turn-within.ts';
import * as commit from './commit.sql.ts';
import { importProblem } from './import-error.ts';
import * as log from './imports-log.ts';
import type { ImportRecord } from './imports-log.ts';
import { openSource } from './open-source.ts';
import { prepareRows } from './prepare.sql.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { ImportProgress } from './progress-meter.ts';
import type { Source, SourceChunk } from './source.ts';
import { CANCELLED, completeAbandoned, forget, MAX_SECONDS, store } from './storing.ts';

export interface ImportOptions {
  readonly engine: Engine;
  readonly path: string;
  /** What it is called in lists; default: its path. */
  readonly name?: string | undefined;
  /** Column by field, where common names do not tell: `{ customerId: 'kunde' }`. */
  readonly map?: Readonly<Record<string, string>>;
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds since 1970; default: the clock. */
  readonly now?: () => number;
  /** The order among all who write. */
  readonly turn?: Turn | undefined;
  /** Waits until there is room for one more. */
  readonly admit?: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface ImportResult {
  /** Names the import: `undo-import` takes it. */
  readonly id: string;
  /** Records in the file. */
  readonly rows: number;
  readonly accepted: number;
  readonly duplicates: number;
  /** Kept aside with their reasons. */
  readonly rejected: number;
  /** Columns in a form that is not taken, by name. */
  readonly leftOut: readonly string[];
  /** Files of earlier imports that had been interrupted and were completed first. */
  readonly completed: readonly string[];
  /** It was cancelled by somebody else, and nothing of it is kept. */
  readonly isUndone: boolean;
}

/** An import that has begun: its file is one that can be taken. */
export interface BegunImport {
  readonly id: string;
  /** Rejects with EngineError where the store failed, ImportError where the file turned out to be bad. */
  readonly done: Promise<ImportResult>;
}

/** Chunks of one file that are read side by side, where the file allows it. */
const READERS = 2;

/** Throws ImportError or InputError for a file that cannot be taken, EngineError where the store failed. */
export async function importFile(options: ImportOptions): Promise<ImportResult> {
  return (await beginImport(options)).done;
}

/** Resolves once it is known that the file has what it takes; otherwise as `importFile`. */
export async function beginImport(options: ImportOptions): Promise<BegunImport> {
  const { engine, path, name = path, now = Date.now } = options;
  const meter = new ProgressMeter(options.onProgress, now);
  try {
    const source = await openSource(path, options.map ?? {}, meter.read);
    try {
      const entry = await log.ImportEntry.open(engine, log.newImport(name, now()));
      const done = finish(options, { engine, source, meter, entry, nowMs: now(), signal: options.signal });
      return { id: String(entry.record.importId), done };
    } catch (error) {
      await source.close();
      throw error;
    }
  } catch (error) {
    meter.end();
    throw error;
  }
}

async function finish(
  { turn, admit = (work) => work() }: ImportOptions,
  staging: Staging,
): Promise<ImportResult> {
  const { source, meter, entry } = staging;
  const telling = setInterval(() => entry.reach(meter.share, meter.read.rows), 500);
  try {
    const completed = await admit(() => importSource(staging, turn));
    const { importId, rows, accepted, rejected, state } = entry.record;
    const duplicates = rows - accepted - rejected;
    const counts = { rows, accepted, rejected, duplicates };
    return {
      id: String(importId),
      ...counts,
      leftOut: source.leftOut,
      completed,
      isUndone: state === 'undone',
    };
  } finally {
    clearInterval(telling);
    meter.end();
    entry.close();
    await source.close();
  }
}

async function importSource(staging: Staging, turn: Turn | undefined): Promise<readonly string[]> {
  const { engine, meter, entry } = staging;
  let completed: readonly string[] = [];
  // Until it stores, whoever cancels it ends it at once; then between chunks.
  const signal = AbortSignal.any([...(staging.signal ? [staging.signal] : []), entry.cancelled]);
  try {
    completed = await completeAbandoned(engine, turn, signal);
    await entry.save(await stage({ ...staging, signal }, entry.record.importId));
    await entry.isCancelled();
    signal.throwIfAborted();
    await entry.save({ state: 'committing' });
    await log.turnToStore(engine, entry.record, signal);
  } catch (error) {
    if (!entry.cancelled.aborted) {
      await forget(engine, entry, 'dropped', problemOf(error, staging.signal)).catch(() => {});
      throw error;
    }
    await forget(engine, entry, 'undone', CANCELLED);
    return completed;
  }
  try {
    await store({ engine, turn, entry, meter, signal: staging.signal, isInDoubt: false });
    return completed;
  } catch (error) {
    await entry.save({ problem: HALF }).catch(() => {});
    throw error;
  }
}

const HALF = 'It stopped halfway; the next import or start of the server completes it.';

function problemOf(error: unknown, signal: AbortSignal | undefined): string {
  const isInterrupted = signal?.aborted || (error instanceof EngineError && error.code === 'CANCELLED');
  if (isInterrupted) return 'It was interrupted; nothing of it was stored. Import it again.';
  return importProblem(error) ?? 'It failed for a reason that nobody foresaw; the log has it.';
}

interface Staging {
  readonly engine: Engine;
  readonly entry: log.ImportEntry;
  readonly source: Source;
  readonly meter: ProgressMeter;
  readonly nowMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Reads and checks the whole file; nothing counts yet. */
async function stage(
  { engine, source, meter, nowMs, signal }: Staging,
  importId: number,
): Promise<Pick<ImportRecord, 'chunks' | 'rows' | 'rejected'>> {
  // Record numbers follow from the order of rows, which one thread keeps.
  const call = { signal, maxSeconds: MAX_SECONDS, ...(source.format === 'Parquet' && { maxThreads: 1 }) };
  const prepare = ({ firstRow, body }: SourceChunk, chunk: number): Promise<void> =>
    engine.insertSelect(
      'import.prepare',
      prepareRows(source, { importId, chunk, firstRow, nowMs, ...ROW_LIMITS }),
      body,
      call,
    );
  const chunks = await eachChunk(source, prepare, signal);
  await engine.command('import.number_repeats', commit.numberRepeats(importId), {
    signal,
    maxSeconds: MAX_SECONDS,
  });
  const counts = (await engine.query(commit.countRows(importId), { signal })).rows[0];
  meter.staged(Number(counts?.rows ?? 0));
  return { chunks, rows: Number(counts?.rows ?? 0), rejected: Number(counts?.rejected ?? 0) };
}

async function eachChunk(
  source: Source,
  prepare: (chunk: SourceChunk, index: number) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<number> {
  const running = new Set<Promise<void>>();
  let failed: unknown;
  let count = 0;
  for await (const chunk of source.chunks) {
    signal?.throwIfAborted();
    const one = prepare(chunk, count)
      .catch((error: unknown) => (failed ??= error))
      .then(() => void running.delete(one));
    running.add(one);
    count += 1;
    if (source.isSequential || running.size >= READERS) await Promise.race(running);
    if (failed !== undefined) break;
  }
  await Promise.all(running);
  if (failed !== undefined) throw failed as Error;
  return count;
}
