/** `waymark start` on a store of its own, to be killed as an operating system would and started again. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectEngine } from '../../server/engine/client.ts';
import { findRunningEngine } from '../../server/engine/embedded/running.ts';
import type { Engine } from '../../server/engine/port.ts';
import { runProgram } from './program.ts';
import type { Program } from './program.ts';
import { isRunning, killNow } from './store-process.ts';
import { until } from './until.ts';

export class Deployment {
  readonly dataDir: string;
  private readonly env: Readonly<Record<string, string>>;
  private program: Program | undefined;
  private current = '';
  private readonly connected: Engine[] = [];

  /** Served once it resolves. `dataDir` is made and removed unless given. */
  static async start(env: Readonly<Record<string, string>> = {}, dataDir?: string): Promise<Deployment> {
    const folder = dataDir ?? (await mkdtemp(join(tmpdir(), 'waymark-fault-')));
    const deployment = new Deployment(folder, dataDir === undefined, env);
    await deployment.start();
    return deployment;
  }

  private constructor(
    dataDir: string,
    private readonly isOwnFolder: boolean,
    env: Readonly<Record<string, string>>,
  ) {
    this.dataDir = dataDir;
    this.env = env;
  }

  get address(): string {
    return this.current;
  }

  get pid(): number {
    return this.program?.child.pid ?? 0;
  }

  /** The embedded engine's process now, while there is one. */
  get enginePid(): number | undefined {
    try {
      const found = execFileSync('pgrep', ['-P', String(this.pid), '-f', 'engine.js'], { encoding: 'utf8' });
      const pid = Number.parseInt(found, 10);
      return pid > 1 ? pid : undefined;
    } catch {
      return undefined;
    }
  }

  async start(): Promise<void> {
    this.program = runProgram(['start'], { DATA_DIR: this.dataDir, ...this.env });
    this.current = await this.program.ready;
  }

  async killServer(): Promise<void> {
    if (this.program) await killNow(this.program.child);
  }

  /** Sends the engine a signal, once it runs. */
  async signalEngine(signal: NodeJS.Signals): Promise<void> {
    let pid: number | undefined;
    await until('the engine runs', () => (pid = this.enginePid) !== undefined, 20_000);
    if (pid !== undefined) process.kill(pid, signal);
  }

  /** The engine runs for a moment and stands still for four times as long, again and again; then it runs on. */
  async stutterEngine(times: number): Promise<void> {
    for (let i = 0; i < times; i += 1) {
      await this.signalEngine('SIGCONT');
      await pause(60);
      await this.signalEngine('SIGSTOP');
      await pause(240);
    }
    await this.signalEngine('SIGCONT');
  }

  /** Kills the server and its engine, one directly after the other. */
  async killBoth(first: 'engine' | 'server'): Promise<void> {
    const { enginePid } = this;
    const killEngine = (): void => {
      // It may have ended by itself, being alone.
      if (enginePid !== undefined && isRunning(enginePid)) process.kill(enginePid, 'SIGKILL');
    };
    if (first === 'engine') killEngine();
    await this.killServer();
    killEngine();
  }

  /** A way to the store of its own, while the program holds it. */
  async engine(): Promise<Engine> {
    await until(
      'the engine answers',
      async () => (await findRunningEngine(this.dataDir)) !== undefined,
      20_000,
    );
    const running = await findRunningEngine(this.dataDir);
    if (!running) throw new Error('The engine is gone again.');
    const engine = connectEngine(running);
    this.connected.push(engine);
    return engine;
  }

  /** Asks it to stop; resolves to its exit status. */
  async stop(): Promise<number | null> {
    this.program?.child.kill('SIGTERM');
    return (await this.program?.ended)?.status ?? null;
  }

  async close(): Promise<void> {
    await Promise.all(this.connected.map((engine) => engine.close()));
    const { enginePid } = this;
    if (enginePid !== undefined) process.kill(enginePid, 'SIGCONT');
    await this.killServer();
    await this.program?.ended;
    if (this.isOwnFolder) await rm(this.dataDir, { recursive: true, force: true, maxRetries: 20 });
  }
}
