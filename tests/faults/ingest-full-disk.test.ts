/** The disk is full: what cannot be kept is refused, reads go on, and all recovers by itself once there is room. */
import { afterEach, expect, it } from 'vitest';
import { Deployment } from '../support/deployment.ts';
import { Ledger } from '../support/ledger.ts';
import { Load } from '../support/load.ts';
import { smallDisk } from '../support/small-disk.ts';
import { until } from '../support/until.ts';

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function onSmallDisk(name: string) {
  const disk = smallDisk(300);
  if (!disk) return null;
  closing.push(() => disk.close());
  const deployment = await Deployment.start({}, disk.folder);
  closing.push(() => deployment.close());
  const ledger = new Ledger(name);
  const load = new Load({ ledger, address: () => deployment.address });
  closing.push(() => load.stop());
  await load.goesOn(300);
  return { disk, deployment, ledger, load };
}

async function totalEvents(address: string): Promise<number> {
  const response = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ catalog { totalEvents } }' }),
  });
  const answer = (await response.json()) as { data?: { catalog: { totalEvents: number } } };
  if (!answer.data) throw new Error(JSON.stringify(answer));
  return answer.data.catalog.totalEvents;
}

it('refuses what a full disk cannot keep, answers questions, and recovers', async (context) => {
  const there = await onSmallDisk('full');
  if (!there) return context.skip('mounting a small disk is refused');
  const { disk, deployment, ledger, load } = there;
  for (let round = 0; round < 3; round += 1) {
    const before = load.refusals.get('UNAVAILABLE') ?? 0;
    disk.fill();
    await until('it refuses', () => (load.refusals.get('UNAVAILABLE') ?? 0) > before + 3, 60_000);
    expect(await totalEvents(deployment.address)).toBeGreaterThan(0);
    disk.free();
    await load.goesOn(200, 60_000);
  }
  await load.settle();
  await ledger.expectBalance(await deployment.engine());
  expect(load.wrong).toEqual([]);
}, 240_000);

it('refuses where the engine is away and the disk of the journal is full', async (context) => {
  const there = await onSmallDisk('journal');
  if (!there) return context.skip('mounting a small disk is refused');
  const { disk, deployment, ledger, load } = there;
  await deployment.signalEngine('SIGSTOP');
  disk.fill();
  await until('it refuses', () => load.refusals.size > 0, 60_000);
  disk.free();
  await deployment.signalEngine('SIGCONT');
  await load.goesOn(200, 60_000);
  await load.settle();
  await ledger.expectBalance(await deployment.engine());
  expect(load.wrong).toEqual([]);
}, 240_000);
