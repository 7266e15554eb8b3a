/**
 * The engine for a command that comes and goes: CLICKHOUSE_URL, the embedded one of a running Waymark on this
 * store, or one started for the command. Migrated; closed after.
 */
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { connectEngine } from '../engine/client.ts';
import { findRunningEngine } from '../engine/embedded/running.ts';
import { migrate } from '../engine/migrations.ts';
import type { Engine } from '../engine/port.ts';
import { closeOwnTurn } from '../ingest/turns/turn-within.ts';
import { openEngine } from './open-engine.ts';

export async function withEngine<T>(
  config: Config,
  log: Logger,
  use: (engine: Engine) => Promise<T>,
): Promise<T> {
  const opened = (await openRunning(config, log)) ?? (await openEngine(config, log));
  try {
    return await use(opened.engine);
  } finally {
    await closeOwnTurn(opened.engine);
    await opened.close();
  }
}

async function openRunning(config: Config, log: Logger) {
  if (config.CLICKHOUSE_URL !== null) return undefined;
  const running = await findRunningEngine(config.DATA_DIR);
  if (!running) return undefined;
  const connection = { ...running, database: config.CLICKHOUSE_DATABASE };
  await migrate(connection);
  const engine = connectEngine({ ...connection, log });
  return { engine, close: () => engine.close() };
}
