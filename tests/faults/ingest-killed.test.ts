/**
 * The engine, the server and both are killed under load, ten times each: nothing acknowledged is lost, and nothing
 * counts twice once the senders have tried again.
 */
import { afterEach, expect, it } from 'vitest';
import { Deployment } from '../support/deployment.ts';
import { Ledger } from '../support/ledger.ts';
import { Load } from '../support/load.ts';

const ROUNDS = 10;
const A_MINUTE_AND_MORE = 200_000;
let deployment: Deployment;
afterEach(() => deployment.close());

async function underLoad(name: string, strike: (round: number) => Promise<void>): Promise<void> {
  deployment = await Deployment.start();
  const ledger = new Ledger(name);
  const load = new Load({ ledger, address: () => deployment.address });
  for (let round = 0; round < ROUNDS; round += 1) {
    // At another moment of the work each time.
    await load.goesOn(60 + 37 * (round % 4));
    await strike(round);
  }
  await load.goesOn(100);
  await load.stop();
  const engine = await deployment.engine();
  await ledger.expectKept(engine);
  await load.settle();
  await ledger.expectBalance(engine);
  expect(load.wrong).toEqual([]);
  expect([...load.refusals.keys()].filter((why) => !['broken off', 'UNAVAILABLE'].includes(why))).toEqual([]);
}

it(
  'keeps its promise when the engine is killed',
  () => underLoad('engine', () => deployment.signalEngine('SIGKILL')),
  A_MINUTE_AND_MORE,
);

it(
  'keeps its promise when the server is killed',
  () =>
    underLoad('server', async () => {
      await deployment.killServer();
      await deployment.start();
    }),
  A_MINUTE_AND_MORE,
);

it(
  'keeps its promise when both are killed',
  () =>
    underLoad('both', async (round) => {
      await deployment.killBoth(round % 2 === 0 ? 'engine' : 'server');
      await deployment.start();
    }),
  A_MINUTE_AND_MORE,
);
