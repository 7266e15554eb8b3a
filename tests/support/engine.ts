/**
 * What every test of compiled SQL and of the API stands on: a fresh, migrated database on the real engine.
 */
import { inject } from 'vitest';
import { connectEngine, type Connection } from '../../server/engine/client.ts';
import type { Engine } from '../../server/engine/port.ts';
import { announceChange } from '../../server/ingest/announce.ts';
import { Sql } from '../../server/query/sql.ts';
import './global-setup.ts';
import { makeTables } from './tables.ts';

/** A new database on the engine of this test run, with the project's tables. */
export function testConnection(): Promise<Connection> {
  return makeTables(inject('store'), inject('tables'));
}

/** An engine with a database of its own; `close` drops it (else it goes with the test run). */
export async function testEngine(): Promise<Engine> {
  const connection = await testConnection();
  const engine = connectEngine(connection);
  const close = engine.close.bind(engine);
  engine.close = async () => {
    await engine.command(
      'drop_test_database',
      new Sql([`DROP DATABASE IF EXISTS ${connection.database}`], []),
    );
    await close();
  };
  return engine;
}

/** Forgets every customer and event, sooner than a new database is made; joined ids stay. */
export async function emptyStore(engine: Engine): Promise<void> {
  const tables = ['events', 'known_ids', 'customers', 'customer_traits'];
  await Promise.all(
    tables.map((table) => engine.command('test_empty', new Sql([`TRUNCATE TABLE ${table}`], []))),
  );
  await announceChange(engine);
}
