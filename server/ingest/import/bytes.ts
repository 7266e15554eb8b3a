/**
 * The bytes of a file, unpacked: gzip and Zstandard by their first bytes, UTF-16 to UTF-8. In bounded memory;
 * counts what was read on disk. Knows no format.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import { ImportError } from './import-error.ts';
import type { ReadProgress } from './source.ts';

const BLOCK_BYTES = 512 * 1024;
const HEAD_BYTES = 64 * 1024;

export interface OpenBytes {
  /** The first bytes, unpacked; fewer only where the file ends. */
  readonly head: Buffer;
  /** All bytes, `head` included; to be read once. */
  readonly blocks: AsyncIterable<Buffer>;
  /** False where the file is read as it is on disk. */
  readonly isPacked: boolean;
  close(): Promise<void>;
}

export async function openBytes(path: string, progress: ReadProgress): Promise<OpenBytes> {
  const { size } = await stat(path);
  progress.totalBytes = size;
  const file = createReadStream(path, { highWaterMark: BLOCK_BYTES });
  const packed = counted(file, progress);
  const first = await atLeast(packed, 4);
  const packing = packingOf(first.head);
  const unpacked = packing === 'none' ? first.blocks : UNPACK[packing](first.blocks);
  const plain = await atLeast(named(unpacked, path, packing), HEAD_BYTES);
  const encoding = utf16(plain.head);
  const opened = encoding === null ? plain : await atLeast(decoded(plain.blocks, encoding), HEAD_BYTES);
  const blocks = opened.blocks;
  return {
    head: opened.head,
    blocks,
    isPacked: packing !== 'none',
    async close() {
      await blocks.return(undefined);
      file.destroy();
    },
  };
}

type Packing = 'none' | 'gzip' | 'zstd';

function packingOf(head: Buffer): Packing {
  if (head.length >= 2 && head.readUInt16BE(0) === 0x1f8b) return 'gzip';
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return 'zstd';
  return 'none';
}

function utf16(head: Buffer): string | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return null;
}

type Blocks = AsyncGenerator<Buffer, void, undefined>;

const UNPACK: Readonly<Record<'gzip' | 'zstd', (blocks: Blocks) => Blocks>> = {
  async *gzip(blocks) {
    const gunzip = createGunzip({ chunkSize: BLOCK_BYTES });
    // Where this fails, so does reading from its end.
    void pipeline(Readable.from(blocks), gunzip).catch(() => {});
    try {
      for await (const block of gunzip) yield block as Buffer;
    } finally {
      gunzip.destroy();
    }
  },
  async *zstd(blocks) {
    let ready: Buffer[] = [];
    const unpack = new Decompress((data) => {
      // The library goes on to use its window: what it hands out must be copied.
      if (data.length > 0) ready.push(Buffer.from(data));
    });
    for await (const block of blocks) {
      unpack.push(block);
      yield* ready;
      ready = [];
    }
    unpack.push(new Uint8Array(0), true);
    yield* ready;
  },
};

async function* counted(blocks: AsyncIterable<unknown>, progress: ReadProgress): Blocks {
  for await (const block of blocks) {
    progress.bytesRead += (block as Buffer).length;
    yield block as Buffer;
  }
}

async function* decoded(blocks: Blocks, encoding: string): Blocks {
  const decoder = new TextDecoder(encoding);
  for await (const block of blocks) yield Buffer.from(decoder.decode(block, { stream: true }));
  yield Buffer.from(decoder.decode());
}

/** A torn archive is said to be one. */
async function* named(blocks: Blocks, path: string, packing: Packing): Blocks {
  try {
    yield* blocks;
  } catch (error) {
    if (packing === 'none') throw error;
    throw new ImportError(`${path} is not whole: its ${packing} data cannot be unpacked to the end.`, {
      cause: error,
    });
  }
}

/** Reads until `bytes` are there, and puts them back in front of the rest. */
async function atLeast(blocks: Blocks, bytes: number): Promise<{ head: Buffer; blocks: Blocks }> {
  const read: Buffer[] = [];
  let length = 0;
  while (length < bytes) {
    const next = await blocks.next();
    if (next.done) break;
    read.push(next.value);
    length += next.value.length;
  }
  const all = Buffer.concat(read);
  async function* whole(): Blocks {
    try {
      if (all.length > 0) yield all;
      yield* blocks;
    } finally {
      await blocks.return(undefined);
    }
  }
  return { head: all, blocks: whole() };
}
