/** The program on a store that stops: calls are taken, the program killed and started again, nothing is lost. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../../scripts/build.mjs';
import { connectEngine } from '../../server/engine/client.ts';
import type { Engine } from '../../server/engine/port.ts';
import { sql } from '../../server/query/sql.ts';
import { runProgram } from '../support/program.ts';
import type { Program } from '../support/program.ts';
import { killNow, startStoreProcess } from '../support/store-process.ts';
import type { StoreProcess } from '../support/store-process.ts';
import { until } from '../support/until.ts';

let folder: string;
let store: StoreProcess;
let engine: Engine;
const running: Program[] = [];

beforeAll(async () => {
  await ensureBuilt('server');
  folder = await mkdtemp(join(tmpdir(), 'waymark-journal-program-'));
  store = await startStoreProcess(join(folder, 'store'));
  engine = connectEngine(store.said.connection!);
});
afterAll(async () => {
  signalEngine('SIGCONT');
  for (const { child } of running) await killNow(child);
  await engine.close();
  store.process.kill('SIGTERM');
  await until('the store is closed', () => store.process.exitCode !== null, 10_000);
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
});

function signalEngine(signal: 'SIGSTOP' | 'SIGCONT'): void {
  process.kill(store.said.pid ?? 0, signal);
}

function start(): Program {
  const { url, user, password, database } = store.said.connection!;
  const program = runProgram(['start'], {
    DATA_DIR: join(folder, 'server'),
    CLICKHOUSE_URL: url,
    CLICKHOUSE_USER: user,
    CLICKHOUSE_PASSWORD: password,
    CLICKHOUSE_DATABASE: database,
  });
  running.push(program);
  return program;
}

/** Sends events with these numbers; the answer's status and body. */
async function send(address: string, from: number, count: number) {
  const batch = Array.from({ length: count }, (_, i) => ({
    type: 'track',
    messageId: `m${from + i}`,
    userId: `u${(from + i) % 3}`,
    event: 'Order Completed',
    properties: { order_id: `o${from + i}`, revenue: 2 },
  }));
  const response = await fetch(`${address}/v1/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ batch }),
  });
  const told = (await response.json()) as { readonly accepted: number; readonly duplicates: number };
  return { status: response.status, ...told };
}

it('takes calls while the store does not answer, and loses none when it is killed itself', async () => {
  const first = start();
  const address = await first.ready;
  expect(await send(address, 0, 10)).toMatchObject({ status: 200, accepted: 10 });
  signalEngine('SIGSTOP');
  const answers = await Promise.all([send(address, 5, 10), send(address, 12, 10)]);
  for (const { status, accepted, duplicates } of answers) {
    expect([status, accepted + duplicates]).toEqual([200, 10]);
  }
  // What is known to be away is not waited for again (five seconds).
  const begun = performance.now();
  expect(await send(address, 20, 10)).toMatchObject({ status: 200, accepted: 10 });
  expect(performance.now() - begun).toBeLessThan(4000);
  expect((await fetch(`${address}/readyz`)).status).toBe(503);
  await killNow(first.child);

  const second = start();
  signalEngine('SIGCONT');
  expect(await send(await second.ready, 0, 5)).toMatchObject({ status: 200 });
  const counted = async (): Promise<readonly number[]> => {
    const { rows } = await engine.query<Record<string, string>>({
      name: 'test.counted',
      sql: sql`SELECT (SELECT count() FROM events) AS events, (SELECT uniqExact(event_id) FROM events) AS ids,
  (SELECT sum(revenue) FROM events) AS revenue, (SELECT sum(customers.events) FROM customers) AS counted,
  (SELECT sum(duplicates) FROM ingest_counts) AS duplicates`,
    });
    return Object.values(rows[0] ?? {}).map(Number);
  };
  await expect.poll(counted, { timeout: 20_000 }).toEqual([30, 30, 60, 30, 15]);
}, 60_000);
