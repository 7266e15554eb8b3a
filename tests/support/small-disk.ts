/** A folder on a disk of its own that is soon full: a tmpfs, where mounting is allowed. */
import { execFileSync } from 'node:child_process';
import { openSync, closeSync, mkdtempSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly folder: string;
  /** Leaves no free byte. */
  fill(): void;
  /** Takes back what `fill` took. */
  free(): void;
  close(): void;
}

const CHUNK = Buffer.alloc(64 * 1024);

/** Null where this machine does not allow to mount one; why is written to standard error. */
export function smallDisk(megabytes: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'waymark-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'waymark-test', folder], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  } catch (error) {
    rmSync(folder, { recursive: true });
    process.stderr.write(`SKIPPED: a disk of its own cannot be mounted here: ${String(error)}\n`);
    return null;
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    fill() {
      const file = openSync(filler, 'a');
      try {
        for (let size = CHUNK.length; size >= 1; size = Math.floor(size / 2)) fillBy(file, size);
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filler, { force: true }),
    close() {
      execFileSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

function fillBy(file: number, size: number): void {
  for (;;) {
    try {
      writeSync(file, CHUNK, 0, size);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
      throw error;
    }
  }
}
