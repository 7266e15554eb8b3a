#!/usr/bin/env node
// The `waymark` command: builds what has changed, then hands over to the server's entry.
import { ensureBuilt } from '../scripts/build.mjs';

await ensureBuilt();
await import('../dist/server/main.js');
