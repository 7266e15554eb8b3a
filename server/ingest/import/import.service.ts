/**
 * A file into the store, whole or not at all: first every row is read and checked aside, then chunks are
 * stored set by set, known ids left out. One that was killed while storing is finished by the next import;
 * run twice, nothing counts twice.
 */
import type { Engine } from '../../engine/port.ts';
import { param, sql } from '../../query/sql.ts';
import { announceChange } from '../announce.ts';
import { ROW_LIMITS } from '../event.ts';
import * as commit from './commit.sql.ts';
import * as log from './imports-log.ts';
import type { ImportRecord } from './imports-log.ts';
import { openSource } from './open-source.ts';
import { prepareRows } from './prepare.sql.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { ImportProgress } from './progress-meter.ts';
import type { Source, SourceChunk } from './source.ts';

export interface ImportOptions {
  readonly engine: Engine;
  readonly path: string;
  /** Column by field, where common names do not tell: `{ customerId: 'kunde' }`. */
  readonly map?: Readonly<Record<string, string>>;
  readonly onProgress?: (progress: ImportProgress) => void;
  readonly signal?: AbortSignal;
  /** Milliseconds since 1970; default: the clock. */
  readonly now?: () => number;
}

export interface ImportResult {
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
}

const MAX_SECONDS = 24 * 3600;
/** Chunks of one file that are read side by side, where the file allows it. */
const READERS = 2;

/** Throws ImportError or InputError for a file that cannot be taken, EngineError where the store failed. */
export async function importFile(options: ImportOptions): Promise<ImportResult> {
  const { engine, path, signal, now = Date.now } = options;
  const completed = await completeAbandoned(engine, signal);
  const meter = new ProgressMeter(options.onProgress, now);
  try {
    const source = await openSource(path, options.map ?? {}, meter.read);
    try {
      const { rows, accepted, rejected } = await importSource(
        { engine, source, meter, nowMs: now(), signal },
        path,
      );
      const duplicates = rows - accepted - rejected;
      return { rows, accepted, rejected, duplicates, leftOut: source.leftOut, completed };
    } finally {
      await source.close();
    }
  } finally {
    meter.end();
  }
}

async function importSource(staging: Staging, path: string): Promise<ImportRecord> {
  const { engine, meter, signal } = staging;
  const entry = await log.ImportEntry.open(engine, log.newImport(path, staging.nowMs));
  try {
    const staged = await stage(staging, entry.record.importId).catch(async (error: unknown) => {
      await forget(engine, entry);
      throw error;
    });
    await entry.save({ ...staged, state: 'committing' });
    await log.turnToStore(engine, entry.record, signal);
    await store({ engine, entry, meter, signal, isInDoubt: false });
    return entry.record;
  } finally {
    entry.close();
  }
}

interface Staging {
  readonly engine: Engine;
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

interface Storing {
  readonly engine: Engine;
  readonly entry: log.ImportEntry;
  readonly meter: ProgressMeter | null;
  readonly signal: AbortSignal | undefined;
  /** The first chunk to store may be there in part. */
  readonly isInDoubt: boolean;
}

/** Stores the chunks that are not yet, then what was rejected. */
async function store({ engine, entry, meter, signal, isInDoubt }: Storing): Promise<void> {
  const { record } = entry;
  const { importId, chunks } = record;
  const call = { signal, maxSeconds: MAX_SECONDS };
  let { accepted } = record;
  for (let chunk = record.doneChunks; chunk < chunks; chunk += 1) {
    const known: commit.Known = isInDoubt && chunk === record.doneChunks ? 'by events' : 'by ids';
    const found = Number(
      (await engine.query(commit.countNew(importId, chunk, known), call)).rows[0]?.accepted ?? 0,
    );
    if (found > 0) await engine.command(storeName(importId), commit.storeChunk(importId, chunk, known), call);
    if (known === 'by events') {
      await engine.command('import.repair_ids', commit.repairIds(importId, chunk), call);
      await engine.command('import.repair_customers', commit.repairCustomers(importId, chunk), call);
    }
    accepted += found;
    if (found > 0 || known === 'by events') await announceChange(engine);
    await entry.save({ doneChunks: chunk + 1, accepted });
    meter?.stored((chunk + 1) / chunks);
  }
  await engine.command(
    'import.keep_rejected',
    commit.keepRejected(importId, sql`${param.string(record.file)}`),
    call,
  );
  await dropRows(engine, importId);
  await entry.save({ state: 'done' });
}

/** Finishes what was being stored when its process was killed, forgets what had only been read. */
async function completeAbandoned(engine: Engine, signal?: AbortSignal): Promise<readonly string[]> {
  const completed: string[] = [];
  for (const record of await log.abandonedImports(engine)) {
    const entry = await log.ImportEntry.open(engine, record);
    try {
      if (record.state === 'staging') await forget(engine, entry);
      else {
        if (!(await log.turnToStore(engine, entry.record, signal))) continue;
        await endStatements(engine, record.importId);
        await store({ engine, entry, meter: null, signal, isInDoubt: true });
        completed.push(record.file);
      }
    } finally {
      entry.close();
    }
  }
  return completed;
}

const storeName = (importId: number): string => `import.store_${importId}`;

/** The statement of a killed process runs on in the engine: it must end before its work is looked at. */
async function endStatements(engine: Engine, importId: number): Promise<void> {
  await engine.command(
    'import.end_statements',
    sql`KILL QUERY WHERE Settings['log_comment'] = ${param.string(storeName(importId))} SYNC`,
    { maxSeconds: 600 },
  );
}

async function forget(engine: Engine, entry: log.ImportEntry): Promise<void> {
  await dropRows(engine, entry.record.importId);
  await entry.save({ state: 'dropped' });
}

async function dropRows(engine: Engine, importId: number): Promise<void> {
  for (const statement of commit.dropRows(importId)) await engine.command('import.drop_rows', statement);
}
