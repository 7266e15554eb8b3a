/**
 * Loads details for all customers of a list with one statement, though each is asked for on its own: keys
 * asked for in one turn of the event loop go together. Lives as long as the call whose scope it is made for.
 */
import type { InsightScope } from './scope.ts';

type Load<T> = (keys: readonly string[], scope: InsightScope) => Promise<ReadonlyMap<string, T>>;

/** Undefined for customers of whom nothing was found. */
export type Loader<T> = (customerKey: string, scope: InsightScope) => Promise<T | undefined>;

export function batched<T>(load: Load<T>): Loader<T> {
  const waiting = new WeakMap<
    InsightScope,
    { readonly keys: Set<string>; readonly found: Promise<ReadonlyMap<string, T>> }
  >();
  return async (customerKey, scope) => {
    let batch = waiting.get(scope);
    if (!batch) {
      const keys = new Set<string>();
      const found = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
        waiting.delete(scope);
        return load([...keys], scope);
      });
      batch = { keys, found };
      waiting.set(scope, batch);
    }
    batch.keys.add(customerKey);
    return (await batch.found).get(customerKey);
  };
}
