/**
 * Equal calls at the same time are one call: asked, executed and written once, for all who wait. Who comes while
 * one is under way joins it only if nothing has changed since it began. Knows neither HTTP nor GraphQL.
 */
import { Flight } from '../answers/flight.ts';
import type { Arrivals } from '../live/arrivals.ts';

interface Shared<T> {
  readonly flight: Flight<T>;
  /** Of the data, when the call began. */
  readonly version: number;
}

export class SharedCalls<T> {
  readonly #running = new Map<string, Shared<T>>();

  constructor(private readonly arrivals: Pick<Arrivals, 'version' | 'fresh'>) {}

  /** Ends the work when the last who waits has left; whoever leaves gets CANCELLED. */
  async run(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#running.has(key)) {
      await this.arrivals.fresh();
      const running = this.#running.get(key);
      if (running?.version === this.arrivals.version) return running.flight.join(signal);
    }
    return this.#begin(key, work).join(signal);
  }

  #begin(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const end = (): void => {
      if (this.#running.get(key) === shared) this.#running.delete(key);
    };
    const run = async (signal: AbortSignal): Promise<T> => {
      try {
        return await work(signal);
      } finally {
        end();
      }
    };
    const shared: Shared<T> = { version: this.arrivals.version, flight: new Flight(run, end) };
    this.#running.set(key, shared);
    return shared.flight;
  }
}
