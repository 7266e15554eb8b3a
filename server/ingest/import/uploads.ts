/**
 * Files on their way in: each streamed to a file of its own, readable by its owner alone, and all of them
 * together within a bound. What a killed process left is removed at the next start. Knows nothing of what the
 * files hold.
 */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isAlive, thisProcess } from '../../engine/embedded/lock.ts';
import type { Holder } from '../../engine/embedded/lock.ts';

export interface UploadSettings {
  readonly folder: string;
  /** Most bytes of all files that are on their way. */
  readonly maxBytes: number;
}

/** A file that is whole. */
export interface Upload {
  readonly path: string;
  /** Removes it. */
  readonly release: () => Promise<void>;
}

/** There is no room for it. */
export class UploadTooLargeError extends Error {
  override readonly name = 'UploadTooLargeError';
  constructor(maxBytes: number) {
    super(
      `Files that are uploaded take at most ${maxBytes.toLocaleString('en')} bytes together (UPLOAD_BYTES).`,
    );
  }
}

export class Uploads {
  private heldBytes = 0;

  constructor(private readonly settings: UploadSettings) {}

  /** Removes what processes that are gone have left. */
  async clean(): Promise<void> {
    const { folder } = this.settings;
    for (const file of await readdir(folder).catch(() => [])) {
      const holder = holderOf(file);
      if (holder === null || !isAlive(holder)) await rm(join(folder, file), { force: true });
    }
  }

  /** Whether so many bytes more would be within the bound. */
  hasRoomFor(bytes: number): boolean {
    return this.heldBytes + bytes <= this.settings.maxBytes;
  }

  /** Resolves once all is on disk. Throws UploadTooLargeError; what breaks off leaves nothing. */
  async receive(body: Readable): Promise<Upload> {
    const { folder, maxBytes } = this.settings;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `${holderName()}.${randomUUID()}`);
    let bytes = 0;
    const release = async (): Promise<void> => {
      this.heldBytes -= bytes;
      bytes = 0;
      await rm(path, { force: true });
    };
    const add = (chunk: Buffer): Buffer => {
      if (!this.hasRoomFor(chunk.length)) throw new UploadTooLargeError(maxBytes);
      bytes += chunk.length;
      this.heldBytes += chunk.length;
      return chunk;
    };
    // Whoever sends too much is still to be told so: its body is left open.
    const counted = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of body.iterator({ destroyOnReturn: false })) yield add(chunk as Buffer);
    };
    try {
      await pipeline(counted, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
      return { path, release };
    } catch (error) {
      await release();
      throw error;
    }
  }
}

function holderName(): string {
  return Buffer.from(JSON.stringify(thisProcess())).toString('base64url');
}

function holderOf(file: string): Holder | null {
  try {
    return JSON.parse(Buffer.from(file.split('.')[0] ?? '', 'base64url').toString()) as Holder;
  } catch {
    return null;
  }
}
