/** Migrations run once, twice and from several processes at the same time, and refuse a changed history. */
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { connectEngine, type Connection } from '../../server/engine/client.ts';
import { migrate } from '../../server/engine/migrations.ts';
import type { Engine } from '../../server/engine/port.ts';
import { projectRoot } from '../../server/engine/project.ts';
import { sql } from '../../server/query/sql.ts';

const real = join(projectRoot(), 'clickhouse/migrations');
const files = readdirSync(real);
let folder: string;
let connection: Connection;
let engine: Engine;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waymark-migrations-'));
  for (const file of files) copyFileSync(join(real, file), join(folder, file));
  connection = { ...inject('store'), database: `migrated_${randomBytes(6).toString('hex')}` };
  engine = connectEngine(connection);
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

async function recorded(): Promise<number[]> {
  const { rows } = await engine.query<{ version: number }>({
    name: 'recorded',
    sql: sql`SELECT DISTINCT version FROM migrations ORDER BY version`,
  });
  return rows.map((row) => row.version);
}

test('applies what is missing, then nothing', async () => {
  expect(await migrate(connection, { folder })).toEqual(files.sort());
  expect(await migrate(connection, { folder })).toEqual([]);
  writeFileSync(
    join(folder, '9000_more.sql'),
    `CREATE TABLE IF NOT EXISTS more (a String DEFAULT 'x;y') ENGINE = MergeTree ORDER BY a;
-- a comment; with a semicolon
ALTER TABLE more ADD COLUMN IF NOT EXISTS b UInt8;`,
  );
  expect(await migrate(connection, { folder })).toEqual(['9000_more.sql']);
  const numbers = files.map((file) => Number(file.slice(0, 4))).sort((a, b) => a - b);
  expect(await recorded()).toEqual([...numbers, 9000]);
});

test('several at once all succeed and leave one shape', async () => {
  await Promise.all(Array.from({ length: 6 }, () => migrate(connection, { folder })));
  expect(await migrate(connection, { folder })).toEqual([]);
  await engine.insert('events', [{ customer_key: '1', time: '2026-01-01 00:00:00', event_id: 'a' }]);
  const { rows } = await engine.query({ name: 'views', sql: sql`SELECT count() AS n FROM known_ids` });
  expect(rows).toEqual([{ n: '1' }]);
});

test('an applied file that was changed is named', async () => {
  await migrate(connection, { folder });
  writeFileSync(join(folder, files[0] ?? ''), 'SELECT 1;');
  await expect(migrate(connection, { folder })).rejects.toThrow(
    `${files[0]} was changed after it had been applied`,
  );
});

test('a store of a newer version is refused', async () => {
  writeFileSync(join(folder, '9000_more.sql'), 'SELECT 1;');
  await migrate(connection, { folder });
  rmSync(join(folder, '9000_more.sql'));
  await expect(migrate(connection, { folder })).rejects.toThrow(
    '9000_more.sql, which this version of Waymark',
  );
});

test('a file that fails halfway is named and finished by the next run', async () => {
  const broken = 'CREATE TABLE IF NOT EXISTS half (a UInt8) ENGINE = MergeTree ORDER BY a;';
  writeFileSync(join(folder, '9000_half.sql'), `${broken} NONSENSE;`);
  await expect(migrate(connection, { folder })).rejects.toThrow('9000_half.sql: ');
  writeFileSync(join(folder, '9000_half.sql'), broken);
  expect(await migrate(connection, { folder })).toEqual(['9000_half.sql']);
});

test('a dictionary reads a local table with the credentials of the connection', async () => {
  writeFileSync(
    join(folder, '9000_dictionary.sql'),
    `CREATE DICTIONARY IF NOT EXISTS identity_of (alias_key UInt64, customer_key UInt64) PRIMARY KEY alias_key
SOURCE(CLICKHOUSE(TABLE 'identities' {credentials})) LAYOUT(HASHED()) LIFETIME(0);`,
  );
  await migrate(connection, { folder });
  await engine.insert('identities', [
    { alias_key: '5', customer_key: '7', updated_at: '2026-01-01 00:00:00' },
  ]);
  await engine.command('reload', sql`SYSTEM RELOAD DICTIONARY identity_of`);
  const { rows } = await engine.query({
    name: 'look_up',
    sql: sql`SELECT dictGet('identity_of', 'customer_key', toUInt64(5)) AS customer_key`,
  });
  expect(rows).toEqual([{ customer_key: '7' }]);
});
