/**
 * Who takes turns: a name for this taker, and the process it lives in, so that another on the same machine knows
 * at once when it is gone. Knows nothing of the store.
 */
import { randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isAlive, thisProcess } from '../../engine/embedded/lock.ts';
import type { Holder } from '../../engine/embedded/lock.ts';

interface Place extends Holder {
  readonly host: string;
  /** Process numbers mean something only within one of these (a container has its own). */
  readonly space: string;
}

export function newOwner(): string {
  return randomBytes(8).toString('hex');
}

export function processText(): string {
  return JSON.stringify({ host: hostname(), space: processSpace(), ...thisProcess() } satisfies Place);
}

/** True only where it is certain: the process ran here, and does no longer. */
export function isGone(text: string): boolean {
  const mine = thisProcess();
  const { host, space, pid, started } = JSON.parse(text) as Place;
  if (host !== hostname() || space !== processSpace() || bootOf(started) !== bootOf(mine.started))
    return false;
  return !isAlive({ pid, started });
}

function processSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

/** On Linux a start is told by the boot and the ticks since; elsewhere by the date alone. */
function bootOf(started: string): string {
  return process.platform === 'linux' ? (started.split(' ')[0] ?? '') : '';
}
