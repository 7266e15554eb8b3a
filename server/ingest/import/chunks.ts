/** Blocks of rows, gathered to chunks that are inserted one by one. */
import { Readable } from 'node:stream';
import type { SourceChunk } from './source.ts';

export interface Block {
  readonly bytes: Buffer;
  readonly rows: number;
}

export const ROWS_PER_CHUNK = 1_000_000;
const BYTES_PER_CHUNK = 512 * 1024 * 1024;

/** Each chunk must be read to its end before the next is asked for. */
export async function* chunksOf(blocks: AsyncGenerator<Block>): AsyncGenerator<SourceChunk> {
  let firstRow = 1;
  let next = await blocks.next();
  while (!next.done) {
    let rows = 0;
    let bytes = 0;
    const body = async function* (): AsyncGenerator<Buffer> {
      while (!next.done && rows < ROWS_PER_CHUNK && bytes < BYTES_PER_CHUNK) {
        rows += next.value.rows;
        bytes += next.value.bytes.length;
        yield next.value.bytes;
        next = await blocks.next();
      }
    };
    yield { firstRow, body: Readable.from(body(), { objectMode: false }) };
    firstRow += rows;
  }
}
