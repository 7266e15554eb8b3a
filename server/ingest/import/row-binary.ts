/**
 * Rows of text fields as ClickHouse's RowBinary, without any escaping: record number, what is wrong with the
 * record, the record itself where something is, then the fields.
 */

const START_BYTES = 256 * 1024;
/** Up to here a loop copies faster than a call. */
const FEW_BYTES = 64;

export class RowBinaryWriter {
  private buffer = Buffer.allocUnsafe(START_BYTES);
  private length = 0;

  get size(): number {
    return this.length;
  }

  number(value: number): void {
    this.reserve(8);
    this.length = this.buffer.writeUInt32LE(value % 2 ** 32, this.length);
    this.length = this.buffer.writeUInt32LE(Math.floor(value / 2 ** 32), this.length);
  }

  /** Text given as UTF-8 bytes. */
  bytes(source: Buffer, start = 0, end = source.length): void {
    this.reserve(end - start + 10);
    this.varint(end - start);
    if (end - start > FEW_BYTES) {
      this.length += source.copy(this.buffer, this.length, start, end);
      return;
    }
    const { buffer } = this;
    let to = this.length;
    for (let i = start; i < end; i += 1) buffer[to++] = source[i] ?? 0;
    this.length = to;
  }

  text(value: string): void {
    if (value === '') this.emptyText();
    else this.bytes(Buffer.from(value));
  }

  emptyText(): void {
    this.reserve(1);
    this.buffer[this.length] = 0;
    this.length += 1;
  }

  /** What was written since the last time. */
  take(): Buffer {
    const taken = this.buffer.subarray(0, this.length);
    this.buffer = Buffer.allocUnsafe(START_BYTES);
    this.length = 0;
    return taken;
  }

  private varint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.buffer[this.length] = (rest % 128) + 128;
      this.length += 1;
      rest = Math.floor(rest / 128);
    }
    this.buffer[this.length] = rest;
    this.length += 1;
  }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + bytes));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}
