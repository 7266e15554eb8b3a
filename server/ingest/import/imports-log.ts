/**
 * What is known of imports: how far each is and whether its process still lives, so that one that was killed
 * is finished or forgotten, and only one stores at a time. Knows nothing of files.
 */
import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { isAlive, thisProcess } from '../../engine/embedded/lock.ts';
import type { Holder } from '../../engine/embedded/lock.ts';
import type { Engine } from '../../engine/port.ts';
import { sql, utcText } from '../../query/sql.ts';

/** `staging`: nothing counts yet. `committing`: some chunks may be stored. */
export type ImportState = 'staging' | 'committing' | 'done' | 'dropped';

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
  /** Rises with every change, so that what is written late does not win. */
  readonly version: number;
}

interface OpenImport extends ImportRecord {
  readonly owner: string;
  readonly silentSeconds: number;
}

/** One that has not been heard of for so long is taken for dead, wherever it ran. */
const SILENT_SECONDS = 60;
export const HEARTBEAT_MS = 5000;
/** A claim is seen by all others before anybody acts on it. */
const SETTLE_MS = 100;
const POLL_MS = 500;

/** Imports that this process is at. */
const active = new Set<number>();

interface Owner extends Holder {
  readonly host: string;
}

export function newImport(file: string, nowMs: number): ImportRecord {
  const importId = randomInt(1, 2 ** 48 - 1);
  active.add(importId);
  const counts = { version: 0, chunks: 0, doneChunks: 0, rows: 0, accepted: 0, rejected: 0 };
  return { importId, file, state: 'staging', startedMs: nowMs, ...counts };
}

/** This process is no longer at it; what is left of it is anybody's. */
export function leaveImport({ importId }: ImportRecord): void {
  active.delete(importId);
}

/** Taken over from a process that is gone. */
export function adoptImport({ importId }: ImportRecord): void {
  active.add(importId);
}

export async function writeImport(engine: Engine, record: ImportRecord): Promise<void> {
  const owner: Owner = { host: hostname(), ...thisProcess() };
  await engine.insert('imports', [
    {
      import_id: record.importId,
      file: record.file,
      state: record.state,
      owner: JSON.stringify(owner),
      chunks: record.chunks,
      done_chunks: record.doneChunks,
      rows: record.rows,
      accepted: record.accepted,
      rejected: record.rejected,
      started_at: utcText(record.startedMs),
      version: record.version,
    },
  ]);
}

/** Imports that were begun and not ended, whose process is gone. */
export async function abandonedImports(engine: Engine): Promise<readonly ImportRecord[]> {
  return (await openImports(engine)).filter((record) => !isOwned(record));
}

/** Resolves when it is this import's turn to store; it must already say that it is `committing`. */
export async function turnToStore(
  engine: Engine,
  own: ImportRecord,
  signal: AbortSignal | undefined,
): Promise<void> {
  await pause(SETTLE_MS);
  const isBefore = (other: ImportRecord): boolean =>
    other.startedMs < own.startedMs || (other.startedMs === own.startedMs && other.importId < own.importId);
  for (;;) {
    const others = (await openImports(engine)).filter(
      (record) => record.state === 'committing' && record.importId !== own.importId && isOwned(record),
    );
    const isFirst = !others.some((other) => other.doneChunks > 0 || isBefore(other));
    if (isFirst) return;
    signal?.throwIfAborted();
    await pause(POLL_MS);
  }
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
    version: string;
    silent_seconds: number;
  }>({
    name: 'import.open',
    sql: sql`SELECT import_id, file, state, owner, chunks, done_chunks, rows, accepted, rejected, version,
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
    version: Number(row.version),
    silentSeconds: row.silent_seconds,
  }));
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
