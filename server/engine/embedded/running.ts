/**
 * How another command on the same machine finds the engine that already runs on a store: a private file
 * with its address and password, which counts only if the engine really answers.
 */
import { readFileSync, rmSync } from 'node:fs';
import { connectEngine, type Connection } from '../client.ts';
import { readSecrets, storeFiles, writePrivate } from './files.ts';

export interface RunningEngine extends Connection {
  /** The Waymark process that owns the engine. */
  readonly pid: number;
}

export function announce(dataDir: string, running: RunningEngine): void {
  const { running: own, landing } = storeFiles(dataDir);
  writePrivate(own, `${JSON.stringify(running, null, 2)}\n`);
  const { writerUser: user, writerPassword: password } = readSecrets(dataDir);
  const { url, database } = running;
  writePrivate(landing, `${JSON.stringify({ url, user, password, database, table: 'landing' }, null, 2)}\n`);
}

export function withdraw(dataDir: string): void {
  rmSync(storeFiles(dataDir).running, { force: true });
}

/** The engine that serves this store now, or undefined when none answers. */
export async function findRunningEngine(dataDir: string): Promise<RunningEngine | undefined> {
  let running: RunningEngine;
  try {
    running = JSON.parse(readFileSync(storeFiles(dataDir).running, 'utf8')) as RunningEngine;
  } catch {
    return undefined;
  }
  const engine = connectEngine(running);
  try {
    return (await engine.ping()) ? running : undefined;
  } finally {
    await engine.close();
  }
}
