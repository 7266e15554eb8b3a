/** Sends a load as a process of its own and says what came of it. */
import { runLoad } from './load.ts';
import type { LoadSpec } from './load.ts';

const [spec] = process.argv.slice(2);
if (!spec) throw new Error('usage: bench-load.js SPEC');

process.send?.(await runLoad(JSON.parse(spec) as LoadSpec));
