/** Opens a file as what it is: Parquet, NDJSON or CSV, plain or packed, told by its first bytes. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openBytes } from './bytes.ts';
import type { OpenBytes } from './bytes.ts';
import { chunksOf } from './chunks.ts';
import { openCsv } from './csv.ts';
import { ImportError } from './import-error.ts';
import { openNdjson } from './ndjson.ts';
import { openParquet } from './parquet.ts';
import type { ReadProgress, Source } from './source.ts';

/** Throws ImportError or InputError with what is wrong with the file or its columns. */
export async function openSource(
  path: string,
  map: Readonly<Record<string, string>>,
  progress: ReadProgress,
): Promise<Source> {
  const bytes = await openBytes(path, progress);
  try {
    if (bytes.head.subarray(0, 4).toString('latin1') === 'PAR1')
      return await parquet(path, bytes, map, progress);
    if (bytes.head.length === 0) throw new ImportError(`${path} is empty.`);
    const text = bytes.head
      .toString('utf8', 0, 4096)
      .replace(/^\ufeff/, '')
      .trimStart();
    if (text.startsWith('[')) {
      throw new ImportError(`${path} is a JSON array; write one object a line (NDJSON).`);
    }
    const isJson = text.startsWith('{') || /\.(ndjson|jsonl|json)(\.|$)/i.test(basename(path));
    const file = isJson ? openNdjson(bytes, map, progress) : openCsv(bytes, map, progress);
    return {
      format: 'RowBinary',
      columns: file.columns,
      fields: file.fields,
      leftOut: [],
      chunks: chunksOf(file.blocks),
      isSequential: true,
      async close() {
        await file.blocks.return(undefined);
        await bytes.close();
      },
    };
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

/** A packed Parquet file is first unpacked beside: it is read from its end. */
async function parquet(
  path: string,
  bytes: OpenBytes,
  map: Readonly<Record<string, string>>,
  progress: ReadProgress,
): Promise<Source> {
  if (!bytes.isPacked) {
    await bytes.close();
    progress.bytesRead = 0;
    return { ...(await openParquet(path, map, progress)), close: async () => {} };
  }
  const folder = await mkdtemp(join(tmpdir(), 'waymark-import-'));
  const unpacked = join(folder, 'file.parquet');
  const close = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await pipeline(Readable.from(bytes.blocks), createWriteStream(unpacked));
    const uncounted: ReadProgress = { bytesRead: 0, totalBytes: 0, rows: 0 };
    const source = await openParquet(unpacked, map, uncounted);
    return { ...source, close };
  } catch (error) {
    await close();
    throw error;
  }
}
