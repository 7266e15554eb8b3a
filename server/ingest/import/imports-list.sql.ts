/** Imports as they are listed, the newest first. Pure. */
import { int, param, sql } from '../../query/sql.ts';
import type { SqlQuery } from '../../query/statement.ts';
import type { ImportState } from './imports-log.ts';

export interface ImportRow {
  readonly import_id: string;
  readonly file: string;
  readonly state: ImportState;
  readonly rows: string;
  readonly accepted: string;
  readonly rejected: string;
  readonly progress: number;
  readonly problem: string;
  readonly started_ms: string;
  readonly finished_ms: string;
  readonly heard_ms: string;
}

/** `after`: when the last of the page before began, and its id. */
export function listImports(first: number, after: readonly string[] | null): SqlQuery<ImportRow> {
  const [at, id] = after ?? [];
  const isAfter =
    at === undefined || id === undefined
      ? sql`1`
      : sql`(toUnixTimestamp64Milli(started_at), import_id) < (${param.int64(at)}, ${param.uint64(id)})`;
  return {
    name: 'import.list',
    sql: sql`SELECT import_id, file, state, rows, accepted, rejected, progress, problem,
  toUnixTimestamp64Milli(started_at) AS started_ms, toUnixTimestamp64Milli(finished_at) AS finished_ms,
  toUnixTimestamp64Milli(updated_at) AS heard_ms
FROM imports FINAL WHERE ${isAfter} ORDER BY started_at DESC, import_id DESC LIMIT ${int(first)}`,
  };
}

export const countImports: SqlQuery<{ total: string }> = {
  name: 'import.count',
  sql: sql`SELECT count() AS total FROM imports FINAL`,
};

export function stateOf(importId: string): SqlQuery<{ state: ImportState; accepted: string }> {
  return {
    name: 'import.state',
    sql: sql`SELECT state, accepted FROM imports FINAL WHERE import_id = ${param.uint64(importId)}`,
  };
}
