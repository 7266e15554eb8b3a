/**
 * Events through the tracking API into an empty store, sent by a process of its own, against the same rows
 * inserted bare: no checks, no look for duplicates, the same views behind the table.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { EmbeddedEngine } from '../../server/engine/embedded/supervisor.ts';
import { migrate } from '../../server/engine/migrations.ts';
import { projectRoot } from '../../server/engine/project.ts';
import { startTestStore } from '../support/test-store.ts';
import { atLeast, atMost, print, printSize } from './line.ts';
import type { LoadResult, LoadSpec } from './load.ts';
import { median, timed } from './measure.ts';
import { rowOf } from './sent-events.ts';
import { peakMemoryOf, uncachedServer } from './server.ts';
import type { BenchServer } from './server.ts';
import type { BenchOptions } from './store.ts';

interface Load extends Pick<LoadSpec, 'path' | 'clients' | 'batch'> {
  readonly name: string;
  /** Events a second on four cores. */
  readonly rate?: number;
  readonly p99Ms?: number;
}

const LOADS: readonly Load[] = [
  {
    name: '/v1/batch of 100, 16 clients',
    path: '/v1/batch',
    clients: 16,
    batch: 100,
    rate: 25_000,
    p99Ms: 250,
  },
  { name: '/v1/track, 256 clients', path: '/v1/track', clients: 256, batch: 1, rate: 4_000 },
  { name: '/v1/batch of 1,000, 4 clients', path: '/v1/batch', clients: 4, batch: 1000 },
  { name: '/v1/track, one client', path: '/v1/track', clients: 1, batch: 1 },
];

const WARM_SECONDS = 2;
const SECONDS = 6;
/** Rows of a bare insert: as many as the server puts into one at most. */
const BARE_ROWS = 10_000;
const SERVER_BYTES = 500e6;
/** The targets are stated for four cores. */
const SHARE_OF_CORES = Math.min(1, availableParallelism() / 4);

export async function benchIngest({ rounds }: BenchOptions): Promise<void> {
  const store = await startTestStore();
  await migrate(store.connection);
  const server = await uncachedServer(store.connection);
  let made = 0;
  const send = async (load: Load, seconds: number): Promise<LoadResult> => {
    const result = await sendFrom(server, { ...load, url: server.url, seconds, from: made });
    made += result.events + load.clients * load.batch;
    return result;
  };
  for (const load of LOADS) {
    await send(load, WARM_SECONDS);
    const measured: Measured[] = [];
    for (let round = 0; round < Math.min(rounds, 3); round += 1) {
      const sent = await send(load, SECONDS);
      const bareMs = await insertBare(store, made, sent.events);
      made += sent.events;
      measured.push({ sent, bareMs });
    }
    report(load, measured);
  }
  const bytes = peakMemoryOf(server.pid) ?? 0;
  const judged = atMost('peak resident memory', bytes, SERVER_BYTES);
  printSize({ name: 'ingest: server', events: made, oursBytes: bytes, judged });
  await server.close();
  await store.close();
}

interface Measured {
  readonly sent: LoadResult;
  readonly bareMs: number;
}

function report({ name, rate, p99Ms }: Load, measured: readonly Measured[]): void {
  const of = (figure: (one: Measured) => number): number => median(measured.map(figure));
  const eventsPerSecond = of(({ sent }) => (sent.events / sent.ms) * 1000);
  const p99 = of(({ sent }) => sent.took[Math.floor(sent.took.length * 0.99)] ?? 0);
  const line = {
    events: of(({ sent }) => sent.events),
    oursMs: of(({ sent }) => sent.ms),
    baseline: `bare inserts of the same rows, ${BARE_ROWS.toLocaleString('en')} each`,
    baselineMs: of(({ bareMs }) => bareMs),
    eventsPerSecond,
    p50Ms: of(({ sent }) => sent.took[sent.took.length >> 1] ?? 0),
    p99Ms: p99,
    failedCalls: of(({ sent }) => sent.failed),
  };
  const bound = rate === undefined ? undefined : rate * SHARE_OF_CORES;
  print({
    name: `ingest, ${name}`,
    ...line,
    judged: bound === undefined ? undefined : atLeast('events a second', eventsPerSecond, bound),
  });
  if (p99Ms === undefined) return;
  print({ name: `ingest, ${name}, slowest calls`, ...line, judged: atMost('p99, ms', p99, p99Ms) });
}

async function sendFrom(server: BenchServer, spec: LoadSpec): Promise<LoadResult> {
  const child = fork(join(projectRoot(), 'dist/server/bench-load.js'), [JSON.stringify(spec)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`no load on ${server.url}`)));
  const [result] = (await Promise.race([once(child, 'message'), ended])) as [LoadResult];
  ended.catch(() => {});
  child.disconnect();
  return result;
}

async function insertBare(store: EmbeddedEngine, from: number, events: number): Promise<number> {
  const batches: object[][] = [];
  for (let begun = 0; begun < events; begun += BARE_ROWS) {
    const size = Math.min(BARE_ROWS, events - begun);
    batches.push(Array.from({ length: size }, (_, i) => rowOf(from + begun + i)));
  }
  return timed(async () => {
    for (const rows of batches) await store.engine.insert('events', rows);
  });
}
