/** The embedded engine's child dies, hangs or is stopped; what was acknowledged stays. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEmbedded, type EmbeddedEngine } from '../../server/engine/embedded/supervisor.ts';
import { migrate } from '../../server/engine/migrations.ts';
import { EngineError } from '../../server/engine/port.ts';
import { sql } from '../../server/query/sql.ts';
import type { SqlQuery } from '../../server/query/statement.ts';
import { isRunning } from '../support/store-process.ts';
import { until } from '../support/until.ts';

let dataDir: string;
let store: EmbeddedEngine;
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'waymark-crash-'));
  store = await startEmbedded({ dataDir, memoryBytes: 2 * 1024 ** 3 });
  await migrate(store.connection);
});
afterEach(async () => {
  await store.close();
  rmSync(dataDir, { recursive: true });
});

const IDS: SqlQuery<{ id: string }> = { name: 'ids', sql: sql`SELECT event_id AS id FROM events` };
const event = (id: number): object => ({
  customer_key: '1',
  time: '2026-01-01 00:00:00',
  event: 'e',
  event_id: String(id),
});

test('a killed engine is started again, nothing acknowledged is lost, nothing fails untyped', async () => {
  const acknowledged: string[] = [];
  const outcomes = new Set<string>();
  let sent = 0;
  let stop = false;
  const write = async (): Promise<void> => {
    while (!stop) {
      const id = (sent += 1);
      try {
        await store.engine.insert('events', [event(id)], { deduplicationToken: `t${id}` });
        acknowledged.push(String(id));
      } catch (error) {
        outcomes.add(error instanceof EngineError ? error.code : String(error));
      }
    }
  };
  const writers = [write(), write()];
  for (let round = 0; round < 3; round += 1) {
    const before = store.pid;
    const target = acknowledged.length + 20;
    await until('some are acknowledged', () => acknowledged.length >= target, 10_000);
    process.kill(before, 'SIGKILL');
    await until('another process serves', () => store.pid !== before && isRunning(store.pid), 10_000);
  }
  await until('it writes again', () => acknowledged.length > 80, 10_000);
  stop = true;
  await Promise.all(writers);
  const stored = new Set((await store.engine.query(IDS)).rows.map((row) => row.id));
  expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
  expect([...outcomes].filter((code) => code !== 'UNAVAILABLE')).toEqual([]);
});

test('a request that comes while the engine starts again waits for it', async () => {
  const before = store.pid;
  process.kill(before, 'SIGKILL');
  await until('it is gone', () => !isRunning(before));
  expect((await store.engine.query(IDS)).rows).toEqual([]);
});

test('an engine that hangs is answered for by the clock', async () => {
  process.kill(store.pid, 'SIGSTOP');
  await until('it stands still', async () => !(await store.engine.ping()));
  try {
    await expect(store.engine.query(IDS, { maxSeconds: 0.3 })).rejects.toMatchObject({ code: 'TIMEOUT' });
    // Who gives up is not kept waiting either.
    const controller = new AbortController();
    const given = store.engine.query(IDS, { signal: controller.signal });
    controller.abort();
    await expect(given).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await store.engine.ping()).toBe(false);
  } finally {
    process.kill(store.pid, 'SIGCONT');
  }
  await until('it answers again', () => store.engine.ping());
});

test('close ends the process within seconds, and what comes later is told so', async () => {
  const { pid } = store;
  const started = performance.now();
  await store.close();
  expect(performance.now() - started).toBeLessThan(10_000);
  expect(isRunning(pid)).toBe(false);
  await expect(store.engine.query(IDS)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  store = await startEmbedded({ dataDir, memoryBytes: 2 * 1024 ** 3 });
  expect((await store.engine.query(IDS)).rows).toEqual([]);
});
