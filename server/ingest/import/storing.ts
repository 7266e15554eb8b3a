/**
 * What was read and checked becomes events, chunk by chunk; what was left half done by a process that is gone is
 * finished or forgotten. Knows nothing of files.
 */
import type { Engine } from '../../engine/port.ts';
import { param, sql } from '../../query/sql.ts';
import { announceChange } from '../announce.ts';
import { removeImport } from '../removal/removal.service.ts';
import { ownTurn } from '../turns/turn-within.ts';
import type { Turn } from '../turns/turn-within.ts';
import { addCounts } from '../counts.ts';
import * as commit from './commit.sql.ts';
import * as log from './imports-log.ts';
import type { ProgressMeter } from './progress-meter.ts';

export const MAX_SECONDS = 24 * 3600;

interface Storing {
  readonly engine: Engine;
  readonly turn: Turn | undefined;
  readonly entry: log.ImportEntry;
  readonly meter: ProgressMeter | null;
  readonly signal: AbortSignal | undefined;
  /** The first chunk to store may be there in part. */
  readonly isInDoubt: boolean;
}

/** Stores the chunks that are not yet, then what was rejected; takes all back where it is cancelled meanwhile. */
export async function store(storing: Storing): Promise<void> {
  const { engine, entry, isInDoubt } = storing;
  const { importId } = entry.record;
  await storeChunks(storing);
  if (await entry.isCancelled()) return takeBack(storing);
  if (isInDoubt) {
    const { rows } = await engine.query(commit.countStored(importId), { maxSeconds: MAX_SECONDS });
    await entry.save({ accepted: Number(rows[0]?.accepted ?? 0) });
  }
  const { file, rows, accepted, rejected } = entry.record;
  const call = { signal: storing.signal, maxSeconds: MAX_SECONDS };
  await engine.command(
    'import.keep_rejected',
    commit.keepRejected(importId, sql`${param.string(file)}`),
    call,
  );
  // The same token again, after a crash, counts nothing twice.
  const counts = { duplicates: rows - accepted - rejected, rejected };
  await addCounts(engine, counts, { deduplicationToken: `import_${importId}` });
  await dropRows(engine, importId);
  await entry.save({ state: 'done', progress: 1, problem: '', finishedMs: Date.now() });
}

/**
 * So many rows are stored in one turn. Beside others few, so that whoever sends events to them waits about half a
 * second at most; alone more, which is a third faster: then who comes first waits some seconds, once.
 */
const SLICE_ROWS = { alone: 500_000, besideOthers: 100_000 } as const;

async function storeChunks(storing: Storing): Promise<void> {
  const { engine, turn = ownTurn(engine), entry, meter, signal, isInDoubt } = storing;
  const { chunks, doneChunks, importId } = entry.record;
  for (let chunk = doneChunks; chunk < chunks; chunk += 1) {
    const known: commit.Known = isInDoubt && chunk === doneChunks ? 'by events' : 'by ids';
    // A chunk that may be there in part is made whole first: what is whole can be taken back.
    if (known === 'by ids' && (await entry.isCancelled())) return;
    const { rows } = await engine.query(commit.boundsOf(importId, chunk), { signal });
    const last = Number(rows[0]?.last ?? 0);
    let { accepted } = entry.record;
    let from = Number(rows[0]?.first ?? 0);
    while (from <= last) {
      const to = from - 1 + (turn.hasOthers ? SLICE_ROWS.besideOthers : SLICE_ROWS.alone);
      const slice = { importId, chunk, from, to };
      accepted += await turn.alone(() => storeSlice(turn.engine, slice, known, signal), signal);
      from = to + 1;
    }
    await entry.save({ doneChunks: chunk + 1, accepted });
    meter?.stored((chunk + 1) / chunks);
  }
}

/** Resolves to how many were not there yet. */
async function storeSlice(
  engine: Engine,
  slice: commit.Slice,
  known: commit.Known,
  signal: AbortSignal | undefined,
): Promise<number> {
  const call = { signal, maxSeconds: MAX_SECONDS };
  const { rows } = await engine.query(commit.countNew(slice, known), call);
  const found = Number(rows[0]?.accepted ?? 0);
  if (found > 0) await engine.command(storeName(slice.importId), commit.storeSlice(slice, known), call);
  if (known === 'by events') {
    await engine.command('import.repair_ids', commit.repairIds(slice), call);
    await engine.command('import.repair_customers', commit.repairCustomers(slice), call);
  }
  if (found > 0 || known === 'by events') await announceChange(engine);
  return found;
}

async function takeBack({ engine, turn, entry }: Storing): Promise<void> {
  const { importId } = entry.record;
  await dropRows(engine, importId);
  // Saved before the removal, which sets the state with the version after.
  await entry.save({ problem: CANCELLED });
  await removeImport({ engine, turn }, importId);
  entry.record = { ...entry.record, state: 'undone' };
}

export const CANCELLED = 'It was cancelled; nothing of it is kept.';
const ENDED =
  'The program that read it was ended before all was read; nothing of it was stored. Import it again.';

/** Finishes what was being stored when its process was killed, forgets what had only been read. */
export async function completeAbandoned(
  engine: Engine,
  turn: Turn | undefined,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const completed: string[] = [];
  for (const record of await log.abandonedImports(engine)) {
    const entry = await log.ImportEntry.open(engine, record);
    try {
      if (record.state === 'staging') await forget(engine, entry, 'dropped', ENDED);
      else {
        if (!(await log.turnToStore(engine, entry.record, signal))) continue;
        await endStatements(engine, record.importId);
        await store({ engine, turn, entry, meter: null, signal, isInDoubt: true });
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

/** Nothing of it counts yet, and nothing will. */
export async function forget(
  engine: Engine,
  entry: log.ImportEntry,
  state: 'dropped' | 'undone',
  problem: string,
): Promise<void> {
  await dropRows(engine, entry.record.importId);
  await entry.save({ state, problem, finishedMs: Date.now() });
}

async function dropRows(engine: Engine, importId: number): Promise<void> {
  for (const statement of commit.dropRows(importId)) await engine.command('import.drop_rows', statement);
}
