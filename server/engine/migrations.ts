/**
 * Brings a database to the shape of clickhouse/migrations/NNNN_*.sql, forward only. Every statement there
 * must be repeatable: a run that was interrupted, or a second process at the same time, runs it again.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { int, param, Sql, sql } from '../query/sql.ts';
import type { SqlQuery } from '../query/statement.ts';
import { connectEngine, type Connection } from './client.ts';
import type { Log } from './log.ts';
import { EngineError, type Engine } from './port.ts';
import { projectRoot } from './project.ts';
import { splitStatements } from './statements.ts';

export interface MigrationOptions {
  readonly log?: Log;
  /** Default: clickhouse/migrations of the project. */
  readonly folder?: string;
}

export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

interface Migration {
  readonly version: number;
  readonly file: string;
  readonly checksum: string;
  readonly text: string;
}

interface Applied {
  readonly version: number;
  readonly file: string;
  readonly checksum: string;
}

const SECONDS = 600;
/** Two processes that create the same table at once may meet in ClickHouse: the second tries again. */
const TRIES = 5;
const MEETING =
  /TABLE_ALREADY_EXISTS|DATABASE_ALREADY_EXISTS|DICTIONARY_ALREADY_EXISTS|UNFINISHED|being (created|dropped|detached)/i;

/** Creates the database and applies what is missing; returns the files applied now. */
export async function migrate(connection: Connection, options: MigrationOptions = {}): Promise<string[]> {
  const migrations = readMigrations(options.folder ?? join(projectRoot(), 'clickhouse/migrations'));
  await createDatabase(connection);
  const engine = connectEngine(connection);
  try {
    await run(engine, 'migrations_table', TABLE);
    const applied = new Map((await engine.query(APPLIED)).rows.map((row) => [row.version, row]));
    checkHistory(migrations, applied);
    const missing = migrations.filter((migration) => !applied.has(migration.version));
    for (const migration of missing) {
      await apply(engine, connection, migration);
      options.log?.info({ file: migration.file }, 'migration applied');
    }
    return missing.map((migration) => migration.file);
  } finally {
    await engine.close();
  }
}

const TABLE = sql`CREATE TABLE IF NOT EXISTS migrations
(
    version UInt32,
    file String,
    checksum String,
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(applied_at)
ORDER BY version`;

const APPLIED: SqlQuery<Applied> = {
  name: 'migrations_applied',
  sql: sql`SELECT version, argMax(migrations.file, applied_at) AS file, argMax(migrations.checksum, applied_at) AS checksum
FROM migrations GROUP BY version ORDER BY version`,
};

async function createDatabase(connection: Connection): Promise<void> {
  if (!/^[A-Za-z_]\w*$/.test(connection.database)) {
    throw new MigrationError(
      `"${connection.database}" cannot be a database's name: use letters, digits and _.`,
    );
  }
  const engine = connectEngine({ ...connection, database: 'system' });
  try {
    await run(engine, 'create_database', text(`CREATE DATABASE IF NOT EXISTS ${connection.database}`));
  } finally {
    await engine.close();
  }
}

async function apply(engine: Engine, connection: Connection, migration: Migration): Promise<void> {
  for (const statement of splitStatements(migration.text)) {
    try {
      await run(engine, 'migration', text(withCredentials(statement, connection)));
    } catch (error) {
      throw new MigrationError(`${migration.file}: ${(error as Error).message}`, { cause: error });
    }
  }
  await run(
    engine,
    'migration_applied',
    sql`INSERT INTO migrations (version, file, checksum)
SELECT ${int(migration.version)}, ${param.string(migration.file)}, ${param.string(migration.checksum)}`,
  );
}

async function run(engine: Engine, name: string, statement: Sql): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await engine.command(name, statement, { maxSeconds: SECONDS });
    } catch (error) {
      const met = error instanceof EngineError && MEETING.test(error.message);
      if (!met || attempt === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50 * attempt));
    }
  }
}

function checkHistory(migrations: readonly Migration[], applied: ReadonlyMap<number, Applied>): void {
  const known = new Map(migrations.map((migration) => [migration.version, migration]));
  for (const row of applied.values()) {
    const migration = known.get(row.version);
    if (!migration) {
      throw new MigrationError(
        `The store has migration ${row.file}, which this version of Waymark does not know: it was used with a newer one.`,
      );
    }
    if (migration.checksum !== row.checksum) {
      throw new MigrationError(
        `${migration.file} was changed after it had been applied. Undo the change and add a new migration instead.`,
      );
    }
  }
}

function readMigrations(folder: string): Migration[] {
  const migrations = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const version = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(file)?.[1];
      if (version === undefined)
        throw new MigrationError(`${file} must be named like 0001_what_it_does.sql.`);
      const content = readFileSync(join(folder, file), 'utf8');
      const checksum = createHash('sha256').update(content).digest('hex');
      return { version: Number(version), file, checksum, text: content };
    });
  const twice = migrations.find((migration, i) => migration.version === migrations[i - 1]?.version);
  if (twice) throw new MigrationError(`Two migrations have the number of ${twice.file}.`);
  return migrations;
}

/**
 * A dictionary over a local table connects as a user of its own: `{credentials}` in a migration stands for
 * `USER ... PASSWORD ... DB ...` of this connection, as in `SOURCE(CLICKHOUSE(TABLE 'identities' {credentials}))`.
 */
function withCredentials(statement: string, { user, password, database }: Connection): string {
  return statement.replaceAll(
    '{credentials}',
    () => `USER ${literal(user)} PASSWORD ${literal(password)} DB ${literal(database)}`,
  );
}

function literal(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** Migrations are the one place where a statement comes from a file of the project as it stands. */
function text(statement: string): Sql {
  return new Sql([statement], []);
}
