/** Saved reports as they are kept in the engine. Holds no rule and no state. */
import type { Engine } from '../engine/port.ts';
import { param, sql } from '../query/sql.ts';
import type { Sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';
import type { ReportKind } from './reports.validate.ts';

export interface StoredReport {
  readonly id: string;
  readonly name: string;
  readonly kind: ReportKind;
  /** As it was sent. */
  readonly input: object;
  /** How the dashboard shows it, as it was sent. */
  readonly view: object | null;
  /** Its place on the overview, from 1; null: it does not stand there. */
  readonly place: number | null;
  readonly isDeleted: boolean;
  readonly createdMs: number;
  readonly updatedMs: number;
  /** Rises with every change. */
  readonly version: number;
}

interface ReportRow {
  readonly id: string;
  readonly name: string;
  readonly kind: ReportKind;
  readonly input: string;
  readonly view: string;
  readonly place: number;
  readonly is_deleted: number;
  readonly created_ms: string;
  readonly updated_ms: string;
  readonly version: string;
}

const SECONDS = 5;

const reportsWhere = (name: string, condition: Sql): SqlQuery<ReportRow> => ({
  name,
  sql: sql`SELECT id, name, kind, input, view, place, is_deleted,
  toString(toUnixTimestamp64Milli(created_at)) AS created_ms, toString(toUnixTimestamp64Milli(updated_at)) AS updated_ms, version
FROM reports FINAL WHERE ${condition} ORDER BY updated_at DESC, id`,
});

async function read(engine: Engine, query: SqlQuery<ReportRow>): Promise<readonly StoredReport[]> {
  const { rows } = await engine.query(query, { maxSeconds: SECONDS });
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    kind: row.kind,
    input: JSON.parse(row.input) as object,
    view: row.view === '' ? null : (JSON.parse(row.view) as object),
    place: Number(row.place) || null,
    isDeleted: Number(row.is_deleted) === 1,
    createdMs: Number(row.created_ms),
    updatedMs: Number(row.updated_ms),
    version: Number(row.version),
  }));
}

/** Those that are not deleted, the last changed first. */
export function readReports(engine: Engine): Promise<readonly StoredReport[]> {
  return read(engine, reportsWhere('library.reports', sql`NOT is_deleted`));
}

/** Also one that was deleted. */
export async function readReport(engine: Engine, id: string): Promise<StoredReport | null> {
  const [report] = await read(engine, reportsWhere('library.report', sql`id = ${param.string(id)}`));
  return report ?? null;
}

export async function writeReports(engine: Engine, reports: readonly StoredReport[]): Promise<void> {
  const rows = reports.map((report) => ({
    id: report.id,
    name: report.name,
    kind: report.kind,
    input: JSON.stringify(report.input),
    view: report.view === null ? '' : JSON.stringify(report.view),
    place: report.place ?? 0,
    is_deleted: report.isDeleted ? 1 : 0,
    created_at: new Date(report.createdMs).toISOString(),
    updated_at: new Date(report.updatedMs).toISOString(),
    version: report.version,
  }));
  await engine.insert('reports', rows);
}
