/** One Waymark a store, found by others, and gone with its owner however that one ended. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectEngine, type Connection } from '../../server/engine/client.ts';
import type { Secrets } from '../../server/engine/embedded/files.ts';
import { findRunningEngine } from '../../server/engine/embedded/running.ts';
import { migrate } from '../../server/engine/migrations.ts';
import { sql } from '../../server/query/sql.ts';
import { isRunning, killNow, startStoreProcess, type StoreProcess } from '../support/store-process.ts';
import { until } from '../support/until.ts';

let dataDir: string;
let started: StoreProcess[] = [];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'waymark-owner-'));
});
afterEach(async () => {
  await Promise.all(started.map((store) => killNow(store.process)));
  for (const { said } of started) if (said.pid) await until('it is gone', () => !isRunning(said.pid ?? 0));
  started = [];
  rmSync(dataDir, { recursive: true });
});

async function start(): Promise<StoreProcess> {
  const store = await startStoreProcess(dataDir);
  started.push(store);
  return store;
}

test('the engine dies with its parent, and the store is free for the next at once', async () => {
  const first = await start();
  const running = await findRunningEngine(dataDir);
  expect(running).toMatchObject({ pid: first.process.pid, url: first.said.connection?.url });
  if (!running) return;
  await migrate(running);
  const engine = connectEngine(running);
  await engine.insert('events', [{ customer_key: '1', time: '2026-01-01 00:00:00', event_id: 'a' }]);
  await engine.close();

  await killNow(first.process);
  const second = await start();
  await until('the first engine is gone', () => !isRunning(first.said.pid ?? 0), 10_000);
  expect(second.said.error).toBeUndefined();
  const again = await findRunningEngine(dataDir);
  expect(again?.pid).toBe(second.process.pid);
  if (!again) return;
  const next = connectEngine(again);
  const { rows } = await next.query({ name: 'ids', sql: sql`SELECT event_id FROM events` });
  expect(rows).toEqual([{ event_id: 'a' }]);
  await next.close();
});

test('a second start is refused with one sentence that names the first', async () => {
  const first = await start();
  const second = await start();
  expect(second.said.error).toContain(
    `The store ${dataDir} is in use by another Waymark (process ${first.process.pid}).`,
  );
  expect(await findRunningEngine(dataDir)).toMatchObject({ pid: first.process.pid });
});

test('of two that start at once, one wins', async () => {
  const both = await Promise.all([start(), start()]);
  expect(both.filter((store) => store.said.error === undefined)).toHaveLength(1);
  expect(both.filter((store) => store.said.error?.includes('is in use by another Waymark'))).toHaveLength(1);
});

test('a lost lock file does not let two engines at one store', async () => {
  const first = await start();
  rmSync(join(dataDir, 'engine.lock'));
  const second = await start();
  expect(second.said.error).toContain(`is in use by another Waymark (process ${first.said.pid})`);
});

test('a lock that a crash left does not block, though its number is in use again', async () => {
  writeFileSync(join(dataDir, 'engine.lock'), JSON.stringify({ pid: process.pid, started: 'long ago' }));
  expect((await start()).said.error).toBeUndefined();
});

test('what a crash left in engine.json is not taken for an engine', async () => {
  const store = await start();
  await killNow(store.process);
  await until('the engine is gone', () => !isRunning(store.said.pid ?? 0), 10_000);
  expect(await findRunningEngine(dataDir)).toBeUndefined();
});

test('SIGTERM closes cleanly; secrets are for the owner alone', async () => {
  const store = await start();
  for (const file of ['engine.json', 'engine/users.xml', 'engine/config.xml', 'engine/secrets.json']) {
    expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
  }
  store.process.kill('SIGTERM');
  await until('it has ended', () => store.process.exitCode !== null);
  expect(store.process.exitCode).toBe(0);
  expect(isRunning(store.said.pid ?? 0)).toBe(false);
});

test('the reader for other tools reads the tables of Waymark and changes nothing', async () => {
  const { said } = await start();
  if (!said.connection) throw new Error(said.error);
  await migrate(said.connection);
  const secrets = JSON.parse(readFileSync(join(dataDir, 'engine/secrets.json'), 'utf8')) as Secrets;
  const reader = connectEngine({
    ...said.connection,
    user: secrets.readerUser,
    password: secrets.readerPassword,
  });
  const { rows } = await reader.query({ name: 'read', sql: sql`SELECT count() AS n FROM events` });
  expect(rows).toEqual([{ n: '0' }]);
  for (const refused of [
    sql`INSERT INTO events (customer_key) SELECT 1`,
    sql`DROP TABLE events`,
    sql`CREATE TABLE mine (a UInt8) ENGINE = Memory`,
    sql`SELECT * FROM file('/etc/passwd', 'LineAsString')`,
    sql`KILL QUERY WHERE 1 ASYNC`,
  ]) {
    await expect(reader.command('refused', refused)).rejects.toMatchObject({ code: 'BAD_STATEMENT' });
  }
  await reader.close();
});

test('the writer for other tools finds its way in and sees nothing', async () => {
  const { said } = await start();
  if (!said.connection) throw new Error(said.error);
  await migrate(said.connection);
  const path = join(dataDir, 'landing.json');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const writer = connectEngine(JSON.parse(readFileSync(path, 'utf8')) as Connection);
  await writer.insert('landing', [{ event: 'view', customer_id: 'ann' }]);
  const own = connectEngine(said.connection);
  const { rows } = await own.query({ name: 'read', sql: sql`SELECT count() AS n FROM landed` });
  expect(rows).toEqual([{ n: '1' }]);
  for (const refused of [
    sql`INSERT INTO events (customer_key) SELECT 1`,
    sql`INSERT INTO landed (event) SELECT 'x'`,
  ])
    await expect(writer.command('refused', refused)).rejects.toThrow(/privileges/i);
  for (const table of [sql`events`, sql`landed`, sql`rejected_events`])
    await expect(writer.query({ name: 'refused', sql: sql`SELECT * FROM ${table}` })).rejects.toThrow(
      /privileges/i,
    );
  await Promise.all([writer.close(), own.close()]);
});
