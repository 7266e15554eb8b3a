/** A thousand viewers and nothing happens: what the server takes of a core. */
import { setTimeout as pause } from 'node:timers/promises';
import { Deployment } from '../support/deployment.ts';
import { send } from '../support/load.ts';
import { figuresOf, openAudience } from './audience.ts';
import { history, QUESTIONS } from './fan-out.ts';
import { atMost, print } from './line.ts';

const VIEWERS = 1000;
/** Until what opening the viewers left to be done is done: code to compile; memory to give back, 45 seconds later. */
const SETTLE_MS = 60_000;
const WATCHED_MS = 60_000;
const TARGET = 2;

export async function benchIdle(): Promise<void> {
  const server = await Deployment.start({ LIVE_PER_ADDRESS: '0' });
  try {
    await send(server.address, history());
    const viewers = await openAudience({
      url: `${server.address.replace('http', 'ws')}/graphql`,
      viewers: VIEWERS,
      queries: QUESTIONS,
    });
    await pause(SETTLE_MS);
    const cpuMs = async (): Promise<number> =>
      ((await figuresOf(server.address)).get('waymark_cpu_seconds') ?? NaN) * 1000;
    const before = await cpuMs();
    const begun = performance.now();
    await pause(WATCHED_MS);
    const took = (await cpuMs()) - before;
    const ms = performance.now() - begun;
    await viewers.close();
    print({
      name: `${VIEWERS} viewers, no events`,
      events: 0,
      ours: 'processor time of the server',
      oursMs: took,
      baseline: 'one core',
      baselineMs: ms,
      judged: atMost('% of one core', (100 * took) / ms, TARGET),
    });
  } finally {
    await server.close();
  }
}
