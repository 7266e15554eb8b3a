/** The program as a user runs it: `waymark COMMAND` as a process, ready when it says so. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../server/engine/project.ts';

export interface Program {
  readonly child: ChildProcess;
  /** Address it printed once ready; rejects when it ends before. */
  readonly ready: Promise<string>;
  /** Resolves to the exit status (null: ended by a signal) and all it wrote to standard error. */
  readonly ended: Promise<{ readonly status: number | null; readonly errors: string }>;
}

export function runProgram(args: readonly string[], env: Readonly<Record<string, string>>): Program {
  const child = spawn(process.execPath, [join(projectRoot(), 'bin/waymark.mjs'), ...args], {
    cwd: projectRoot(),
    env: { ...process.env, LOG_LEVEL: 'error', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, 'close').then(([status]) => ({ status: status as number | null, errors }));
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const address = /^waymark ready (http:\S+)$/.exec(line)?.[1];
      if (address) resolve(address);
    });
    void ended.then(({ status }) => reject(new Error(`ended with ${status} before it was ready: ${errors}`)));
  });
  ready.catch(() => {});
  return { child, ready, ended };
}
