/**
 * FlatBuffers, as much of them as Arrow's headers take: values written front to back, what a table refers to after
 * it. https://flatbuffers.dev/internals/
 */

/** A value within a table: a number of so many bytes, or something that stands elsewhere. */
export type FlatField = FlatNumber | FlatPart;
export interface FlatNumber {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly value: number;
}
/** A table's fields by their numbers, a text, a list of parts, or a list of structures of so many 64-bit numbers. */
export type FlatPart =
  | { readonly table: Readonly<Record<number, FlatField>> }
  | { readonly text: string }
  | { readonly list: readonly FlatPart[] }
  | { readonly longs: readonly number[]; readonly each: number };

/** `root` as a buffer of its own, padded to eight bytes. */
export function flatBuffer(root: FlatPart): Buffer {
  const writer = new FlatWriter();
  writer.number(4, 0);
  writer.refer(0, root);
  writer.align(8);
  return writer.bytes();
}

class FlatWriter {
  #buffer = Buffer.alloc(1024);
  #length = 0;

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Writes a part where the file ends now, and its distance at the place that refers to it. */
  refer(place: number, part: FlatPart): void {
    const start = this.#part(part);
    this.#buffer.writeUInt32LE(start - place, place);
  }

  align(bytes: number): void {
    while (this.#length % bytes !== 0) this.number(1, 0);
  }

  number(bytes: FlatNumber['bytes'], value: number): void {
    if (this.#length + bytes > this.#buffer.length)
      this.#buffer = Buffer.concat([this.#buffer, Buffer.alloc(this.#buffer.length)]);
    this.#put({ bytes, value }, this.#length);
    this.#length += bytes;
  }

  #put({ bytes, value }: FlatNumber, place: number): void {
    if (bytes === 8) this.#buffer.writeBigInt64LE(BigInt(value), place);
    else this.#buffer.writeIntLE(value, place, bytes);
  }

  /** Where it begins. */
  #part(part: FlatPart): number {
    if ('table' in part) return this.#table(part.table);
    if ('list' in part) return this.#list(part.list);
    return 'text' in part ? this.#text(part.text) : this.#longs(part.longs, part.each);
  }

  #text(text: string): number {
    const bytes = Buffer.from(text);
    this.align(4);
    const start = this.#length;
    this.number(4, bytes.length);
    for (const byte of [...bytes, 0]) this.number(1, byte > 127 ? byte - 256 : byte);
    return start;
  }

  #list(parts: readonly FlatPart[]): number {
    this.align(4);
    const start = this.#length;
    this.number(4, parts.length);
    for (const _ of parts) this.number(4, 0);
    parts.forEach((part, i) => this.refer(start + 4 + i * 4, part));
    return start;
  }

  /** Its count stands right before the first number, which is aligned. */
  #longs(longs: readonly number[], each: number): number {
    this.align(4);
    if (this.#length % 8 === 0) this.number(4, 0);
    const start = this.#length;
    this.number(4, longs.length / each);
    for (const long of longs) this.number(8, long);
    return start;
  }

  /** Its table of places first, then its fields, the widest first, so that all are aligned. */
  #table(fields: Readonly<Record<number, FlatField>>): number {
    const given = Object.entries(fields).map(([slot, field]) => ({
      slot: Number(slot),
      field,
      bytes: 'bytes' in field ? field.bytes : 4,
    }));
    given.sort((a, b) => b.bytes - a.bytes);
    const slots = Math.max(-1, ...given.map(({ slot }) => slot)) + 1;
    const places = new Map<number, number>();
    let size = given[0]?.bytes === 8 ? 8 : 4;
    for (const { slot, bytes } of given) {
      places.set(slot, size);
      size += bytes;
    }
    const headBytes = 4 + slots * 2;
    while ((this.#length + headBytes) % 8 !== 0) this.number(1, 0);
    const head = this.#length;
    for (const half of [
      headBytes,
      size,
      ...Array.from({ length: slots }, (_, slot) => places.get(slot) ?? 0),
    ])
      this.number(2, half);
    const start = this.#length;
    this.number(4, start - head);
    while (this.#length < start + size) this.number(1, 0);
    for (const { slot, field } of given)
      if ('bytes' in field) this.#put(field, start + (places.get(slot) ?? 0));
    for (const { slot, field } of given)
      if (!('bytes' in field)) this.refer(start + (places.get(slot) ?? 0), field);
    return start;
  }
}
