/** The product's HTTP server as a process of its own, for benchmarks: prints its address, serves until killed. */
import { connectEngine } from '../../server/engine/client.ts';
import type { Connection } from '../../server/engine/client.ts';
import { serveTest } from '../support/server.ts';
import { CACHED, UNCACHED } from './product.ts';

const [connection, mode] = process.argv.slice(2);
if (!connection) throw new Error('usage: bench-server.js CONNECTION cached|uncached');

const engine = connectEngine(JSON.parse(connection) as Connection);
const server = await serveTest(engine, mode === 'cached' ? CACHED : UNCACHED);
process.once('disconnect', () => process.exit());
process.send?.(server.url);
