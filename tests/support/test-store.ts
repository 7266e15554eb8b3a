/**
 * A real engine on a temporary store: one for a whole test run, or for a script.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../../scripts/build.mjs';
import { startEmbedded, type EmbeddedEngine } from '../../server/engine/embedded/supervisor.ts';

/** Starts an engine on a new temporary store; `close` also removes the store. */
export async function startTestStore(): Promise<EmbeddedEngine> {
  await ensureBuilt('engine');
  const dataDir = await mkdtemp(join(tmpdir(), 'waymark-test-'));
  const store = await startEmbedded({ dataDir, memoryBytes: 4 * 1024 ** 3 });
  return {
    engine: store.engine,
    connection: store.connection,
    pid: store.pid,
    async close() {
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
