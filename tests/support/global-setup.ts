/**
 * One engine for a whole vitest run; tests take a database of their own on it through `testEngine`.
 */
import type { TestProject } from 'vitest/node';
import type { Connection } from '../../server/engine/client.ts';
import { readTables, type Tables } from './tables.ts';
import { startTestStore } from './test-store.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly store: Connection;
    readonly tables: Tables;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const store = await startTestStore();
  project.provide('store', store.connection);
  project.provide('tables', await readTables(store.connection));
  return () => store.close();
}
