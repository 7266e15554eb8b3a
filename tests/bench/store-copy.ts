/**
 * Copies of the benchmarks' stores, for benchmarks that write: made in a moment, since what ClickHouse never changes
 * (the columns of parts) is linked, and removed afterwards.
 */
import { constants } from 'node:fs';
import { copyFile, link, mkdir, mkdtemp, readdir, readlink, rm, stat, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { lockStore } from '../../server/engine/embedded/lock.ts';
import { storeFiles } from '../../server/engine/embedded/files.ts';
import type { EmbeddedEngine } from '../../server/engine/embedded/supervisor.ts';
import { folderOf, openBenchStore, openStoreIn } from './store.ts';

/** An engine on a copy of the store of so many events; `close` removes the copy. */
export async function openCopiedStore(events: number): Promise<EmbeddedEngine> {
  const source = folderOf(events);
  if (!(await exists(source))) await (await openBenchStore(events)).close();
  const copy = await mkdtemp(`${source}-copy-`);
  const remove = (): Promise<void> => rm(copy, { recursive: true, force: true });
  try {
    await copyStore(source, copy);
    const store = await openStoreIn(copy, events);
    return {
      engine: store.engine,
      get connection() {
        return store.connection;
      },
      get pid() {
        return store.pid;
      },
      async close() {
        await store.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Nobody may have the source open meanwhile. */
async function copyStore(source: string, copy: string): Promise<void> {
  const files = storeFiles(source);
  const unlock = lockStore(files.lock, source);
  const ownedByHolder = new Set([files.lock, files.running, files.log].map((path) => basename(path)));
  try {
    await copyFolder(source, copy, ownedByHolder);
  } finally {
    unlock();
  }
}

async function copyFolder(from: string, to: string, without: ReadonlySet<string>): Promise<void> {
  await mkdir(to, { recursive: true });
  const entries = await readdir(from, { withFileTypes: true });
  const isPart = entries.some(({ name }) => name === 'checksums.txt');
  for (const entry of entries) {
    const [path, copied] = [join(from, entry.name), join(to, entry.name)];
    if (without.has(entry.name)) continue;
    if (entry.isDirectory()) await copyFolder(path, copied, without);
    else if (entry.isSymbolicLink()) await symlink(await readlink(path), copied);
    else if (isPart && entry.name.endsWith('.bin')) await link(path, copied);
    else await copyFile(path, copied, constants.COPYFILE_FICLONE);
  }
}

function exists(folder: string): Promise<boolean> {
  return stat(storeFiles(folder).store).then(
    () => true,
    () => false,
  );
}
