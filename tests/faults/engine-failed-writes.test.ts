/**
 * Writes to the disk that fail at any moment: the embedded ClickHouse goes on as though they had not, so what it
 * calls stored or merged may be cut short. Files of its process are limited to so few bytes that it is.
 */
import { execFileSync } from 'node:child_process';
import { afterEach, expect, it } from 'vitest';
import { sql } from '../../server/query/sql.ts';
import { Deployment } from '../support/deployment.ts';
import { Ledger } from '../support/ledger.ts';
import { Load } from '../support/load.ts';
import { until } from '../support/until.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function underLoad(name: string, batch = 20) {
  const deployment = await Deployment.start();
  closing.push(() => deployment.close());
  const ledger = new Ledger(name);
  const load = new Load({ ledger, address: () => deployment.address, batch });
  closing.push(() => load.stop());
  await load.goesOn(300);
  return { deployment, ledger, load };
}

/** From now on the engine that runs writes no file beyond so many bytes; resolves once another runs. */
async function failWrites(deployment: Deployment, bytes: number, meanwhile = async () => {}): Promise<void> {
  let pid: number | undefined;
  await until('the engine runs', () => (pid = deployment.enginePid) !== undefined);
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}`]);
  await meanwhile();
  await until(
    'another engine runs',
    () => deployment.enginePid !== undefined && deployment.enginePid !== pid,
    60_000,
  );
}

// The last: what was inserted is still noted, in a small file, where the events themselves are cut short.
it.each([
  { bytes: 50, batch: 20 },
  { bytes: 400, batch: 20 },
  { bytes: 3_000, batch: 20 },
  { bytes: 12_000, batch: 400 },
])(
  'acknowledges nothing that is cut short at $bytes bytes, $batch events a call',
  async ({ bytes, batch }) => {
    const { deployment, ledger, load } = await underLoad(`short-${bytes}`, batch);
    for (let round = 0; round < 2; round += 1) {
      await failWrites(deployment, bytes);
      await load.goesOn(10 * batch, 60_000);
    }
    await load.settle();
    await ledger.expectBalance(await deployment.engine());
    expect(load.wrong).toEqual([]);
  },
  240_000,
);

it('loses nothing that was merged while writes failed, and answers on', async () => {
  const { deployment, ledger, load } = await underLoad('merged');
  await load.settle();
  const engine = await deployment.engine();
  await failWrites(deployment, 400, async () => {
    // Nobody of ours waits for a merge, and nobody is told how it ended.
    for (const merge of [sql`OPTIMIZE TABLE events FINAL`, sql`OPTIMIZE TABLE customers FINAL`]) {
      await engine.command('test.merge', merge).catch(() => {});
    }
  });
  const response = await fetch(`${deployment.address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ catalog { totalEvents totalCustomers } }' }),
  });
  expect(await response.json()).toMatchObject({
    data: { catalog: { totalEvents: ledger.acknowledgedCount } },
  });
  await ledger.expectBalance(await deployment.engine());
}, 120_000);
