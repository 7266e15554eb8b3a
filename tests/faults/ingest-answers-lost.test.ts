/** The answer is lost on its way, or comes late: who sends again is not counted again. */
import { afterEach, expect, it } from 'vitest';
import { cuttingProxy } from '../support/cutting-proxy.ts';
import { Deployment } from '../support/deployment.ts';
import { Ledger } from '../support/ledger.ts';
import { Load } from '../support/load.ts';
import { until } from '../support/until.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function deploy(): Promise<Deployment> {
  const deployment = await Deployment.start();
  closing.push(() => deployment.close());
  return deployment;
}

it('counts once what is sent again because the answer was cut off', async () => {
  const deployment = await deploy();
  const proxy = await cuttingProxy(() => deployment.address, 3);
  closing.push(() => proxy.close());
  const ledger = new Ledger('cut');
  const load = new Load({ ledger, address: () => proxy.address });
  await load.goesOn(2000, 60_000);
  await load.settle();
  expect(proxy.cuts()).toBeGreaterThan(20);
  expect(load.wrong).toEqual([]);
  await ledger.expectBalance(await deployment.engine());
}, 120_000);

it('loses nothing while the engine stands still, and then stutters', async () => {
  const deployment = await deploy();
  const ledger = new Ledger('still');
  const load = new Load({ ledger, address: () => deployment.address });
  await load.goesOn(200);
  await deployment.signalEngine('SIGSTOP');
  const end = performance.now() + 30_000;
  // Alive throughout, whatever waits.
  await until(
    'half a minute has passed',
    async () => {
      const health = await fetch(`${deployment.address}/healthz`, { signal: AbortSignal.timeout(2000) });
      expect(health.status).toBe(200);
      return performance.now() > end;
    },
    40_000,
  );
  await deployment.stutterEngine(16);
  await load.goesOn(200, 60_000);
  await load.stop();
  const engine = await deployment.engine();
  await ledger.expectKept(engine);
  await load.settle();
  await ledger.expectBalance(engine);
  expect(load.wrong).toEqual([]);
}, 200_000);

it('loses nothing where strangers keep all of the engine busy', async () => {
  const deployment = await deploy();
  const ledger = new Ledger('busy');
  const load = new Load({ ledger, address: () => deployment.address });
  await load.goesOn(100);
  const engine = await deployment.engine();
  const { Sql } = await import('../../server/query/sql.ts');
  const sleep = new Sql(
    [
      'SELECT sleepEachRow(1) FROM numbers(5) SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 0',
    ],
    [],
  );
  // More than it takes at once, from two senders, since each has a bound of its own.
  const strangers = await Promise.all([0, 1, 2].map(() => deployment.engine()));
  await Promise.allSettled(
    strangers.flatMap((stranger) =>
      Array.from({ length: 40 }, () => stranger.query({ name: 'test.stranger', sql: sleep })),
    ),
  );
  await load.goesOn(100, 60_000);
  await load.settle();
  await ledger.expectBalance(engine);
  expect(load.wrong).toEqual([]);
}, 120_000);
