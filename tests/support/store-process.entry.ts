/** A Waymark that only holds a store, as a process of its own: prints one JSON line once it does, or why not. */
import { startEmbedded } from '../../server/engine/embedded/supervisor.ts';

const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

try {
  const store = await startEmbedded({ dataDir: process.argv[2] ?? '', memoryBytes: 2 * 1024 ** 3 });
  process.once('SIGTERM', () => void store.close().then(() => process.exit(0)));
  print({ pid: store.pid, connection: store.connection });
} catch (error) {
  print({ error: (error as Error).message });
  process.exitCode = 1;
}
