// npm run --silent bench -- NAME [--events N] [--rounds N]: a benchmark; one JSON object a line.
import { resolve } from 'node:path';
import { bundle, ensureBuilt, root } from './build.mjs';

await ensureBuilt();
await bundle('bench', 'tests/bench/run.ts');
await bundle('bench-server', 'tests/bench/server.entry.ts');
await bundle('bench-load', 'tests/bench/load.entry.ts');
await bundle('bench-viewers', 'tests/bench/viewers.entry.ts');
await bundle('bench-push', 'tests/bench/push.entry.ts');
const { runBench } = await import(resolve(root, 'dist/server/bench.js'));
await runBench(process.argv.slice(2));
process.exit();
