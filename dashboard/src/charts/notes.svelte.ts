// The annotations that all charts show, and the one that is being written. Asked once for the whole dashboard.
import type { Note } from './time-marks.ts';

let list = $state.raw<readonly Note[]>([]);
let open = $state.raw<Opened | null>(null);

/** What the window shows: what is there, and where the next would stand. */
export interface Opened {
  /** Milliseconds since 1970. */
  at: number;
  /** Those of the mark that was opened; none: a new one is written. */
  ids: readonly string[];
}

export const notes = {
  /** Of the last answer, oldest first. */
  get list(): readonly Note[] {
    return list;
  },
  take(answer: readonly Note[]): void {
    list = answer;
  },
  get open(): Opened | null {
    return open;
  },
  /** Opens the window to write one at an instant, or on those of a mark. */
  show(at: number, ids: readonly string[] = []): void {
    open = { at, ids };
  },
  close(): void {
    open = null;
  },
};
