/**
 * Live queries under load while the engine is killed, the server is killed, and connections are broken again and
 * again: each viewer ends with the answer to a fresh question, none is told the same twice in a row, none is stuck.
 */
import { afterEach, expect, it } from 'vitest';
import { Deployment } from '../support/deployment.ts';
import { Ledger } from '../support/ledger.ts';
import { Load } from '../support/load.ts';
import { stallingProxy } from '../support/stalling-proxy.ts';
import type { StallingProxy } from '../support/stalling-proxy.ts';
import { allShowThePresent, steadyViewers } from '../support/steady-viewers.ts';
import type { SteadyViewer } from '../support/steady-viewers.ts';
import { until } from '../support/until.ts';

const VIEWERS = 60;
const RANGE = 'range: { from: "2026-01-01T00:00:00Z", to: "2026-07-01T00:00:00Z" }';
const QUESTIONS = [
  `{ overview(input: { ${RANGE} }) { orders { value } revenue { value } activeCustomers { value } } }`,
  `{ funnel(input: { ${RANGE}, steps: [{ match: { events: ["purchase"] } }, { match: { events: ["purchase"] } }] }) { steps { customers } } }`,
  `{ lifecycle(input: { ${RANGE} }) { stages { stage { key } customers } } }`,
];

let deployment: Deployment;
let proxy: StallingProxy;
let viewers: SteadyViewer[] = [];

afterEach(async () => {
  await Promise.all(viewers.map((viewer) => viewer.leave()));
  await proxy.close();
  await deployment.close();
});

async function underLoad(name: string, rounds: number, strike: () => Promise<void>): Promise<void> {
  deployment = await Deployment.start();
  proxy = await stallingProxy(() => deployment.address);
  viewers = steadyViewers(proxy.address, QUESTIONS, VIEWERS);
  const load = new Load({
    ledger: new Ledger(name),
    address: () => deployment.address,
    clients: 2,
    batch: 5,
  });
  for (let round = 0; round < rounds; round += 1) {
    await load.goesOn(60);
    await until('every viewer was told something', () => viewers.every(({ connections }) => connections > 0));
    await strike();
  }
  await load.goesOn(60);
  await load.settle();
  await allShowThePresent(viewers, deployment.address);
  expect(viewers.filter(({ repeated }) => repeated > 0)).toEqual([]);
  expect(viewers.filter(({ ended }) => ended > 0)).toEqual([]);
}

it('end right when connections are broken again and again', async () => {
  await underLoad('cut', 8, async () => {
    proxy.shut();
    proxy.open();
  });
  expect(Math.min(...viewers.map(({ connections }) => connections))).toBeGreaterThan(2);
});

it('end right when the engine is killed', () =>
  underLoad('engine', 3, () => deployment.signalEngine('SIGKILL')));

it('end right when the server is killed, and when it is asked to stop', () => {
  let round = 0;
  return underLoad('server', 4, async () => {
    round += 1;
    if (round % 2 === 0) await deployment.killServer();
    else expect(await deployment.stop()).toBe(0);
    await deployment.start();
  });
});
