/**
 * The fast way for usual lines of NDJSON: stretches of bytes are copied, and only what is written differently
 * from how it is stored is decoded. Says the same as `NamedFields.readLine`, or that it cannot.
 */
import { FIELDS } from './fields.query.ts';
import { KeyNode } from './ndjson-keys.ts';
import type { LineShape } from './ndjson-keys.ts';
import { KIND, Members } from './ndjson-members.ts';
import { cleanValue, parseExact } from './ndjson-record.ts';
import type { NamedFields } from './ndjson-record.ts';
import type { RowBinaryWriter } from './row-binary.ts';

const MAX_LINE_BYTES = 16 * 1024;
const NONE = -1;
const OPEN = 123;
const CLOSE = 125;
const COMMA = 44;

export class LineWriter {
  private readonly members: Members;
  /** By field, the member that is it. */
  private readonly taken = new Int32Array(FIELDS.length);
  private readonly properties = Buffer.allocUnsafe(8 * MAX_LINE_BYTES);
  private length = 0;

  constructor(names: NamedFields) {
    this.members = new Members(KeyNode.root(names));
  }

  /** Writes the line as a row; false, and nothing, where it is for the thorough way. It must be UTF-8. */
  write(writer: RowBinaryWriter, row: number, source: Buffer, start: number, end: number): boolean {
    const { members, taken } = this;
    if (end - start > MAX_LINE_BYTES || !members.read(source, start, end)) return false;
    const shape = members.last.shape();
    if (!shape || !this.takeFields(shape, source) || !this.writeProperties(shape, source)) return false;
    writer.number(row);
    writer.emptyText();
    writer.emptyText();
    for (let field = 0; field < taken.length; field += 1)
      this.writeField(writer, source, taken[field] ?? NONE);
    writer.bytes(this.properties, 0, this.length);
    return true;
  }

  private takeFields({ nodes, named }: LineShape, source: Buffer): boolean {
    const { taken } = this;
    const { kinds, starts, ends } = this.members;
    taken.fill(NONE);
    for (let n = 0; n < named.length; n += 1) {
      const i = named[n] ?? 0;
      const node = nodes[i];
      if (!node || this.isEmpty(i)) continue;
      if (kinds[i] === KIND.nested) return false;
      if (kinds[i] === KIND.scalar && parseExact(source.toString('utf8', starts[i], ends[i])) === undefined)
        return false;
      const before = taken[node.field] ?? NONE;
      // An index of -1 would be looked up as a name.
      if (before === NONE || node.rank < (nodes[before]?.rank ?? 0)) taken[node.field] = i;
    }
    return true;
  }

  private isEmpty(i: number): boolean {
    const { kinds, starts, ends } = this.members;
    return kinds[i] === KIND.null || (kinds[i] === KIND.text && (ends[i] ?? 0) - (starts[i] ?? 0) === 2);
  }

  private writeField(writer: RowBinaryWriter, source: Buffer, member: number): void {
    if (member === NONE) return writer.emptyText();
    const { kinds, starts, ends } = this.members;
    const start = starts[member] ?? 0;
    const end = ends[member] ?? 0;
    if (kinds[member] === KIND.text) return writer.bytes(source, start + 1, end - 1);
    if (kinds[member] === KIND.plain) return writer.bytes(source, start, end);
    return writer.text(String(parseExact(source.toString('utf8', start, end))));
  }

  private writeProperties({ nodes, order }: LineShape, source: Buffer): boolean {
    const { taken, properties } = this;
    const { kinds, starts, ends } = this.members;
    properties[0] = OPEN;
    this.length = 1;
    for (let n = 0; n < order.length; n += 1) {
      const i = order[n] ?? 0;
      const kind = kinds[i];
      const node = nodes[i];
      if (kind === KIND.null || !node || (node.field >= 0 && taken[node.field] === i)) continue;
      if (this.length > 1) properties[this.length++] = COMMA;
      this.copy(node.prefix, 0, node.prefix.length);
      if (kind === KIND.scalar || kind === KIND.nested) {
        const value = cleanValue(source.toString('utf8', starts[i], ends[i]));
        if (value === null) return false;
        this.length += properties.write(value, this.length);
      } else this.copy(source, starts[i] ?? 0, ends[i] ?? 0);
    }
    properties[this.length++] = CLOSE;
    return true;
  }

  private copy(from: Buffer, start: number, end: number): void {
    const { properties } = this;
    let to = this.length;
    for (let i = start; i < end; i += 1) properties[to++] = from[i] ?? 0;
    this.length = to;
  }
}
