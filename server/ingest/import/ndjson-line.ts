/**
 * The fast way for usual lines of NDJSON: stretches of bytes are copied, and only what is written differently
 * from how it is stored is decoded. Says the same as `NamedFields.readLine`, or that it cannot.
 */
import { FIELDS } from './fields.query.ts';
import { KeyNode } from './ndjson-keys.ts';
import { KIND, Members } from './ndjson-members.ts';
import { cleanValue, parseExact } from './ndjson-record.ts';
import type { NamedFields } from './ndjson-record.ts';
import type { RowBinaryWriter } from './row-binary.ts';

const MAX_LINE_BYTES = 16 * 1024;
const NONE = -1;
const [OPEN, CLOSE, COMMA] = [123, 125, 44] as const;

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
    const { members } = this;
    if (end - start > MAX_LINE_BYTES || !members.read(source, start, end)) return false;
    const order = members.last.order();
    if (!order || !this.takeFields() || !this.writeProperties(source, order)) return false;
    writer.number(row);
    writer.emptyText();
    writer.emptyText();
    for (const member of this.taken) this.writeField(writer, source, member);
    writer.bytes(this.properties, 0, this.length);
    return true;
  }

  private takeFields(): boolean {
    const { members, taken } = this;
    taken.fill(NONE);
    for (let i = 0; i < members.count; i += 1) {
      const named = members.nodes[i]?.named;
      if (!named || this.isEmpty(i)) continue;
      if (members.kinds[i] === KIND.nested) return false;
      const field = FIELDS.indexOf(named.field);
      const before = members.nodes[taken[field] ?? NONE]?.named;
      if (!before || named.rank < before.rank) taken[field] = i;
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
    const [start, end] = [starts[member] ?? 0, ends[member] ?? 0];
    if (kinds[member] === KIND.text) return writer.bytes(source, start + 1, end - 1);
    if (kinds[member] === KIND.plain) return writer.bytes(source, start, end);
    return writer.text(String(parseExact(source.toString('utf8', start, end))));
  }

  private writeProperties(source: Buffer, order: readonly number[]): boolean {
    const { members, taken, properties } = this;
    properties[0] = OPEN;
    this.length = 1;
    for (const i of order) {
      const kind = members.kinds[i];
      const node = members.nodes[i];
      if (kind === KIND.null || !node || (node.named && taken.includes(i))) continue;
      const [start, end] = [members.starts[i] ?? 0, members.ends[i] ?? 0];
      let changed: Buffer | null = null;
      if (kind === KIND.scalar || kind === KIND.nested) {
        const value = cleanValue(source.toString('utf8', start, end));
        if (value === null) return false;
        changed = Buffer.from(value);
      }
      if (this.length > 1) properties[this.length++] = COMMA;
      this.copy(node.prefix, 0, node.prefix.length);
      if (changed) this.copy(changed, 0, changed.length);
      else this.copy(source, start, end);
    }
    properties[this.length++] = CLOSE;
    // A field must be one, too, before anything is written.
    return taken.every(
      (i) =>
        i === NONE ||
        members.kinds[i] !== KIND.scalar ||
        parseExact(source.toString('utf8', members.starts[i], members.ends[i])) !== undefined,
    );
  }

  private copy(from: Buffer, start: number, end: number): void {
    const { properties } = this;
    let to = this.length;
    for (let i = start; i < end; i += 1) properties[to++] = from[i] ?? 0;
    this.length = to;
  }
}
