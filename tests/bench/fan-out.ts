/**
 * Fifteen thousand viewers of twelve questions at one change a second, one server: from the acknowledgement of a
 * change until each viewer has read what it makes of its answer, and what that takes of the server.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Deployment } from '../support/deployment.ts';
import { send } from '../support/load.ts';
import { until } from '../support/until.ts';
import { figuresOf, openAudience } from './audience.ts';
import { atMost, print, printSize } from './line.ts';
import { peakMemoryOf } from './server.ts';
import { instant } from './viewers.ts';
import type { ViewersResult } from './viewers.ts';
import { barePush } from './yardsticks/push.ts';

const VIEWERS = 15_000;
const CHANGES_A_ROUND = 3;
/** Most changes before those that count: until what answers are kept from is built. */
const MOST_WARM_UP = 60;
/** Statements of live runs, by how they were answered. */
const IN_FULL = /^waymark_live_runs_total\{.*how="full",why="(new|rebuilt)"/;
const KEPT = /^waymark_live_runs_total\{.*how="kept"/;
const TARGETS = { p95: 400, bytes: 1e9, loopMs: 50 };
const EVENTS = ['product_viewed', 'product_added', 'order_completed'];
const DAY_MS = 86_400_000;
const CUSTOMERS = 500;

/** Twelve walls: the same figures with their curves over as many ranges. The first number counts orders. */
export const QUESTIONS = Array.from(
  { length: 12 },
  (_, i) => `subscription { overview(input: { range: { last: "P${i + 7}D" } }, every: "PT0.1S") {
  orders { value series { start value } } revenue { value series { start value } }
  activeCustomers { value series { start value } } customers { value } } }`,
);

/** A few hundred customers with some weeks of history, none of it near the edge of a range. */
export function history(): object[] {
  return Array.from({ length: 6000 }, (_, i) => ({
    id: randomUUID(),
    event: EVENTS[i % EVENTS.length],
    customerId: `c${i % CUSTOMERS}`,
    time: new Date(Date.now() - (i % 40) * (DAY_MS / 2) - 60_000).toISOString(),
    orderId: `o${i}`,
    revenue: 10,
  }));
}

/** Each three seconds of it a round. */
export async function benchFanOut(rounds: number): Promise<void> {
  const changes = rounds * CHANGES_A_ROUND;
  const server = await Deployment.start({ LIVE_PER_ADDRESS: '0' });
  let measured: Measured;
  try {
    await send(server.address, history());
    measured = await measure(server, changes);
  } finally {
    await server.close();
  }
  tell(changes, measured, await barePush(VIEWERS, measured.viewers.payloadBytes, changes));
}

/** Each by another customer, who was here before. */
const orderOf = (i: number): object => ({
  event: 'order_completed',
  customerId: `c${i % CUSTOMERS}`,
  orderId: `new-${i}`,
  revenue: 1,
});

/** One a second; resolves to when each was acknowledged. */
async function change(address: string, first: number, last: number): Promise<[number, number][]> {
  const begun = performance.now();
  const changed: [number, number][] = [];
  for (let i = first; i <= last; i += 1) {
    await send(address, [orderOf(i)]);
    changed.push([i, instant()]);
    await pause(Math.max(0, begun + (i - first + 1) * 1000 - performance.now()));
  }
  return changed;
}

/** Changes until one was answered without a statement being run in full; how many that took. */
async function warmUp(address: string): Promise<number> {
  let inFull = -1;
  for (let i = 1; i <= MOST_WARM_UP; i += 1) {
    await change(address, i, i);
    const now = sumOf(await figuresOf(address), IN_FULL);
    if (now === inFull) return i;
    inFull = now;
  }
  return MOST_WARM_UP;
}

function sumOf(figures: ReadonlyMap<string, number>, name: RegExp): number {
  return [...figures].reduce((sum, [key, value]) => sum + (name.test(key) ? value : 0), 0);
}

/** What came of it, and what it took of the server. */
interface Measured {
  readonly viewers: ViewersResult;
  readonly cores: number;
  readonly kept: number;
  readonly inFull: number;
  readonly warmUp: number;
  readonly loopMs: number;
  readonly peakBytes: number;
}

async function measure(server: Deployment, changes: number): Promise<Measured> {
  const viewers = await openAudience({
    url: `${server.address.replace('http', 'ws')}/graphql`,
    viewers: VIEWERS,
    queries: QUESTIONS,
  });
  const warm = await warmUp(server.address);
  const before = await figuresOf(server.address);
  const begun = performance.now();
  const changed = await change(server.address, warm + 1, warm + changes);
  const all = async (): Promise<boolean> => (await viewers.toldOf(warm + changes)) === VIEWERS;
  await until('every viewer has the newest', all, 20_000);
  const after = await figuresOf(server.address);
  const seconds = (performance.now() - begun) / 1000;
  const result = await viewers.result(changed);
  await viewers.close();
  const since = (name: string): number => (after.get(name) ?? NaN) - (before.get(name) ?? NaN);
  return {
    viewers: result,
    cores: since('waymark_cpu_seconds') / seconds,
    kept: sumOf(after, KEPT) - sumOf(before, KEPT),
    inFull: sumOf(after, IN_FULL) - sumOf(before, IN_FULL),
    warmUp: warm,
    loopMs: (after.get('waymark_event_loop_delay_seconds{quantile="0.99"}') ?? NaN) * 1000,
    peakBytes: peakMemoryOf(server.pid) ?? NaN,
  };
}

function tell(changes: number, { viewers, loopMs, peakBytes, ...took }: Measured, bare: ViewersResult): void {
  const { p50, p95, p99, slowest, firstP95, tellingP95, ...counted } = viewers;
  const name = `${VIEWERS} viewers of ${QUESTIONS.length} questions, a change a second`;
  const isWhole = counted.wrong === 0 && counted.behind === 0;
  const judged = atMost('p95 from change to viewer, ms', p95, TARGETS.p95);
  print({
    name,
    events: changes,
    oursMs: p95,
    baseline: 'as many bytes to as many viewers by a bare loop over ws, p95',
    baselineMs: bare.p95,
    p50Ms: p50,
    p99Ms: p99,
    slowestMs: slowest,
    firstViewerP95Ms: firstP95,
    tellingP95Ms: tellingP95,
    ...counted,
    ...took,
    judged: { ...judged, holds: judged.holds && isWhole },
  });
  print({
    name: `${name}: event loop`,
    events: changes,
    oursMs: loopMs,
    baseline: 'a second between changes',
    baselineMs: 1000,
    judged: atMost('event-loop delay p99, ms', loopMs, TARGETS.loopMs),
  });
  printSize({
    name: `${name}: memory`,
    events: changes,
    oursBytes: peakBytes,
    judged: atMost('peak memory', peakBytes, TARGETS.bytes),
  });
}
