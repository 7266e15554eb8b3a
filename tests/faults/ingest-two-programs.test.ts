/**
 * Two servers and an import on one ClickHouse, all writing: one server is killed, one stands still in the middle of
 * its turn for longer than others wait for it. Whatever happens, nothing is lost and nothing counts twice.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectEngine } from '../../server/engine/client.ts';
import type { Engine } from '../../server/engine/port.ts';
import { projectRoot } from '../../server/engine/project.ts';
import { TurnLog } from '../../server/ingest/turns/turn-log.ts';
import { Deployment } from '../support/deployment.ts';
import { testConnection } from '../support/engine.ts';
import { Ledger } from '../support/ledger.ts';
import { eventOf, Load, send } from '../support/load.ts';
import { until } from '../support/until.ts';

let env: Record<string, string>;
let engine: Engine;
let servers: Deployment[];
beforeEach(async () => {
  const connection = await testConnection();
  engine = connectEngine(connection);
  env = {
    CLICKHOUSE_URL: connection.url,
    CLICKHOUSE_USER: connection.user,
    CLICKHOUSE_PASSWORD: connection.password,
    CLICKHOUSE_DATABASE: connection.database,
  };
  servers = [await Deployment.start(env), await Deployment.start(env)];
});
afterEach(async () => {
  for (const server of servers) await server.close();
  await engine.close();
});

const loadOn = (ledger: Ledger, server: Deployment): Load =>
  new Load({ ledger, address: () => server.address, clients: 3 });

it('goes on at once when one of two servers is killed', async () => {
  const ledger = new Ledger('killed');
  const loads = servers.map((server) => loadOn(ledger, server));
  for (let round = 0; round < 6; round += 1) {
    await loads[0]!.goesOn(100);
    const victim = servers[round % 2]!;
    await victim.killServer();
    // By the other: whose process is gone is not waited for.
    await loads[0]!.goesOn(100, 10_000);
    await victim.start();
  }
  for (const load of loads) await load.settle();
  await ledger.expectBalance(engine);
  expect(loads.flatMap(({ wrong }) => wrong)).toEqual([]);
}, 200_000);

it('takes over from a server that stands still in its turn, and that one does no harm when it goes on', async () => {
  const ledger = new Ledger('still');
  const loads = servers.map((server) => loadOn(ledger, server));
  await loads[0]!.goesOn(100);
  const log = new TurnLog(engine, 'onlooker');
  for (const server of servers) {
    await until('it has the turn', async () => {
      const { process: text, end } = await log.read();
      if (end !== '' || (JSON.parse(text) as { pid: number }).pid !== server.pid) return false;
      process.kill(server.pid, 'SIGSTOP');
      // It may have ended its turn in between.
      const state = await log.read();
      const isHeld = state.end === '' && (JSON.parse(state.process) as { pid: number }).pid === server.pid;
      if (!isHeld) process.kill(server.pid, 'SIGCONT');
      return isHeld;
    });
    const { turn } = await log.read();
    await until('another takes over', async () => (await log.read()).turn > turn, 40_000);
    await loads[0]!.goesOn(100, 40_000);
    process.kill(server.pid, 'SIGCONT');
    await loads[0]!.goesOn(100, 40_000);
  }
  for (const load of loads) await load.settle();
  await ledger.expectBalance(engine);
  expect(loads.flatMap(({ wrong }) => wrong)).toEqual([]);
}, 240_000);

it('takes in what is sent while a file is imported, and both count once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'waymark-beside-'));
  const ledger = new Ledger('beside');
  const sales = ledger.next(60_000);
  const path = join(folder, 'sales.csv');
  const rows = sales.map(
    ({ id, customerId, cents, time }) => `${id},${customerId},purchase,${time},${cents / 100}`,
  );
  await writeFile(path, ['event_id,customer_id,event,time,revenue', ...rows].join('\n'));
  const importing = spawn(process.execPath, ['dist/server/main.js', 'import', path], {
    cwd: projectRoot(),
    env: { ...process.env, ...env, LOG_LEVEL: 'silent' },
    stdio: 'ignore',
  });
  const ended = new Promise<number | null>((resolve) => importing.once('close', resolve));
  const loads = servers.map((server) => loadOn(ledger, server));
  // Some of the same sales come over the wire as well, one batch after the other until the import has ended.
  let isOver = false;
  const again = (async () => {
    for (let from = 0; !isOver; from = (from + 977) % 59_000) {
      await send(servers[0]!.address, sales.slice(from, from + 50).map(eventOf));
    }
  })();
  expect(await ended).toBe(0);
  isOver = true;
  await again;
  ledger.acknowledge(sales);
  for (const load of loads) await load.settle();
  await ledger.expectBalance(engine);
  await rm(folder, { recursive: true });
}, 200_000);
