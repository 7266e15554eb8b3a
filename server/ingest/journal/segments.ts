/**
 * The journal's files: found at start with a torn tail cut off, made, read, let go. Knows nothing of what the
 * records say.
 */
import { open, readFile, readdir, rename, rm, truncate } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Log } from '../../engine/log.ts';
import { headAt } from './record.ts';

export interface Segment {
  readonly name: string;
  /** Of what is safely on disk. */
  bytes: number;
  /** Messages from the place where reading begins. */
  count: number;
}

const SUFFIX = '.journal';
/** Where reading goes on, and up to where a batch is under way. */
export interface Position {
  readonly segment: string;
  readonly from: number;
  /** Equal to `from`: nothing is under way. */
  readonly until: number;
}

const POSITION = 'position.json';

/** What is in the folder, oldest first, messages counted from `position` on; damage is cut off or put aside. */
export async function findSegments(
  folder: string,
  position: Position | null,
  log: Log,
): Promise<{ readonly segments: Segment[]; readonly oldestMs: number | null }> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX)).sort();
  const segments: Segment[] = [];
  let oldestMs: number | null = null;
  for (const [i, name] of names.entries()) {
    // What stands before the position is stored, and its file was about to go.
    if (position && name < position.segment) {
      await dropSegment(folder, name);
      continue;
    }
    const bytes = await readFile(join(folder, name));
    const from = position?.segment === name ? position.from : 0;
    const whole = wholeRecords(bytes, from);
    if (whole.end < bytes.length)
      await cutTail({ folder, name, bytes, end: whole.end, isLast: i === names.length - 1, log });
    oldestMs ??= whole.oldestMs;
    segments.push({ name, bytes: whole.end, count: whole.count });
  }
  return { segments, oldestMs };
}

function wholeRecords(bytes: Buffer, from: number) {
  let end = 0;
  let count = 0;
  let oldestMs: number | null = null;
  for (let head = headAt(bytes, 0); head !== null; head = headAt(bytes, end)) {
    if (end >= from) {
      count += head.count;
      oldestMs ??= head.atMs;
    }
    end += head.bytes;
  }
  return { end, count, oldestMs };
}

interface Torn {
  readonly folder: string;
  readonly name: string;
  readonly bytes: Buffer;
  readonly end: number;
  readonly isLast: boolean;
  readonly log: Log;
}

/** The end of the last file was being written when the process died: nothing of it was acknowledged. */
async function cutTail({ folder, name, bytes, end, isLast, log }: Torn): Promise<void> {
  const cut = bytes.length - end;
  if (isLast) log.warn({ segment: name, bytes: cut }, 'the end of the journal was torn and is cut off');
  else {
    const kept = `${name}.damaged`;
    log.error(
      { segment: name, bytes: cut, kept },
      'the journal is damaged; what cannot be read is kept aside',
    );
    await writeWhole(join(folder, kept), bytes.subarray(end));
  }
  await truncate(join(folder, name), end);
}

/** Opens a new segment for appending; its name sorts after all before it. */
export async function makeSegment(
  folder: string,
  last: string | undefined,
): Promise<{ readonly segment: Segment; readonly file: FileHandle }> {
  const number = Number(last?.slice(0, 12) ?? 0) + 1;
  const name = `${String(number).padStart(12, '0')}-${randomBytes(4).toString('hex')}${SUFFIX}`;
  const file = await open(join(folder, name), 'ax', 0o600);
  await syncFolder(folder);
  return { segment: { name, bytes: 0, count: 0 }, file };
}

/** The bytes from `from` on, `most` at most or up to the end of the segment. */
export async function readSegment(
  folder: string,
  segment: Segment,
  from: number,
  most: number,
): Promise<Buffer> {
  const length = Math.min(most, segment.bytes - from);
  const file = await open(join(folder, segment.name), 'r');
  try {
    const bytes = Buffer.allocUnsafe(length);
    const { bytesRead } = await file.read(bytes, 0, length, from);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

export async function dropSegment(folder: string, name: string): Promise<void> {
  await rm(join(folder, name), { force: true });
}

export async function readPosition(folder: string): Promise<Position | null> {
  try {
    return JSON.parse(await readFile(join(folder, POSITION), 'utf8')) as Position;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whole or not at all, and there after a power cut. */
export async function writePosition(folder: string, position: Position): Promise<void> {
  const temporary = join(folder, `${POSITION}.new`);
  await writeWhole(temporary, Buffer.from(JSON.stringify(position)));
  await rename(temporary, join(folder, POSITION));
  await syncFolder(folder);
}

async function writeWhole(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
