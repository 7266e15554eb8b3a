/**
 * What is known of imports: how far each is and whether its process still lives, so that one that was killed
 * is finished or forgotten, and only one stores at a time. Knows nothing of files.
 */
import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { isAlive, thisProcess } from '../../engine/embedded/lock.ts';
import type { Holder } from '../../engine/embedded/lock.ts';
import type { Engine } from '../../engine/port.ts';
import { int, sql, utcText } from '../../query/sql.ts';

/**
 * `staging`: nothing counts yet. `committing`: some chunks may be stored. `dropped`: failed, nothing counts.
 * `undone`: taken back, or given up on request.
 */
export type ImportState = 'staging' | 'committing' | 'done' | 'dropped' | 'undone';

export interface ImportRecord {
  readonly importId: number;
  readonly file: string;
  readonly state: ImportState;
  readonly chunks: number;
  /** So many chunks are stored; the one after them may be. */
  readonly doneChunks: number;
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly startedMs: number;
  /** Null as long as it is under way. */
  readonly finishedMs: number | null;
  /** Of the whole work, 0..1. */
  readonly progress: number;
  /** Why it failed, in a sentence; else empty. */
  readonly problem: string;
  /** Rises with every change, so that what is written late does not win. */
  readonly version: number;
}

interface OpenImport extends ImportRecord {
  readonly owner: string;
  readonly silentSeconds: number;
}

/** One that has not been heard of for so long is taken for dead, wherever it ran. */
const SILENT_SECONDS = 60;
/** How often it is said that an import lives, and how far it is; and how soon it hears that it is cancelled. */
const HEARTBEAT_MS = 1000;
/** A claim is seen by all others before anybody acts on it. */
const SETTLE_MS = 100;
const POLL_MS = 500;

/** Imports that this process is at. */
const active = new Set<number>();

interface Owner extends Holder {
  readonly host: string;
}

export function newImport(file: string, nowMs: number): ImportRecord {
  const counts = { version: 0, chunks: 0, doneChunks: 0, rows: 0, accepted: 0, rejected: 0, progress: 0 };
  const importId = randomInt(1, 2 ** 48 - 1);
  return { importId, file, state: 'staging', startedMs: nowMs, finishedMs: null, problem: '', ...counts };
}

/** An import that this process is at: kept up in the store, and said to live, until it is closed. */
export class ImportEntry {
  record: ImportRecord;
  private readonly engine: Engine;
  private readonly heartbeat: NodeJS.Timeout;
  private readonly cancelling = new AbortController();

  /** Begins a new one, or takes over one whose process is gone. */
  static async open(engine: Engine, record: ImportRecord): Promise<ImportEntry> {
    const entry = new ImportEntry(engine, record);
    try {
      await entry.save({});
      await entry.isCancelled();
      return entry;
    } catch (error) {
      entry.close();
      throw error;
    }
  }

  private constructor(engine: Engine, record: ImportRecord) {
    this.engine = engine;
    this.record = record;
    active.add(record.importId);
    this.heartbeat = setInterval(() => void this.beat().catch(() => {}), HEARTBEAT_MS);
  }

  /** Aborts once somebody wants the import no more. */
  get cancelled(): AbortSignal {
    return this.cancelling.signal;
  }

  /** How far it is, told with the next sign of life. */
  reach(progress: number, rows: number): void {
    this.record = { ...this.record, progress, rows: Math.max(rows, this.record.rows) };
  }

  async save(change: Partial<ImportRecord>): Promise<void> {
    this.record = { ...this.record, ...change, version: this.record.version + 1 };
    await writeImport(this.engine, this.record);
  }

  /** What is left of it is anybody's. */
  close(): void {
    clearInterval(this.heartbeat);
    active.delete(this.record.importId);
  }

  private async beat(): Promise<void> {
    await writeImport(this.engine, this.record);
    await this.isCancelled();
  }

  /** Whether somebody wants it no more, also where that was said this moment. */
  async isCancelled(): Promise<boolean> {
    if (this.cancelled.aborted) return true;
    const { rows } = await this.engine.query<{ cancelled: number }>({
      name: 'import.cancelled',
      sql: sql`SELECT count() > 0 AS cancelled FROM import_cancellations WHERE import_id = ${int(this.record.importId)}`,
    });
    if (rows[0]?.cancelled === 1) this.cancelling.abort();
    return this.cancelled.aborted;
  }
}

