/** Starts processes that hold a store, so that tests can kill them as an operating system would. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'rolldown';
import type { Connection } from '../../server/engine/client.ts';
import { projectRoot } from '../../server/engine/project.ts';

export interface StoreProcess {
  readonly process: ChildProcess;
  /** What it printed: how to reach the engine, or why it did not start. */
  readonly said: {
    readonly pid?: number;
    readonly connection?: Connection;
    readonly error?: string;
  };
}

let script: Promise<string> | undefined;

async function bundle(): Promise<string> {
  const file = join(projectRoot(), 'dist/test/store-process.js');
  await build({
    input: join(projectRoot(), 'tests/support/store-process.entry.ts'),
    platform: 'node',
    external: /^[^./]/,
    logLevel: 'warn',
    output: { file, format: 'esm' },
  });
  return file;
}

/** A process that holds this store, or that was refused. */
export async function startStoreProcess(dataDir: string): Promise<StoreProcess> {
  script ??= bundle();
  const child = spawn(process.execPath, [await script, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { process: child, said: JSON.parse(line) as StoreProcess['said'] };
}

/** Whether a process of this number runs (one that only waits to be reaped does not). */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform !== 'linux') return true;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

/** Ends the process without asking and waits until it is gone. */
export async function killNow(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
