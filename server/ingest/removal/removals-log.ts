/** Removals as they are written down: what was begun, what is done, and what was found. Holds no rule. */
import { randomInt, randomUUID } from 'node:crypto';
import type { Engine } from '../../engine/port.ts';
import { int, param, sql, utcText } from '../../query/sql.ts';
import type { Removed } from './events.sql.ts';

/** How much was found; whatever was removed once stays counted. */
export interface Found {
  readonly events: number;
  readonly traits: number;
  readonly identities: number;
  readonly audiences: number;
  readonly rejectedEvents: number;
  readonly importRows: number;
}

export interface RemovalRecord {
  readonly removed: Removed;
  readonly receipt: string;
  readonly beganMs: number;
  readonly found: Found;
  readonly version: number;
}

const NOTHING: Found = {
  events: 0,
  traits: 0,
  identities: 0,
  audiences: 0,
  rejectedEvents: 0,
  importRows: 0,
};

/** Written down before anything is removed. */
export async function beginRemoval(
  engine: Engine,
  what: { readonly kind: 'import'; readonly importId: number } | { readonly kind: 'customer' },
  nowMs: number,
): Promise<RemovalRecord> {
  const removalId = randomInt(1, 2 ** 48 - 1);
  const record = {
    removed: { ...what, removalId },
    receipt: randomUUID(),
    beganMs: nowMs,
    found: NOTHING,
    version: 0,
  };
  return writeRemoval(engine, record, 'begun');
}

export async function writeRemoval(
  engine: Engine,
  record: RemovalRecord,
  state: 'begun' | 'done',
): Promise<RemovalRecord> {
  const { removed, receipt, beganMs, found, version } = record;
  await engine.insert('removals', [
    {
      removal_id: removed.removalId,
      kind: removed.kind,
      import_id: removed.kind === 'import' ? removed.importId : 0,
      receipt,
      state,
      begun_at: utcText(beganMs),
      ...countColumns(found),
      version: version + 1,
    },
  ]);
  return { ...record, version: version + 1 };
}

function countColumns(found: Found): object {
  return {
    events: found.events,
    traits: found.traits,
    identities: found.identities,
    audiences: found.audiences,
    rejected_events: found.rejectedEvents,
    import_rows: found.importRows,
  };
}

interface RemovalRow {
  readonly removal_id: string;
  readonly kind: Removed['kind'];
  readonly import_id: string;
  readonly receipt: string;
  readonly began_ms: string;
  readonly events: string;
  readonly traits: string;
  readonly identities: string;
  readonly audiences: string;
  readonly rejected_events: string;
  readonly import_rows: string;
  readonly version: string;
}

/** Those that were begun and not ended, the oldest first. */
export async function openRemovals(engine: Engine): Promise<readonly RemovalRecord[]> {
  const { rows } = await engine.query<RemovalRow>({
    name: 'removal.open',
    sql: sql`SELECT removal_id, kind, import_id, receipt, toUnixTimestamp64Milli(begun_at) AS began_ms, events, traits,
  identities, audiences, rejected_events, import_rows, version
FROM removals FINAL WHERE state = 'begun' ORDER BY begun_at, removal_id`,
  });
  return rows.map((row) => {
    const removalId = Number(row.removal_id);
    return {
      removed:
        row.kind === 'import'
          ? { kind: row.kind, removalId, importId: Number(row.import_id) }
          : { kind: row.kind, removalId },
      receipt: row.receipt,
      beganMs: Number(row.began_ms),
      found: foundOf(row),
      version: Number(row.version),
    };
  });
}

type CountColumns = Pick<
  RemovalRow,
  'events' | 'traits' | 'identities' | 'audiences' | 'rejected_events' | 'import_rows'
>;

function foundOf(row: CountColumns): Found {
  return {
    events: Number(row.events),
    traits: Number(row.traits),
    identities: Number(row.identities),
    audiences: Number(row.audiences),
    rejectedEvents: Number(row.rejected_events),
    importRows: Number(row.import_rows),
  };
}

/** The receipt; the same one again changes nothing. */
export async function writeReceipt(engine: Engine, record: RemovalRecord): Promise<void> {
  const row = { id: record.receipt, at: utcText(record.beganMs), ...countColumns(record.found) };
  await engine.insert('erasures', [row]);
}

export interface Erasure {
  readonly id: string;
  readonly at: Date;
  readonly found: Found;
}

/** The newest first, after this instant and id. */
export async function readErasures(
  engine: Engine,
  first: number,
  after: readonly string[] | null,
): Promise<{ readonly totalCount: number; readonly erasures: readonly Erasure[] }> {
  const [at, id] = after ?? [];
  const isAfter =
    at === undefined || id === undefined
      ? sql`1`
      : sql`(toUnixTimestamp64Milli(at), toString(id)) < (${param.int64(at)}, ${param.string(id)})`;
  const page = await engine.query<CountColumns & { id: string; at_ms: string }>({
    name: 'removal.erasures',
    sql: sql`SELECT id, toUnixTimestamp64Milli(at) AS at_ms, events, traits, identities, audiences, rejected_events, import_rows
FROM erasures FINAL WHERE ${isAfter} ORDER BY at DESC, toString(id) DESC LIMIT ${int(first)}`,
  });
  const total = await engine.query<{ total: string }>({
    name: 'removal.count_erasures',
    sql: sql`SELECT count() AS total FROM erasures FINAL`,
  });
  return {
    totalCount: Number(total.rows[0]?.total ?? 0),
    erasures: page.rows.map((row) => ({ id: row.id, at: new Date(Number(row.at_ms)), found: foundOf(row) })),
  };
}
