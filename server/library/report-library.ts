/**
 * The saved reports: read from the store at every question, so that what another server saved is seen at once, and
 * changed one after the other. What a question must be is told by the caller. Knows no GraphQL.
 */
import { randomUUID } from 'node:crypto';
import type { Engine } from '../engine/port.ts';
import { inputError } from '../query/problem.ts';
import * as store from './report-store.ts';
import type { StoredReport } from './report-store.ts';
import {
  MAX_PINNED,
  checkPinCount,
  checkReportCount,
  checkReportInput,
  checkReportName,
  checkReportView,
} from './reports.validate.ts';
import type { ReportKind } from './reports.validate.ts';

export interface ReportDraft {
  /** Replaces the report with this id. */
  readonly id?: string | null;
  readonly name: string;
  readonly kind: ReportKind;
  readonly input: unknown;
  readonly view?: unknown;
}

export interface ReportLibraryDeps {
  readonly engine: Engine;
  readonly now: () => number;
}

export class ReportLibrary {
  #writing: Promise<unknown> = Promise.resolve();

  constructor(private readonly deps: ReportLibraryDeps) {}

  /** The last changed first. */
  all(): Promise<readonly StoredReport[]> {
    return store.readReports(this.deps.engine);
  }

  async find(id: string): Promise<StoredReport | null> {
    const report = await store.readReport(this.deps.engine, id);
    return report?.isDeleted ? null : report;
  }

  /** `check` throws InputError for a question that cannot be asked; then nothing has changed. */
  save(draft: ReportDraft, check: (kind: ReportKind, input: object) => void): Promise<StoredReport> {
    return this.#alone(async () => {
      const name = checkReportName(draft.name);
      const input = checkReportInput(draft.input);
      const view = checkReportView(draft.view);
      check(draft.kind, input);
      const before = draft.id == null ? null : await this.#known(draft.id);
      if (!before) checkReportCount((await this.all()).length);
      const next = { name, kind: draft.kind, input, view, isDeleted: false };
      return this.#write({ id: randomUUID(), place: null, ...before, ...next }, before);
    });
  }

  /** Another name, and nothing else. */
  rename(id: string, name: string): Promise<StoredReport> {
    return this.#alone(async () => {
      const report = await this.#known(id);
      return this.#write({ ...report, name: checkReportName(name) }, report);
    });
  }

  /** False where there is none with the id. It can be restored. */
  delete(id: string): Promise<boolean> {
    return this.#alone(async () => {
      const report = await this.find(id);
      if (!report) return false;
      await this.#write({ ...report, isDeleted: true }, report);
      return true;
    });
  }

  /** Brings back one that was deleted, with its id, its name and its place; one that stands is left as it is. */
  restore(id: string): Promise<StoredReport> {
    return this.#alone(async () => {
      const report = await store.readReport(this.deps.engine, id);
      if (!report) throw unknown(id);
      if (!report.isDeleted) return report;
      const all = await this.all();
      checkReportCount(all.length);
      const isFull = pinnedOf(all).length >= MAX_PINNED;
      return this.#write({ ...report, isDeleted: false, place: isFull ? null : report.place }, report);
    });
  }

  /** To that place on the overview, from 1 (default: the last); the others keep their order. Answers those there. */
  pin(id: string, place: number | null): Promise<readonly StoredReport[]> {
    return this.#alone(async () => {
      const report = await this.#known(id);
      const others = pinnedOf(await this.all()).filter((other) => other.id !== id);
      checkPinCount(others.length);
      const at = place === null ? others.length : Math.max(0, Math.min(others.length, place - 1));
      return this.#arrange([...others.slice(0, at), report, ...others.slice(at)]);
    });
  }

  /** Takes it off the overview; answers those that stay. */
  unpin(id: string): Promise<readonly StoredReport[]> {
    return this.#alone(async () => {
      const report = await this.#known(id);
      if (report.place !== null) await this.#write({ ...report, place: null }, report);
      return pinnedOf(await this.all());
    });
  }

  /** Gives them the places of their order; those that have theirs already are not written. */
  async #arrange(reports: readonly StoredReport[]): Promise<readonly StoredReport[]> {
    const arranged = reports.map((report, i) =>
      report.place === i + 1 ? report : { ...report, place: i + 1, version: this.#versionAfter(report) },
    );
    const moved = arranged.filter((report, i) => report !== reports[i]);
    if (moved.length > 0) await store.writeReports(this.deps.engine, moved);
    return arranged;
  }

  /** One change after the other, each on what is stored. */
  #alone<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#writing.then(change);
    this.#writing = turn.catch(() => {});
    return turn;
  }

  async #write(
    report: Omit<StoredReport, 'createdMs' | 'updatedMs' | 'version'>,
    before: StoredReport | null,
  ): Promise<StoredReport> {
    const updatedMs = this.deps.now();
    const version = this.#versionAfter(before);
    const stored = { ...report, createdMs: before?.createdMs ?? updatedMs, updatedMs, version };
    await store.writeReports(this.deps.engine, [stored]);
    return stored;
  }

  #versionAfter(before: StoredReport | null): number {
    return Math.max(this.deps.now(), (before?.version ?? 0) + 1);
  }

  async #known(id: string): Promise<StoredReport> {
    const known = await this.find(id);
    if (known) return known;
    throw unknown(id);
  }
}

/** Those on the overview, in their order. */
export function pinnedOf(reports: readonly StoredReport[]): readonly StoredReport[] {
  return reports
    .filter(({ place }) => place !== null)
    .sort((a, b) => (a.place ?? 0) - (b.place ?? 0) || a.createdMs - b.createdMs || (a.id < b.id ? -1 : 1));
}

function unknown(id: string): Error {
  return inputError('id', 'UNKNOWN_REPORT', `There is no report with the id "${id.slice(0, 60)}".`);
}
