/** The product's HTTP server as a process of its own, for benchmarks: prints its address, serves until killed. */
import { connectEngine } from '../../server/engine/client.ts';
import type { Connection } from '../../server/engine/client.ts';
import { serveTest } from '../support/server.ts';
import type { TestServerOptions } from '../support/server.ts';
import { CACHED, goingOn, UNCACHED } from './product.ts';

const [connection, mode = '', begunMs] = process.argv.slice(2);
if (!connection) throw new Error('usage: bench-server.js CONNECTION cached|uncached|live [BEGUN_MS]');

const MODES: Readonly<Record<string, TestServerOptions>> = {
  cached: CACHED,
  uncached: UNCACHED,
  live: { now: goingOn(Number(begunMs)) },
};
const engine = connectEngine(JSON.parse(connection) as Connection);
const server = await serveTest(engine, MODES[mode]);
process.once('disconnect', () => process.exit());
process.send?.(server.url);
