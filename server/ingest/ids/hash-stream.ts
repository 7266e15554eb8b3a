/** Hashes of 64 bits as the engine sends them, low bytes first (RowBinaryWithNamesAndTypes, one UInt64 a row). */
import { Cursor, readTypes } from '../../engine/row-binary.ts';

/** Whole rows, as many as came together. */
export async function* hashesIn(pieces: AsyncIterable<Buffer>): AsyncGenerator<DataView> {
  let left = Buffer.alloc(0);
  let isHeadRead = false;
  for await (const piece of pieces) {
    let bytes = left.length === 0 ? piece : Buffer.concat([left, piece]);
    if (!isHeadRead) {
      const cursor = new Cursor(bytes);
      isHeadRead = readTypes(cursor) !== undefined;
      if (isHeadRead) bytes = bytes.subarray(cursor.place);
    }
    const whole = isHeadRead ? bytes.length - (bytes.length % 8) : 0;
    if (whole > 0) yield new DataView(bytes.buffer, bytes.byteOffset, whole);
    left = Buffer.from(bytes.subarray(whole));
  }
  if (left.length > 0) throw new TypeError('the hashes ended within a row');
}
