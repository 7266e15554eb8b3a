/**
 * One Waymark a store: a lock file that names its holder and is void once that process is gone, however it
 * went. (ClickHouse's own lock on the folder stands behind it.)
 */
import { execFileSync } from 'node:child_process';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { StoreInUseError } from './in-use.ts';

/** A process id may be given again after a crash; with its start time it may not. */
export interface Holder {
  readonly pid: number;
  readonly started: string;
}

/** Takes the lock; the returned function gives it back. */
export function lockStore(path: string, dataDir: string): () => void {
  const mine = JSON.stringify(thisProcess());
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, mine, { mode: 0o600 });
  try {
    for (;;) {
      try {
        linkSync(temporary, path);
        return () => release(path, mine);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = readHolder(path);
      if (holder && isAlive(holder)) throw new StoreInUseError(dataDir, holder.pid);
      rmSync(path, { force: true });
    }
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** What names this process for good. */
export function thisProcess(): Holder {
  return { pid: process.pid, started: startOf(process.pid) };
}

/** Whether this process, and not another that got its number later, still runs. */
export function isAlive(holder: Holder): boolean {
  return startOf(holder.pid) === holder.started;
}

/** When a process started, in the system's own terms; empty if there is none. */
function startOf(pid: number): string {
  try {
    if (process.platform !== 'linux') {
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    }
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const isZombie = fields[0] === 'Z' || fields[0] === 'X';
    return isZombie ? '' : `${boot} ${fields[19]}`;
  } catch {
    return '';
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function release(path: string, mine: string): void {
  try {
    if (readFileSync(path, 'utf8') === mine) rmSync(path);
  } catch {
    // Somebody removed it before us.
  }
}
