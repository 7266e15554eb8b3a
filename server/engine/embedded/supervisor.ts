/**
 * Keeps the embedded engine running on a store: one owner a store, a child process that is started again
 * when it dies, and an Engine whose requests wait for that. Knows nothing of tables.
 */
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join, resolve } from 'node:path';
import { connectEngine, type Connection } from '../client.ts';
import { silentLog, type Log } from '../log.ts';
import type { Engine } from '../port.ts';
import { projectRoot } from '../project.ts';
import { sql } from '../../query/sql.ts';
import {
  defaultMemoryBytes,
  lastPorts,
  makeFolders,
  readSecrets,
  storeFiles,
  writeConfig,
  type Ports,
  type Secrets,
} from './files.ts';
import { StoreInUseError } from './in-use.ts';
import { launch, LaunchError, type Exit, type Run } from './launch.ts';
import { lockStore } from './lock.ts';
import { mend } from './mend.ts';
import { announce, withdraw } from './running.ts';
import { WaitingEngine } from './waiting-engine.ts';
import { WatchedEngine } from './watched-engine.ts';

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly log?: Log;
  readonly database?: string;
  /** The bundled child; default dist/server/engine.js. */
  readonly childPath?: string;
  /** The most ClickHouse may take; default 60 % of the machine's or container's memory. */
  readonly memoryBytes?: number;
}

export interface EmbeddedEngine {
  readonly engine: Engine;
  /** How to reach it now; the address may change when it is started again. */
  readonly connection: Connection;
  /** The engine's process. */
  readonly pid: number;
  /** Stops engine and supervision and gives the store free. */
  close(): Promise<void>;
}

const START_SECONDS = 60;
/** After a crash the old engine may need this long to let go of the store. */
const LET_GO_SECONDS = 5;
const ANY_PORTS: Ports = { http: 0, tcp: 0 };
const BACKOFF_MS = [0, 100, 500, 1000, 3000];
const STEADY_MS = 3000;
/** Well within the time for which ClickHouse keeps what it has merged. */
const LOOK_MS = 5000;
const LOCKED = /Cannot lock file|already running|Another server instance/i;

