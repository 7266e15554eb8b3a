/**
 * The bytes of a call as text: unpacked, bounded, UTF-8. Knows nothing of what the text says.
 */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';

/** Segment takes 500 kB; what one call may bring here, packed as well as unpacked. */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Why a body cannot be read. */
export class BodyError extends Error {
  readonly status: 400 | 413 | 415;

  constructor(status: BodyError['status'], message: string) {
    super(message);
    this.status = status;
  }
}

type Unpack = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const gunzipped: Unpack = promisify(gunzip);
const UNPACK: Readonly<Record<string, Unpack>> = {
  gzip: gunzipped,
  'x-gzip': gunzipped,
  deflate: inflated,
  br: promisify(brotliDecompress),
};

/** Throws BodyError: 415 for an encoding not known here, 400 for bytes that are not in it, 413 for too many. */
export async function bodyText(bytes: Buffer, encoding: string | undefined): Promise<string> {
  const name = encoding?.trim().toLowerCase() ?? '';
  const plain = name === '' || name === 'identity' ? bytes : await unpacked(bytes, name);
  const text = plain.toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

export function tooLarge(): BodyError {
  return new BodyError(
    413,
    `A body is at most ${MAX_BODY_BYTES / 1024 / 1024} MB, unpacked as well; send fewer messages at once.`,
  );
}

async function unpacked(bytes: Buffer, encoding: string): Promise<Buffer> {
  const unpack = Object.hasOwn(UNPACK, encoding) ? UNPACK[encoding] : undefined;
  if (!unpack) throw new BodyError(415, 'Content-Encoding is none of gzip, deflate, br.');
  try {
    return await unpack(bytes, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new BodyError(400, `The body is not whole ${encoding}.`);
  }
}

/** With zlib's header, as the standard has it, or without, as some send it. */
function inflated(bytes: Buffer, options: { maxOutputLength: number }): Promise<Buffer> {
  const hasHeader = ((bytes[0] ?? 0) & 0x0f) === 8 && (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % 31 === 0;
  return promisify<Buffer, { maxOutputLength: number }, Buffer>(hasHeader ? inflate : inflateRaw)(
    bytes,
    options,
  );
}
