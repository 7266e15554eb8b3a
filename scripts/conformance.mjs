// npm run --silent conformance -- DIR: the cases of DIR/*.json through the GraphQL API of a fresh server.
import { resolve } from 'node:path';
import { bundle, ensureBuilt, root } from './build.mjs';

const folder = resolve(process.argv[2] ?? 'tests/conformance/cases');
await ensureBuilt();
await bundle('conformance', 'tests/conformance/run.ts');
const { runConformance } = await import(resolve(root, 'dist/server/conformance.js'));
const failed = await runConformance(folder, (line) => process.stdout.write(`${line}\n`));
process.exit(failed === 0 ? 0 : 1);