/** Starts ClickHouse on a store and keeps it running until `close`. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedEngine> {
  const dataDir = resolve(options.dataDir);
  makeFolders(dataDir);
  const unlock = lockStore(storeFiles(dataDir).lock, dataDir);
  const supervisor = new Supervisor({ ...options, dataDir });
  try {
    await supervisor.start();
  } catch (error) {
    unlock();
    throw error;
  }
  return {
    engine: supervisor.engine,
    get connection() {
      return supervisor.connection;
    },
    get pid() {
      return supervisor.pid;
    },
    async close() {
      await supervisor.close();
      unlock();
    },
  };
}

class Supervisor {
  readonly engine = new WaitingEngine();
  private readonly options: EmbeddedOptions;
  private readonly log: Log;
  private readonly secrets: Secrets;
  private ports: Ports | undefined;
  private run: Run | undefined;
  private watched: WatchedEngine | undefined;
  private looking: NodeJS.Timeout | undefined;
  private closing = false;
  private stopWaiting: () => void = () => {};
  private supervising: Promise<void> = Promise.resolve();

  constructor(options: EmbeddedOptions) {
    this.options = options;
    this.log = options.log ?? silentLog;
    this.secrets = readSecrets(options.dataDir);
  }

  get connection(): Connection {
    return {
      url: `http://127.0.0.1:${this.ports?.http ?? 0}`,
      user: this.secrets.user,
      password: this.secrets.password,
      database: this.options.database ?? 'waymark',
    };
  }

  get pid(): number {
    return this.run?.pid ?? 0;
  }

  async start(): Promise<void> {
    const run = await this.launchOnce();
    this.looking = setInterval(() => void this.watched?.look().catch(() => {}), LOOK_MS).unref();
    this.supervising = this.supervise(run);
  }

  async close(): Promise<void> {
    this.closing = true;
    clearInterval(this.looking);
    this.stopWaiting();
    withdraw(this.options.dataDir);
    // First, since ClickHouse waits for open connections before it ends.
    await this.engine.shutDown();
    await this.stopRun();
    await this.supervising;
    // One that was just being started when we were told to close.
    await this.stopRun();
    await this.engine.shutDown();
  }

  private async stopRun(): Promise<void> {
    await this.run?.stop(async () => {
      const side = connectEngine({ ...this.connection, database: 'system' });
      await side.command('stop_engine', KILL_WAIT, { maxSeconds: 1 }).finally(() => side.close());
    });
  }

  private async supervise(first: Run): Promise<void> {
    let run: Run | undefined = first;
    let failures = 0;
    while (!this.closing) {
      if (run) {
        const since = Date.now();
        const exit: Exit = await run.exited;
        this.engine.lose();
        if (this.closing) return;
        if (Date.now() - since > STEADY_MS) failures = 0;
        this.log.error({ how: exit.how, output: exit.output }, 'the engine ended and is started again');
      }
      await this.wait(BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)] ?? 0);
      if (this.closing) return;
      failures += 1;
      run = await this.launchOnce().catch((error: unknown) => {
        this.log.error({ error: String(error) }, 'the engine could not be started');
        return undefined;
      });
    }
  }

  /** Tries the old ports first, also those of the last process, then others; waits for a dying engine to let go of the store. */
  private async launchOnce(): Promise<Run> {
    const deadline = Date.now() + LET_GO_SECONDS * 1000;
    for (let attempt = 0; ; attempt += 1) {
      if (!this.ports || attempt > 0)
        this.ports = await freePorts(attempt === 0 ? lastPorts(this.options.dataDir) : ANY_PORTS);
      try {
        return await this.launchOn(this.ports);
      } catch (error) {
        const output = error instanceof LaunchError ? error.output : '';
        const isLocked = LOCKED.test(output);
        if (this.closing || Date.now() > deadline || (!isLocked && attempt >= 2)) {
          if (isLocked) throw new StoreInUseError(this.options.dataDir, this.storeHolder());
          throw new Error(`${(error as Error).message} ${output.trim()}`.trim(), { cause: error });
        }
        await this.wait(100);
      }
    }
  }

  private async launchOn(ports: Ports): Promise<Run> {
    const { dataDir } = this.options;
    const aside = mend(storeFiles(dataDir).store, this.watched?.isDamaged === true);
    if (aside.length > 0)
      this.log.warn({ parts: aside.length, first: aside[0] }, 'parts that were cut short are put aside');
    const configPath = writeConfig({
      dataDir,
      database: this.connection.database,
      ports,
      secrets: this.secrets,
      memoryBytes: this.options.memoryBytes ?? defaultMemoryBytes(),
    });
    const started = Date.now();
    const engine = connectEngine({ ...this.connection, log: this.log });
    const side = connectEngine({ ...this.connection, database: 'system' });
    let run: Run | undefined;
    try {
      run = await launch({
        childPath: this.options.childPath ?? join(projectRoot(), 'dist/server/engine.js'),
        configPath,
        cwd: storeFiles(dataDir).engine,
        isReady: () => engine.ping(),
        timeoutSeconds: START_SECONDS,
      });
      const { kill } = run;
      this.watched = await WatchedEngine.watch(engine, side, () => {
        this.log.error(
          {},
          'a write to the disk failed: the engine is ended, and finds at its start what is whole',
        );
        kill();
      });
      this.run = run;
    } catch (error) {
      run?.kill();
      await Promise.all([engine.close(), side.close()]);
      throw error;
    }
    this.engine.use(this.watched);
    announce(dataDir, { ...this.connection, pid: process.pid });
    this.log.info({ pid: run.pid, elapsedMs: Date.now() - started }, 'the engine is ready');
    return run;
  }

  /** ClickHouse writes its process into the file it locks. */
  private storeHolder(): number | undefined {
    try {
      const status = readFileSync(join(storeFiles(this.options.dataDir).store, 'status'), 'utf8');
      const pid = Number(/PID: (\d+)/.exec(status)?.[1]);
      return pid > 0 ? pid : undefined;
    } catch {
      return undefined;
    }
  }

  private wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.stopWaiting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** The statement that keeps the engine's process waiting; once it is killed, ClickHouse ends. */
const KILL_WAIT = sql`KILL QUERY WHERE user = '' AND query LIKE '%sleepEachRow%' ASYNC`;

/** Ports of this machine: those wished for where they are free, else others, as the system gives them. */
async function freePorts(wished: Ports): Promise<Ports> {
  const listen = (port: number): Promise<Server> =>
    new Promise((resolveServer, reject) => {
      const server = createServer();
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolveServer(server));
    });
  const servers = await Promise.all(
    [wished.http, wished.tcp].map((port) => listen(port).catch(() => listen(0))),
  );
  const [http = 0, tcp = 0] = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return { http, tcp };
}
