/**
 * The tables that the migrations make, as one statement each: a database for a test is then there in a fraction of
 * the time that all steps of their history take. Read from a database that was migrated in this run.
 */
import { randomBytes } from 'node:crypto';
import { connectEngine, type Connection } from '../../server/engine/client.ts';
import { migrate } from '../../server/engine/migrations.ts';
import { param, Sql, sql } from '../../server/query/sql.ts';
import { inTurn } from './in-turn.ts';

export interface Tables {
  /** The migrated database that they were read from. */
  readonly database: string;
  readonly stored: readonly string[];
  /** Views and dictionaries, which stand on the others, in an order in which they can be made. */
  readonly above: readonly string[];
  /** The tables that hold rows from the start. */
  readonly filled: readonly string[];
}

interface Made {
  readonly name: string;
  readonly isAbove: 0 | 1;
  readonly statement: string;
  readonly rows: number;
}

/** Statements side by side: the engine takes a hundred, from all workers' files together. */
const AT_ONCE = 4;

const newName = (): string => `test_${randomBytes(6).toString('hex')}`;
const text = (statement: string): Sql => new Sql([statement], []);

/** Migrates a new database and reads what came of it. */
export async function readTables(connection: Connection): Promise<Tables> {
  const database = newName();
  await migrate({ ...connection, database });
  const engine = connectEngine({ ...connection, database });
  const { rows } = await engine.query<Made>({
    name: 'test_tables',
    sql: sql`SELECT name, engine IN ('View', 'MaterializedView', 'Dictionary') AS isAbove, create_table_query AS statement,
  toUInt32(ifNull(total_rows, 0)) AS rows
FROM system.tables WHERE database = ${param.string(database)}
ORDER BY engine = 'MaterializedView', engine = 'View', name`,
  });
  await engine.close();
  const statements = (isAbove: 0 | 1): string[] =>
    rows.filter((made) => made.isAbove === isAbove).map(({ statement }) => statement);
  return {
    database,
    stored: statements(0),
    above: statements(1),
    filled: rows.filter((made) => made.isAbove === 0 && made.rows > 0).map(({ name }) => name),
  };
}

/** A new database with these tables. */
export async function makeTables(connection: Connection, tables: Tables): Promise<Connection> {
  const own = { ...connection, database: newName() };
  const engine = connectEngine({ ...own, database: 'system' });
  const run = (statement: string): Promise<void> => engine.command('test_tables', text(statement));
  const make = (statement: string): Promise<void> =>
    // The engine shows no password.
    run(statement.replaceAll(tables.database, own.database).replaceAll('[HIDDEN]', connection.password));
  await run(`CREATE DATABASE ${own.database}`);
  await inTurn(tables.stored, AT_ONCE, make);
  for (const statement of tables.above) await make(statement);
  await inTurn(tables.filled, AT_ONCE, (name) =>
    run(`INSERT INTO ${own.database}.${name} SELECT * FROM ${tables.database}.${name}`),
  );
  await engine.close();
  return own;
}
