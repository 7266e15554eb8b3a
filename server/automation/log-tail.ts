/** Where the log of moves ends, looked at time and again while somebody waits for moves. Knows nothing of them. */
import type { Log } from '../engine/log.ts';
import type { MovementLog } from './movement-log.ts';
import type { Position } from './movement.ts';

const POLL_MS = 250;

export class LogTail {
  #end: Position = { batch: 0, n: 0 };
  #watchers = 0;
  #isTailing = false;
  #isClosed = false;
  readonly #waiting = new Set<() => void>();

  constructor(
    private readonly movements: MovementLog,
    private readonly log: Log,
  ) {}

  /** As far as is known. */
  get end(): Position {
    return this.#end;
  }

  /** Begins to look; resolves to how to end it. */
  watch(): () => void {
    this.#watchers += 1;
    if (!this.#isTailing) void this.#tail();
    let isWatching = true;
    return () => {
      if (isWatching) this.#watchers -= 1;
      isWatching = false;
    };
  }

  /** Resolves once the log is longer than up to there, or the signal aborts. */
  beyond(batch: number, signal: AbortSignal): Promise<void> {
    if (this.#end.batch > batch || signal.aborted || this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  async look(): Promise<Position> {
    const end = await this.movements.end();
    if (end.batch <= this.#end.batch) return this.#end;
    this.#end = end;
    for (const wake of [...this.#waiting]) wake();
    return end;
  }

  close(): void {
    this.#isClosed = true;
    for (const wake of [...this.#waiting]) wake();
  }

  async #tail(): Promise<void> {
    this.#isTailing = true;
    while (this.#watchers > 0 && !this.#isClosed) {
      try {
        await this.look();
      } catch (error) {
        if (!this.#isClosed) this.log.warn({ err: error }, 'cannot see the log of moves; trying again');
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    this.#isTailing = false;
  }
}
