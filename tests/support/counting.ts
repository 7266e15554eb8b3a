/**
 * The engine with its statements counted by name, and a gate to hold them at. Rows come frozen, as nobody may
 * change what others share.
 */
import { askedThrough } from '../../server/engine/asked-through.ts';
import type { CallOptions, Engine, QueryAnswer } from '../../server/engine/port.ts';
import type { SqlQuery } from '../../server/query/statement.ts';

export interface CountingEngine extends Engine {
  /** How many statements of the name (`insert_TABLE` of inserts) were begun since the last call. */
  runs(name: string): number;
  /** Statements of the name wait until the function returned is called. */
  hold(name: string): () => void;
  /** Resolves once whoever asked for a statement of the name, held or running, says that nobody waits any more. */
  ended(name: string): Promise<void>;
}

export function countingEngine(engine: Engine): CountingEngine {
  const counts = new Map<string, number>();
  const signals = new Map<string, AbortSignal>();
  const gates = new Map<string, Promise<void>>();
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  const query = async <Row>(asked: SqlQuery<Row>, options?: CallOptions): Promise<QueryAnswer<Row>> => {
    count(asked.name);
    if (options?.signal) signals.set(asked.name, options.signal);
    await gates.get(asked.name);
    const answer = await engine.query(asked, options);
    return frozen(answer);
  };
  return {
    ...askedThrough(engine, query),
    insert(table, rows, options) {
      count(`insert_${table}`);
      return engine.insert(table, rows, options);
    },
    runs(name) {
      const runs = counts.get(name) ?? 0;
      counts.delete(name);
      return runs;
    },
    async ended(name) {
      const signal = signals.get(name);
      if (signal && !signal.aborted)
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
    hold(name) {
      let open = (): void => {};
      gates.set(name, new Promise((resolve) => (open = resolve)));
      return () => {
        gates.delete(name);
        open();
      };
    },
  };
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}
