/**
 * NDJSON, line by line, to RowBinary: known names become the event's fields, the rest its properties. A line
 * that is no JSON object is passed on with what is wrong. Bounded memory.
 */
import { isUtf8 } from 'node:buffer';
import { isPlainObject } from '../json.ts';
import type { OpenBytes } from './bytes.ts';
import type { Block } from './chunks.ts';
import { FIELDS, fieldColumns } from './fields.query.ts';
import type { FieldColumns } from './fields.query.ts';
import { LineWriter } from './ndjson-line.ts';
import { NamedFields, parseExact } from './ndjson-record.ts';
import { RowBinaryWriter } from './row-binary.ts';
import type { SourceColumn } from './shape.query.ts';
import type { ReadProgress } from './source.ts';

const LF = 10;
const BLOCK_BYTES = 256 * 1024;
const MAX_LINE_BYTES = 256 * 1024;
const SAMPLE_LINES = 200;

export interface NdjsonFile {
  readonly columns: readonly SourceColumn[];
  readonly fields: FieldColumns;
  readonly blocks: AsyncGenerator<Block>;
}

/** Throws InputError where the first lines lack what an event needs. */
export function openNdjson(
  bytes: OpenBytes,
  map: Readonly<Record<string, string>>,
  progress: ReadProgress,
): NdjsonFile {
  checkNames(bytes.head, map);
  const columns: SourceColumn[] = FIELDS.map((name) => ({ name, kind: 'text' }));
  return {
    columns: [...columns, { name: 'properties', kind: 'properties' }],
    fields: Object.fromEntries(FIELDS.map((field, i) => [field, i])),
    blocks: rows(bytes, new NamedFields(map), progress),
  };
}

function checkNames(head: Buffer, map: Readonly<Record<string, string>>): void {
  const lines = head
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split('\n')
    .slice(0, SAMPLE_LINES);
  const records = lines.map((line) => parseExact(line)).filter(isPlainObject);
  if (records.length > 0) fieldColumns([...new Set(records.flatMap((record) => Object.keys(record)))], map);
}

async function* rows(bytes: OpenBytes, names: NamedFields, progress: ReadProgress): AsyncGenerator<Block> {
  const writer = new RowBinaryWriter();
  const fast = new LineWriter(names);
  let row = 0;
  let written = 0;
  for await (const { source, ends, isText } of linesOf(bytes)) {
    let start = 0;
    for (const end of ends) {
      if (!isText || !fast.write(writer, row + 1, source, start, end)) {
        const line = source.toString('utf8', start, end);
        const text = row === 0 ? line.replace(/^\ufeff/, '') : line;
        start = end + 1;
        if (text.trim() === '') continue;
        writeLine(writer, row + 1, text, names);
      }
      start = end + 1;
      row += 1;
      written += 1;
      if (writer.size < BLOCK_BYTES) continue;
      progress.rows = row;
      yield { bytes: writer.take(), rows: written };
      written = 0;
    }
  }
  progress.rows = row;
  if (written > 0) yield { bytes: writer.take(), rows: written };
}

interface Lines {
  readonly source: Buffer;
  /** Where each line ends; the next begins behind it. */
  readonly ends: readonly number[];
  /** It is UTF-8. */
  readonly isText: boolean;
}

/** Whole lines; one that is too long is cut, so that it is found to be no JSON. */
async function* linesOf(bytes: OpenBytes): AsyncGenerator<Lines> {
  let rest: Buffer = Buffer.alloc(0);
  let isSkipping = false;
  for await (const block of bytes.blocks) {
    rest = rest.length === 0 ? block : Buffer.concat([rest, block]);
    if (isSkipping) {
      const end = rest.indexOf(LF);
      if (end < 0) {
        rest = Buffer.alloc(0);
        continue;
      }
      rest = rest.subarray(end + 1);
      isSkipping = false;
    }
    const ends: number[] = [];
    for (let end = rest.indexOf(LF); end >= 0; end = rest.indexOf(LF, end + 1)) ends.push(end);
    const last = ends.at(-1);
    if (last !== undefined) {
      const source = rest.subarray(0, last + 1);
      yield { source, ends, isText: isUtf8(source) };
      rest = rest.subarray(last + 1);
    }
    if (rest.length <= MAX_LINE_BYTES) continue;
    yield { source: rest, ends: [MAX_LINE_BYTES], isText: false };
    isSkipping = true;
    rest = Buffer.alloc(0);
  }
  if (rest.length > 0) yield { source: rest, ends: [rest.length], isText: isUtf8(rest) };
}

function writeLine(writer: RowBinaryWriter, row: number, line: string, names: NamedFields): void {
  const read = names.readLine(line);
  writer.number(row);
  if ('problem' in read) {
    writer.text(read.problem);
    writer.text(line);
    for (let i = 0; i <= FIELDS.length; i += 1) writer.emptyText();
    return;
  }
  writer.emptyText();
  writer.emptyText();
  for (const field of FIELDS) writer.text(read.fields.get(field) ?? '');
  writer.text(read.properties);
}
