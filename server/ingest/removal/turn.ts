/**
 * What removals need of the order among writers: while one runs, nothing else is written. By itself this orders
 * the removals of one process alone.
 */
export interface Turn {
  /** Runs the work while no other writer writes. */
  during<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

let last: Promise<unknown> = Promise.resolve();

/** One after the other, within this process. */
export const ownTurn: Turn = {
  during(work) {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  },
};
