/** Published journey maps as they are kept in the engine. Holds no rule and no state. */
import type { Engine } from '../engine/port.ts';
import { int, param, sql, utcText } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';

/** A version as it was published; what it says is checked when it is used. */
export interface StoredMap {
  /** From 1. */
  readonly version: number;
  readonly id: string;
  readonly map: unknown;
  readonly savedBy: string;
  readonly savedMs: number;
  /** The version that it brought back; 0: the map that the server starts with; null: none. */
  readonly restores: number | null;
}

interface MapRow {
  readonly version: number;
  readonly id: string;
  readonly map: string;
  readonly saved_by: string;
  readonly saved_ms: number;
  readonly restores: number | null;
}

const SECONDS = 5;
/** Most versions that are listed. */
export const MOST_VERSIONS = 200;

const newestVersion: SqlQuery<{ version: number }> = {
  name: 'library.journey_map_version',
  isLight: true,
  isVolatile: true,
  sql: sql`SELECT max(version) AS version FROM journey_maps`,
};

const columns = sql`version, id, map, saved_by, toFloat64(toUnixTimestamp64Milli(saved_at)) AS saved_ms, restores`;

/** 0 where none was published. */
export async function readVersion(engine: Engine): Promise<number> {
  const { rows } = await engine.query(newestVersion, { maxSeconds: SECONDS });
  return rows[0]?.version ?? 0;
}

export async function readMap(engine: Engine, version: number): Promise<StoredMap | null> {
  const query: SqlQuery<MapRow> = {
    name: 'library.journey_map',
    isLight: true,
    sql: sql`SELECT ${columns} FROM journey_maps WHERE version = ${param.uint32(version)} LIMIT 1`,
  };
  const { rows } = await engine.query(query, { maxSeconds: SECONDS });
  return rows[0] ? stored(rows[0]) : null;
}

/** Newest first. */
export async function readMaps(engine: Engine): Promise<readonly StoredMap[]> {
  const query: SqlQuery<MapRow> = {
    name: 'library.journey_maps',
    isLight: true,
    sql: sql`SELECT ${columns} FROM journey_maps ORDER BY version DESC LIMIT ${int(MOST_VERSIONS)}`,
  };
  const { rows } = await engine.query(query, { maxSeconds: SECONDS });
  return rows.map(stored);
}

/** Nothing is written where the version has been taken: whoever cares reads it back. */
export async function writeMap(engine: Engine, map: StoredMap): Promise<void> {
  const row = {
    version: map.version,
    id: map.id,
    map: JSON.stringify(map.map),
    saved_by: map.savedBy,
    saved_at: utcText(map.savedMs),
    restores: map.restores,
  };
  const deduplicationToken = `journey-map-${map.version}`;
  await engine.insert('journey_maps', [row], { deduplicationToken, maxSeconds: SECONDS });
}

function stored({ version, id, map, saved_by, saved_ms, restores }: MapRow): StoredMap {
  const value = JSON.parse(map) as unknown;
  return { version, id, map: value, savedBy: saved_by, savedMs: saved_ms, restores };
}