/** To be heard by the process that is at the import, whichever that is. */
export async function requestCancellation(engine: Engine, importId: number): Promise<void> {
  await engine.insert('import_cancellations', [{ import_id: importId }]);
}

async function writeImport(engine: Engine, record: ImportRecord): Promise<void> {
  await engine.insert('imports', [
    {
      import_id: record.importId,
      file: record.file,
      state: record.state,
      owner: thisOwner(),
      chunks: record.chunks,
      done_chunks: record.doneChunks,
      rows: record.rows,
      accepted: record.accepted,
      rejected: record.rejected,
      started_at: utcText(record.startedMs),
      finished_at: utcText(record.finishedMs ?? 0),
      progress: record.progress,
      problem: record.problem,
      version: record.version,
    },
  ]);
}

/** Imports that were begun and not ended, whose process is gone. */
export async function abandonedImports(engine: Engine): Promise<readonly ImportRecord[]> {
  return (await openImports(engine)).filter((record) => !isOwned(record));
}

/**
 * Resolves when it is this import's turn to store; it must already say that it is `committing`. False where
 * another process has taken it over at the same moment.
 */
export async function turnToStore(
  engine: Engine,
  own: ImportRecord,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  await pause(SETTLE_MS);
  for (;;) {
    const all = await openImports(engine);
    const isTaken = all.some((record) => record.importId === own.importId && record.owner !== thisOwner());
    if (isTaken) return false;
    const isWaitedFor = (other: OpenImport): boolean =>
      other.state === 'committing' &&
      other.importId !== own.importId &&
      isBefore(other, own) &&
      isOwned(other);
    if (!all.some(isWaitedFor)) return true;
    signal?.throwIfAborted();
    await pause(POLL_MS);
  }
}

/** What is half stored goes first, then what was begun first. */
function isBefore(one: ImportRecord, other: ImportRecord): boolean {
  const isHalf = (record: ImportRecord): number => (record.doneChunks > 0 ? 0 : 1);
  const order =
    isHalf(one) - isHalf(other) || one.startedMs - other.startedMs || one.importId - other.importId;
  return order < 0;
}

function thisOwner(): string {
  const owner: Owner = { host: hostname(), ...thisProcess() };
  return JSON.stringify(owner);
}

async function openImports(engine: Engine): Promise<readonly OpenImport[]> {
  const { rows } = await engine.query<{
    import_id: string;
    file: string;
    state: ImportState;
    owner: string;
    chunks: number;
    done_chunks: number;
    rows: string;
    accepted: string;
    rejected: string;
    started_ms: string;
    progress: number;
    problem: string;
    version: string;
    silent_seconds: number;
  }>({
    name: 'import.open',
    sql: sql`SELECT import_id, file, state, owner, chunks, done_chunks, rows, accepted, rejected, progress, problem, version,
  toUnixTimestamp64Milli(started_at) AS started_ms, toFloat64(now64(3)) - toFloat64(updated_at) AS silent_seconds
FROM imports FINAL WHERE state IN ('staging', 'committing') ORDER BY started_at, import_id`,
  });
  return rows.map((row) => ({
    importId: Number(row.import_id),
    file: row.file,
    state: row.state,
    owner: row.owner,
    chunks: row.chunks,
    doneChunks: row.done_chunks,
    rows: Number(row.rows),
    accepted: Number(row.accepted),
    rejected: Number(row.rejected),
    startedMs: Number(row.started_ms),
    finishedMs: null,
    progress: row.progress,
    problem: row.problem,
    version: Number(row.version),
    silentSeconds: row.silent_seconds,
  }));
}

/** Whether a process is at it. */
export async function isUnderWay(engine: Engine, importId: number): Promise<boolean> {
  return (await openImports(engine)).some((record) => record.importId === importId && isOwned(record));
}

function isOwned({ importId, owner, silentSeconds }: OpenImport): boolean {
  const { host, ...holder } = JSON.parse(owner) as Owner;
  if (host === hostname()) {
    if (holder.pid === process.pid) return active.has(importId);
    if (!isAlive(holder)) return false;
  }
  return silentSeconds < SILENT_SECONDS;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
