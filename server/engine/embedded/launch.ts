/**
 * One run of the engine's process: start it, wait until it answers, know when it ended and why, stop it.
 * Restarting is the supervisor's business.
 */
import { fork, type ChildProcess } from 'node:child_process';

const READY_POLL_MS = 15;
/** What is stored is safe when it is ended by force; other tools' open connections would hold it longer. */
const STOP_SECONDS = 2;
const KEPT_OUTPUT = 4000;

export interface Exit {
  /** What it wrote last: ClickHouse's own words. */
  readonly output: string;
  readonly how: string;
}

export interface Run {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Ends it by force, at once. */
  kill(): void;
  /** Asks it to end, and ends it by force after some seconds. */
  stop(ask: () => Promise<void>): Promise<void>;
}

export class LaunchError extends Error {
  constructor(
    message: string,
    readonly output: string,
  ) {
    super(message);
    this.name = 'LaunchError';
  }
}

export interface LaunchOptions {
  readonly childPath: string;
  readonly configPath: string;
  readonly cwd: string;
  /** True once the engine answers. */
  readonly isReady: () => Promise<boolean>;
  readonly timeoutSeconds: number;
}

export async function launch(options: LaunchOptions): Promise<Run> {
  const child = fork(options.childPath, [options.configPath], {
    cwd: options.cwd,
    // A group of its own: Ctrl-C is for the parent, which then ends the engine in its own order.
    detached: true,
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const exited = watch(child);
  let exit: Exit | undefined;
  void exited.then((how) => (exit = how));
  const deadline = Date.now() + options.timeoutSeconds * 1000;
  while (!(await options.isReady())) {
    if (exit) throw new LaunchError(`The engine did not start (${exit.how}).`, exit.output);
    if (Date.now() > deadline) {
      child.kill('SIGKILL');
      const { output } = await exited;
      throw new LaunchError(`The engine was not ready within ${options.timeoutSeconds} s.`, output);
    }
    await Promise.race([exited, pause(READY_POLL_MS)]);
  }
  if (child.pid === undefined) throw new LaunchError('The engine has no process.', '');
  return {
    pid: child.pid,
    exited,
    kill: () => void child.kill('SIGKILL'),
    stop: (ask) => stop(child, exited, ask),
  };
}

function watch(child: ChildProcess): Promise<Exit> {
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ output, how: error.message }));
    child.once('close', (code, signal) => resolve({ output, how: signal ?? `exit status ${code}` }));
  });
}

async function stop(child: ChildProcess, exited: Promise<Exit>, ask: () => Promise<void>): Promise<void> {
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_SECONDS * 1000);
  await ask().catch(() => child.kill('SIGKILL'));
  await exited;
  clearTimeout(force);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
