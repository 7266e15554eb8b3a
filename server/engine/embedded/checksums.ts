/**
 * What ClickHouse notes of the files of a part (`checksums.txt`, version 4: names, sizes and hashes in frames
 * of LZ4). Read here for the sizes alone. Pure.
 */

const HEADER = 'checksums format version: 4\n';
/** A frame: hash (16 bytes), method, its size with these nine bytes, the size of what is in it. */
const HASH_BYTES = 16;
const FRAME_BYTES = 9;
const LZ4 = 0x82;

/** Sizes in bytes by name; `short` where it is not there to its end, `unknown` where it is written in another way. */
export function fileSizes(checksums: Buffer): ReadonlyMap<string, number> | 'short' | 'unknown' {
  const header = checksums.toString('latin1', 0, HEADER.length);
  if (header !== HEADER) return HEADER.startsWith(header) ? 'short' : 'unknown';
  const pieces: Buffer[] = [];
  for (let at = HEADER.length; at < checksums.length || pieces.length === 0;) {
    if (at + HASH_BYTES + FRAME_BYTES > checksums.length) return 'short';
    const frame = checksums.subarray(at + HASH_BYTES);
    if (frame.readUInt8(0) !== LZ4) return 'unknown';
    const end = frame.readUInt32LE(1);
    if (end > frame.length) return 'short';
    pieces.push(decompressed(frame.subarray(FRAME_BYTES, end), frame.readUInt32LE(5)));
    at += HASH_BYTES + end;
  }
  return sizesIn(Buffer.concat(pieces));
}

/** One block of LZ4. */
function decompressed(block: Buffer, size: number): Buffer {
  const out = Buffer.alloc(size);
  let at = 0;
  let to = 0;
  const length = (start: number): number => {
    let sum = start;
    if (start === 15) {
      for (let more = 255; more === 255; sum += more) more = block.readUInt8(at++);
    }
    return sum;
  };
  while (at < block.length) {
    const token = block.readUInt8(at++);
    const literals = length(token >> 4);
    block.copy(out, to, at, at + literals);
    at += literals;
    to += literals;
    if (at >= block.length) break;
    const from = to - block.readUInt16LE(at);
    at += 2;
    const repeated = length(token & 15) + 4;
    // Byte by byte: what is repeated may be what is just being written.
    for (let i = 0; i < repeated; i += 1) out.writeUInt8(out.readUInt8(from + i), to++);
  }
  return out;
}

function sizesIn(bytes: Buffer): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  let at = 0;
  const number = (): number => {
    let value = 0;
    for (let unit = 1; ; unit *= 128) {
      const byte = bytes.readUInt8(at++);
      value += (byte & 127) * unit;
      if (byte < 128) return value;
    }
  };
  for (let left = number(); left > 0; left -= 1) {
    const nameBytes = number();
    const name = bytes.toString('utf8', at, (at += nameBytes));
    sizes.set(name, number());
    at += HASH_BYTES;
    const isCompressed = bytes.readUInt8(at++) === 1;
    if (!isCompressed) continue;
    number();
    at += HASH_BYTES;
  }
  return sizes;
}
