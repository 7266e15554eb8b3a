/** Annotations as they are kept in the engine. Holds no rule and no state. */
import { sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';
import type { Listed, ListStore } from './shared-list.ts';

/** What somebody wrote at an instant. */
export interface StoredAnnotation extends Listed {
  readonly atMs: number;
  readonly text: string;
}

interface AnnotationRow {
  readonly id: string;
  readonly at_ms: string;
  readonly text: string;
  readonly created_ms: string;
}

const stateQuery: SqlQuery<{ state: string; newest: string }> = {
  name: 'library.annotations_state',
  isLight: true,
  isVolatile: true,
  sql: sql`SELECT toString(groupBitXor(cityHash64(id, version))) AS state, toString(max(version)) AS newest
FROM annotations FINAL`,
};

const annotationsQuery: SqlQuery<AnnotationRow> = {
  name: 'library.annotations',
  isLight: true,
  isVolatile: true,
  sql: sql`SELECT id, toString(toUnixTimestamp64Milli(at)) AS at_ms, text,
  toString(toUnixTimestamp64Milli(created_at)) AS created_ms
FROM annotations FINAL WHERE NOT is_deleted ORDER BY at, created_at, id`,
};

const LIMITS = { maxSeconds: 5 };

export const annotationStore: ListStore<StoredAnnotation> = {
  readState: async (engine) => {
    const { rows } = await engine.query(stateQuery, LIMITS);
    return { state: rows[0]?.state ?? '', version: Number(rows[0]?.newest ?? 0) };
  },
  readAll: async (engine) => {
    const { rows } = await engine.query(annotationsQuery, LIMITS);
    return rows.map((row) => ({
      id: row.id,
      atMs: Number(row.at_ms),
      text: row.text,
      createdMs: Number(row.created_ms),
    }));
  },
  write: (engine, { id, atMs, text, createdMs }, version, isDeleted) =>
    engine.insert('annotations', [
      {
        id,
        at: new Date(atMs).toISOString(),
        text,
        is_deleted: isDeleted ? 1 : 0,
        created_at: new Date(createdMs).toISOString(),
        version,
      },
    ]),
};
