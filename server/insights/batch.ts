/**
 * Loads details for all customers of a list with one statement, though each is asked for on its own: keys
 * asked for in one turn of the event loop go together. Lives as long as the call whose scope it is made for.
 */
import type { InsightScope } from './scope.ts';

type Load<T> = (keys: readonly string[], scope: InsightScope) => Promise<ReadonlyMap<string, T>>;

/** Undefined for customers of whom nothing was found. */
export type Loader<T> = (customerKey: string, scope: InsightScope) => Promise<T | undefined>;

export function batched<T>(load: Load<T>): Loader<T> {
  const loadFor = batchedFor<null, T>((keys, _question, scope) => load(keys, scope));
  return (customerKey, scope) => loadFor(customerKey, null, scope);
}

/** The same for details of which a call may want several kinds: equal questions go together. */
export function batchedFor<Q, T>(
  load: (keys: readonly string[], question: Q, scope: InsightScope) => Promise<ReadonlyMap<string, T>>,
): (customerKey: string, question: Q, scope: InsightScope) => Promise<T | undefined> {
  interface Batch {
    readonly keys: Set<string>;
    readonly found: Promise<ReadonlyMap<string, T>>;
  }
  const waiting = new WeakMap<InsightScope, Map<string, Batch>>();
  return async (customerKey, question, scope) => {
    const batches = waiting.get(scope) ?? new Map<string, Batch>();
    waiting.set(scope, batches);
    const name = JSON.stringify(question);
    let batch = batches.get(name);
    if (!batch) {
      const keys = new Set<string>();
      const found = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        batches.delete(name);
        return load([...keys], question, scope);
      });
      batch = { keys, found };
      batches.set(name, batch);
    }
    batch.keys.add(customerKey);
    return (await batch.found).get(customerKey);
  };
}
