/** The engine a command works on: CLICKHOUSE_URL, or the embedded one; migrated and ready. */
import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { connectEngine } from '../engine/client.ts';
import type { Connection } from '../engine/client.ts';
import { startEmbedded } from '../engine/embedded/supervisor.ts';
import { networkCode } from '../engine/embedded/waiting-engine.ts';
import { migrate } from '../engine/migrations.ts';
import type { Engine } from '../engine/port.ts';

export interface OpenEngine {
  readonly engine: Engine;
  close(): Promise<void>;
}

/**
 * With a signal an existing server that is away is waited for until it aborts; without, that is an error at once.
 */
export async function openEngine(config: Config, log: Logger, waiting?: AbortSignal): Promise<OpenEngine> {
  const database = config.CLICKHOUSE_DATABASE;
  if (config.CLICKHOUSE_URL !== null) {
    const connection = {
      url: config.CLICKHOUSE_URL,
      user: config.CLICKHOUSE_USER,
      password: config.CLICKHOUSE_PASSWORD,
      database,
    };
    await migrateOnceThere(connection, log, waiting);
    const engine = connectEngine({ ...connection, log });
    return { engine, close: () => engine.close() };
  }
  const embedded = await startEmbedded({ dataDir: config.DATA_DIR, database, log });
  try {
    await migrate(embedded.connection);
  } catch (error) {
    await embedded.close();
    throw error;
  }
  return { engine: embedded.engine, close: () => embedded.close() };
}

const PAUSES_MS = [250, 500, 1000, 2000, 5000];

async function migrateOnceThere(connection: Connection, log: Logger, waiting?: AbortSignal): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await migrate(connection);
      return;
    } catch (error) {
      if (networkCode(error) === undefined || !waiting || waiting.aborted) throw error;
      if (attempt === 0) log.warn({ url: connection.url }, 'ClickHouse does not answer; waiting for it');
      const ms = PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)];
      await setTimeout(ms, undefined, { signal: waiting }).catch(() => {});
    }
  }
}
