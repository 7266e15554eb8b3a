/**
 * CSV, record by record, to RowBinary: quotes, quoted line breaks, either line end, no final line end. A
 * record that is malformed is passed on with what is wrong and does not spoil the next. Bounded memory.
 */
import { RowBinaryWriter } from './row-binary.ts';
import { numericColumns, scanRecord, textOf } from './csv-record.ts';
import type { Scan } from './csv-record.ts';
import { fieldColumns } from './fields.query.ts';
import { ImportError } from './import-error.ts';
import type { Block } from './chunks.ts';
import type { OpenBytes } from './bytes.ts';
import type { FieldColumns } from './fields.query.ts';
import type { SourceColumn } from './shape.query.ts';
import type { ReadProgress } from './source.ts';

/** A record with a quote that never closes must not swallow the file. */
const MAX_RECORD_BYTES = 256 * 1024;
const BLOCK_BYTES = 256 * 1024;
const DELIMITERS = [',', ';', '\t', '|'].map((sign) => sign.charCodeAt(0));

export interface CsvFile {
  readonly columns: readonly SourceColumn[];
  readonly fields: FieldColumns;
  readonly blocks: AsyncGenerator<Block>;
}

export function openCsv(
  bytes: OpenBytes,
  map: Readonly<Record<string, string>>,
  progress: ReadProgress,
): CsvFile {
  const start = bytes.head.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? 3 : 0;
  const delimiter = delimiterOf(bytes.head, start);
  const header = scanRecord(bytes.head, start, delimiter, { isLast: true, maxBytes: MAX_RECORD_BYTES });
  const names = columnNames(header, bytes.head);
  const fields = fieldColumns(names, map);
  const numeric = numericColumns(bytes.head, header.next, delimiter, names.length);
  return {
    columns: names.map((name, i) => ({ name, kind: numeric.has(i) ? 'numeric_text' : 'text' })),
    fields,
    blocks: rows(bytes, header.next, delimiter, names.length, progress),
  };
}

async function* rows(
  bytes: OpenBytes,
  firstRecord: number,
  delimiter: number,
  columns: number,
  progress: ReadProgress,
): AsyncGenerator<Block> {
  const writer = new RowBinaryWriter();
  let skip = firstRecord;
  let rest: Buffer = Buffer.alloc(0);
  let row = 0;
  let written = 0;
  const scanAll = function* (isLast: boolean): Generator<Block> {
    let position = 0;
    while (position < rest.length) {
      const record = scanRecord(rest, position, delimiter, { isLast, maxBytes: MAX_RECORD_BYTES });
      if (!record.isWhole) break;
      if (!record.isBlank) {
        row += 1;
        written += 1;
        writeRecord(writer, row, { source: rest, start: position, record }, columns);
      }
      position = record.next;
      if (writer.size >= BLOCK_BYTES) {
        progress.rows = row;
        yield { bytes: writer.take(), rows: written };
        written = 0;
      }
    }
    rest = rest.subarray(position);
  };
  for await (const block of bytes.blocks) {
    const from = Math.min(skip, block.length);
    skip -= from;
    rest = rest.length === 0 ? block.subarray(from) : Buffer.concat([rest, block.subarray(from)]);
    yield* scanAll(false);
  }
  yield* scanAll(true);
  progress.rows = row;
  if (written > 0) yield { bytes: writer.take(), rows: written };
}

function writeRecord(
  writer: RowBinaryWriter,
  row: number,
  { source, start, record }: { readonly source: Buffer; readonly start: number; readonly record: Scan },
  columns: number,
): void {
  const count = record.fields.length;
  const problem =
    record.problem ??
    (count === columns ? '' : `The row has ${count} fields where the header has ${columns}.`);
  writer.number(row);
  writer.text(problem);
  if (problem === '') writer.emptyText();
  else writer.text(source.toString('utf8', start, record.next).trimEnd());
  for (let i = 0; i < columns; i += 1) {
    const field = record.fields[i];
    if (problem !== '' || !field) writer.emptyText();
    else if (field.isEscaped) writer.text(textOf(source, field));
    else writer.bytes(source, field.start, field.end);
  }
}

function delimiterOf(head: Buffer, start: number): number {
  const counts = DELIMITERS.map((delimiter) => {
    const { fields } = scanRecord(head, start, delimiter, { isLast: true, maxBytes: MAX_RECORD_BYTES });
    return { delimiter, count: fields.length };
  });
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}

/** The header's names: none empty, none twice. */
function columnNames(header: Scan, head: Buffer): readonly string[] {
  const names: string[] = [];
  for (const [i, field] of header.fields.entries()) {
    const given = textOf(head, field).trim() || `column_${i + 1}`;
    let name = given;
    for (let n = 2; names.includes(name); n += 1) name = `${given}_${n}`;
    names.push(name);
  }
  if (header.problem !== null) throw new ImportError(`The header cannot be read: ${header.problem}`);
  return names;
}
