/**
 * One run that several callers wait for. Each may leave; when the last has left, the run is ended. Knows
 * neither statements nor caches.
 */
import { EngineError } from '../engine/port.ts';

export class Flight<T> {
  readonly #abort = new AbortController();
  readonly #result: Promise<T>;
  #callers = 0;

  /** `onAbandoned` is called before the run's signal aborts: nobody may join any more. */
  constructor(
    run: (signal: AbortSignal) => Promise<T>,
    private readonly onAbandoned: () => void,
  ) {
    this.#result = run(this.#abort.signal);
    // Whoever waits hears of it; there may be nobody left.
    this.#result.catch(() => {});
  }

  /** The run's outcome; rejects with CANCELLED once the signal aborts. */
  join(signal: AbortSignal | undefined): Promise<T> {
    this.#callers += 1;
    return new Promise((resolve, reject) => {
      const done = (): void => signal?.removeEventListener('abort', leave);
      const leave = (): void => {
        done();
        reject(new EngineError('CANCELLED', 'The caller no longer wants the answer.'));
        this.#callers -= 1;
        if (this.#callers > 0) return;
        this.onAbandoned();
        this.#abort.abort();
      };
      signal?.addEventListener('abort', leave);
      if (signal?.aborted) leave();
      this.#result.then(resolve, reject).finally(done);
    });
  }
}
