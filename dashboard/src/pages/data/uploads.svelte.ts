// Files on their way to the server: one after the other, also while another page is looked at. What the server has
// taken leaves this list once it stands among the imports.
import { problemFrom } from '../../api/problem.ts';
import type { Problem } from '../../api/problem.ts';
import { uploadFile } from '../../api/upload.ts';
import { columnQuestion } from './columns.ts';
import type { ColumnQuestion } from './columns.ts';

export interface Upload {
  key: number;
  file: File;
  /** `taken`: the server has it, and it does not stand among the imports yet. */
  state: 'waiting' | 'sending' | 'taken' | 'failed';
  /** Bytes. */
  sent: number;
  map: Readonly<Record<string, string>>;
  problem: Problem | null;
  /** The server does not know which column is what. */
  question: ColumnQuestion | null;
  /** Of the import, once it is taken. */
  id: string | null;
}

class Uploads {
  #list = $state.raw<Upload[]>([]);
  #count = 0;
  #stop: AbortController | null = null;

  get list(): readonly Upload[] {
    return this.#list;
  }

  add(files: readonly File[]): void {
    const fresh = files.map((file): Upload => ({
      key: ++this.#count,
      file,
      state: 'waiting',
      sent: 0,
      map: {},
      problem: null,
      question: null,
      id: null,
    }));
    this.#list = [...this.#list, ...fresh];
    this.#next();
  }

  /** Sends one again, now that it is said which column is what. */
  again(key: number, map: Readonly<Record<string, string>>): void {
    this.#change(key, { state: 'waiting', sent: 0, map, problem: null });
    this.#next();
  }

  /** Stops it if it is under way, and forgets it. */
  remove(key: number): void {
    const found = this.#list.find((upload) => upload.key === key);
    this.#list = this.#list.filter((upload) => upload.key !== key);
    if (found?.state === 'sending') this.#stop?.abort();
  }

  /** These stand among the imports now: they need no line of their own. */
  listed(ids: ReadonlySet<string>): void {
    const isListed = ({ id }: Upload) => id !== null && ids.has(id);
    if (this.#list.some(isListed)) this.#list = this.#list.filter((upload) => !isListed(upload));
  }

  #next(): void {
    const next = this.#list.find(({ state }) => state === 'waiting');
    if (next && !this.#stop) void this.#send(next);
  }

  async #send({ key, file, map }: Upload): Promise<void> {
    const stop = (this.#stop = new AbortController());
    this.#change(key, { state: 'sending' });
    try {
      const id = await uploadFile(file, {
        map,
        signal: stop.signal,
        onsent: (sent) => this.#change(key, { sent }),
      });
      this.#change(key, { state: 'taken', id, sent: file.size });
    } catch (reason) {
      const problem = problemFrom(reason);
      this.#change(key, {
        state: 'failed',
        problem,
        question: columnQuestion(problem.code, problem.detail),
      });
    }
    this.#stop = null;
    this.#next();
  }

  #change(key: number, change: Partial<Upload>): void {
    this.#list = this.#list.map((upload) => (upload.key === key ? { ...upload, ...change } : upload));
  }
}

export const uploads = new Uploads();
