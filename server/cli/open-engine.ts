/** The engine a command works on: CLICKHOUSE_URL, or the embedded one; migrated and ready. */
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { connectEngine } from '../engine/client.ts';
import { startEmbedded } from '../engine/embedded/supervisor.ts';
import { migrate } from '../engine/migrations.ts';
import type { Engine } from '../engine/port.ts';

export interface OpenEngine {
  readonly engine: Engine;
  close(): Promise<void>;
}

export async function openEngine(config: Config, log: Logger): Promise<OpenEngine> {
  const database = config.CLICKHOUSE_DATABASE;
  if (config.CLICKHOUSE_URL !== null) {
    const connection = {
      url: config.CLICKHOUSE_URL,
      user: config.CLICKHOUSE_USER,
      password: config.CLICKHOUSE_PASSWORD,
      database,
    };
    await migrate(connection);
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
