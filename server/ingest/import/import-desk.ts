/**
 * Imports as callers see them: begun by an upload, listed however they were begun, watched, cancelled, taken
 * back. Knows neither HTTP nor GraphQL.
 */
import type { Log } from '../../engine/log.ts';
import { LiveHub } from '../../live/hub.ts';
import { Slots } from '../../live/slots.ts';
import { inputError } from '../../query/problem.ts';
import { removeImport } from '../removal/removal.service.ts';
import type { RemovalDeps } from '../removal/removal.service.ts';
import { beginImport } from './import.service.ts';
import { countImports, listImports, stateOf } from './imports-list.sql.ts';
import type { ImportRow } from './imports-list.sql.ts';
import { isUnderWay, requestCancellation } from './imports-log.ts';
import type { ImportState } from './imports-log.ts';
import { completeAbandoned } from './storing.ts';

export interface ImportShown {
  readonly id: string;
  readonly file: string;
  readonly state: ImportState;
  readonly rows: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** 0..1 */
  readonly progress: number;
  readonly rowsPerSecond: number;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly problem: string | null;
}

export interface ImportList {
  readonly totalCount: number;
  readonly imports: readonly ImportShown[];
}

export interface ImportDeskDeps extends RemovalDeps {
  readonly log: Log;
}

/** What a file is and what is done with it in the end. */
export interface UploadedFile {
  readonly path: string;
  readonly name: string;
  readonly map: Readonly<Record<string, string>>;
}

/** Files that are read side by side; each takes memory and threads of the store. */
const AT_ONCE = 2;
const NEWEST = 50;
/** How soon it is seen that another program began an import. */
const IDLE_MS = 1000;
const LIST_SECONDS = 10;

export class ImportDesk {
  private readonly slots = new Slots(AT_ONCE);
  private readonly stopping = new AbortController();
  private readonly running = new Set<Promise<void>>();
  private readonly hub: LiveHub<ImportList>;
  private isBusy = false;

  constructor(private readonly deps: ImportDeskDeps) {
    const changes = {
      version: 0,
      watch: async () => () => {},
      changed: (_seen: number, _timeout: number, signal: AbortSignal) => this.pause(signal),
    };
    this.hub = new LiveHub(changes, { lingerMs: 0 });
  }

  /** The newest first; `after`: start and id of the last of the page before. */
  async list(first: number, after: readonly string[] | null): Promise<ImportList> {
    const { engine } = this.deps;
    const [page, total] = await Promise.all([
      engine.query(listImports(first, after), { maxSeconds: LIST_SECONDS }),
      engine.query(countImports, { maxSeconds: LIST_SECONDS }),
    ]);
    return { totalCount: Number(total.rows[0]?.total ?? 0), imports: page.rows.map(shown) };
  }

  /** The newest imports at once and whenever something about them changed, at most once per `everyMs`. */
  watch(everyMs: number): AsyncIterableIterator<ImportList> {
    return this.hub.subscribe({
      key: String(everyMs),
      everyMs,
      run: async () => {
        try {
          const list = await this.list(NEWEST, null);
          this.isBusy = list.imports.some(({ state }) => state === 'staging' || state === 'committing');
          return { value: list, fingerprint: JSON.stringify(list), isFinal: false };
        } catch (error) {
          this.deps.log.warn({ err: error }, 'cannot see how far imports are');
          return { value: { totalCount: 0, imports: [] }, fingerprint: null, isFinal: false };
        }
      },
    });
  }

  /**
   * Imports a file in the background. Resolves to its id once it is known that the file has what it takes; throws
   * ImportError or InputError where it has not. `release` is called when the file is needed no more.
   */
  async begin(file: UploadedFile, release: () => Promise<void>): Promise<string> {
    const { engine, turn, log } = this.deps;
    const { id, done } = await beginImport({
      engine,
      turn,
      ...file,
      signal: this.stopping.signal,
      admit: (work) => this.slots.use(work),
    });
    const end = done
      .then(
        () => {},
        (error: unknown) => log.warn({ err: error, import: id }, 'an import failed'),
      )
      .then(release)
      .catch((error: unknown) => log.warn({ err: error }, 'an uploaded file could not be removed'))
      .finally(() => this.running.delete(end));
    this.running.add(end);
    return id;
  }

  /** False where there is no such import, or it was taken back before. Throws InputError while it is under way. */
  async undo(id: string): Promise<boolean> {
    const { engine, turn } = this.deps;
    const importId = numberOf(id);
    const found = importId === null ? undefined : await this.stateOf(id);
    if (importId === null || found === undefined) return false;
    if (isOpen(found)) {
      if (await isUnderWay(engine, importId)) throw underWay();
      await completeAbandoned(engine, turn);
      if (isOpen((await this.stateOf(id)) ?? 'done')) throw underWay();
    }
    if ((await this.stateOf(id)) !== 'done') return false;
    await removeImport(this.deps, importId);
    return true;
  }

  /** False where no such import is under way. What it stored already is taken back. */
  async cancel(id: string): Promise<boolean> {
    const importId = numberOf(id);
    const found = importId === null ? undefined : await this.stateOf(id);
    if (importId === null || found === undefined || !isOpen(found)) return false;
    await requestCancellation(this.deps.engine, importId);
    return true;
  }

  /** Finishes what a process that is gone left half done. */
  async resume(): Promise<void> {
    await completeAbandoned(this.deps.engine, this.deps.turn, this.stopping.signal);
  }

  /** Stops what is under way: what was only read is forgotten, what was being stored is completed later. */
  async close(): Promise<void> {
    this.hub.close();
    this.stopping.abort();
    await Promise.all(this.running);
  }

  private async stateOf(id: string): Promise<ImportState | undefined> {
    const { rows } = await this.deps.engine.query(stateOf(id), { maxSeconds: LIST_SECONDS });
    return rows[0]?.state;
  }

  private pause(signal: AbortSignal): Promise<void> {
    if (this.isBusy || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(end, IDLE_MS);
      signal.addEventListener('abort', end, { once: true });
    });
  }
}

const isOpen = (state: ImportState): boolean => state === 'staging' || state === 'committing';

function underWay() {
  return inputError('id', 'IMPORT_UNDER_WAY', 'The import is still under way; `cancelImport` ends it.');
}

/** Null for what is no id of an import. */
function numberOf(id: string): number | null {
  const value = Number(id);
  return /^[1-9]\d{0,15}$/.test(id) && Number.isSafeInteger(value) ? value : null;
}

function shown(row: ImportRow): ImportShown {
  const [rows, accepted, rejected] = [Number(row.rows), Number(row.accepted), Number(row.rejected)];
  const isWhole = (row.state === 'done' || row.state === 'undone') && row.problem === '';
  const [startedMs, finishedMs] = [Number(row.started_ms), Number(row.finished_ms)];
  const seconds = Math.max(0.001, ((finishedMs || Number(row.heard_ms)) - startedMs) / 1000);
  return {
    id: row.import_id,
    file: row.file,
    state: row.state,
    rows,
    accepted,
    rejected,
    duplicates: isWhole ? rows - accepted - rejected : 0,
    progress: isWhole ? 1 : row.progress,
    rowsPerSecond: Math.round((rows * (isWhole ? 1 : row.progress)) / seconds),
    startedAt: new Date(startedMs),
    finishedAt: finishedMs > 0 ? new Date(finishedMs) : null,
    problem: row.problem === '' ? null : row.problem,
  };
}
