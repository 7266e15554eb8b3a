/** The small print of RowBinaryWithNamesAndTypes: lengths and the head. Knows nothing of what the rows mean. */

/** A place in bytes that may not have come as yet. */
export class Cursor {
  place = 0;
  readonly view: DataView;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Whether so many bytes from here on have come. */
  has(bytes: number): boolean {
    return this.place + bytes <= this.view.byteLength;
  }

  /** A length, in groups of seven bits, low ones first; -1: not all of it has come. */
  length(): number {
    let length = 0;
    for (let unit = 1; this.has(1); unit *= 128) {
      const byte = this.view.getUint8(this.place);
      this.place += 1;
      length += (byte & 127) * unit;
      if (byte < 128) return length;
    }
    return -1;
  }

  /** undefined: not all of it has come. */
  text(): string | undefined {
    const length = this.length();
    if (length < 0 || !this.has(length)) return undefined;
    this.place += length;
    return this.bytes.toString('utf8', this.place - length, this.place);
  }
}

/** The types of the columns; undefined: not all of the head has come. */
export function readTypes(cursor: Cursor): readonly string[] | undefined {
  const columns = cursor.length();
  if (columns < 0) return undefined;
  const texts: string[] = [];
  for (let i = 0; i < columns * 2; i += 1) {
    const text = cursor.text();
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts.slice(columns);
}
