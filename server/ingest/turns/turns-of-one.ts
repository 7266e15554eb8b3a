/**
 * Who may write to the store: here a program that has it for itself. Knows nothing of what is written.
 */
import { EngineError } from '../../engine/port.ts';
import type { Engine } from '../../engine/port.ts';
import { sql } from '../../query/sql.ts';

export interface Turns {
  /** For what is written within `during`. */
  readonly engine: Engine;
  /** Does the work while no other program may write; several of one program may overlap. */
  during<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /**
   * Runs before the first work of the program, and before the next after work that failed; the statements of
   * that one have ended by then.
   */
  onTaken(recover: () => Promise<void>): void;
  close(): Promise<void>;
}

/** The turns of a program that alone writes to its store. */
export function turnsOfOne(engine: Engine): Turns {
  const recoveries: (() => Promise<void>)[] = [];
  const underWay = new Set<Promise<unknown>>();
  let isInDoubt = true;
  let taking: Promise<void> | undefined;

  const take = async (): Promise<void> => {
    await Promise.allSettled([...underWay]);
    await engine.command('ingest.end_inserts', END_INSERTS);
    for (const recover of recoveries) await recover();
    isInDoubt = false;
  };
  return {
    engine,
    async during(work, signal) {
      while (isInDoubt) await within(signal, (taking ??= take().finally(() => (taking = undefined))));
      const one = work();
      underWay.add(one);
      try {
        return await one;
      } catch (error) {
        isInDoubt = true;
        throw error;
      } finally {
        underWay.delete(one);
      }
    },
    onTaken: (recover) => void recoveries.push(recover),
    close: async () => void (await Promise.allSettled([...underWay])),
  };
}

/** Rejects once the signal aborts; what was waited for goes on. */
async function within(signal: AbortSignal | undefined, work: Promise<void>): Promise<void> {
  if (!signal) return work;
  let leave = (): void => {};
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(new EngineError('CANCELLED', 'The caller no longer waits for its turn.'));
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
  });
  try {
    await Promise.race([work, left]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}

/** A statement whose caller has given up, or is gone, runs on: it must end before its work is looked at. */
const END_INSERTS = sql`KILL QUERY WHERE user = currentUser() AND current_database = currentDatabase()
  AND Settings['log_comment'] LIKE 'insert\\_%' SYNC`;
