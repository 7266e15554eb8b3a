/**
 * Tables as Apache Arrow's IPC file format (Feather, version 2): a record batch of some thousand rows at a time, so
 * that readers may map it and nobody holds it. https://arrow.apache.org/docs/format/Columnar.html
 */
import { flatBuffer } from './flat.ts';
import type { FlatField, FlatNumber, FlatPart } from './flat.ts';
import { inBatchesOf } from './table.ts';
import type { Batches, Cell, Column, ColumnKind, Row } from './table.ts';

const ROWS_A_BATCH = 20_000;
const MAGIC = 'ARROW1';
/** MetadataVersion.V5, MessageHeader. */
const V5 = 4;
const HEADERS = { schema: 1, recordBatch: 3 } as const;

const short = (value: number): FlatNumber => ({ bytes: 2, value });
const byte = (value: number): FlatNumber => ({ bytes: 1, value });
const long = (value: number): FlatNumber => ({ bytes: 8, value });

/** Each kind of column as a type of Arrow's, by its number and its table. */
const TEXT = { type: 5, table: {} };
const TYPES: Readonly<Record<ColumnKind, { type: number; table: Readonly<Record<number, FlatField>> }>> = {
  text: TEXT,
  json: TEXT,
  whole: { type: 2, table: { 0: { bytes: 4, value: 64 }, 1: byte(1) } },
  number: { type: 3, table: { 0: short(2) } },
  boolean: { type: 6, table: {} },
  time: { type: 10, table: { 0: short(1), 1: { text: 'UTC' } } },
};

/** Where a record batch stands in the file. */
interface Block {
  readonly offset: number;
  readonly headBytes: number;
  readonly bodyBytes: number;
}

export async function* arrow(columns: readonly Column[], batches: Batches): AsyncGenerator<Uint8Array> {
  const schema = schemaOf(columns);
  const blocks: Block[] = [];
  let offset = 0;
  const placed = (bytes: Buffer): Buffer => {
    offset += bytes.length;
    return bytes;
  };
  yield placed(Buffer.from(`${MAGIC}\0\0`));
  yield placed(message(HEADERS.schema, schema, 0));
  for await (const rows of oneAtLeast(inBatchesOf(ROWS_A_BATCH, batches))) {
    const { header, body } = recordBatch(columns, rows);
    const head = message(HEADERS.recordBatch, header, body.length);
    blocks.push({ offset, headBytes: head.length, bodyBytes: body.length });
    yield placed(head);
    yield placed(body);
  }
  yield end(schema, blocks);
}

/** Not every reader knows the columns of a file without a batch. */
async function* oneAtLeast(batches: Batches): Batches {
  let isNone = true;
  for await (const rows of batches) {
    isNone = false;
    yield rows;
  }
  if (isNone) yield [];
}

function schemaOf(columns: readonly Column[]): FlatPart {
  const fields = columns.map(({ name, kind }): FlatPart => {
    const { type, table } = TYPES[kind];
    return { table: { 0: { text: name }, 1: byte(1), 2: byte(type), 3: { table }, 5: { list: [] } } };
  });
  return { table: { 0: short(0), 1: { list: fields } } };
}

/** A header by itself: how long it is, then it; what follows begins at eight bytes. */
function message(type: number, header: FlatPart, bodyBytes: number): Buffer {
  const flat = flatBuffer({ table: { 0: short(V5), 1: byte(type), 2: header, 3: long(bodyBytes) } });
  const length = Buffer.alloc(8, 0xff);
  length.writeInt32LE(flat.length, 4);
  return Buffer.concat([length, flat]);
}

function recordBatch(columns: readonly Column[], rows: readonly Row[]): { header: FlatPart; body: Buffer } {
  const nodes: number[] = [];
  const places: number[] = [];
  const parts: Buffer[] = [];
  let length = 0;
  columns.forEach(({ kind }, i) => {
    const cells = rows.map((row) => row[i] ?? null);
    const nulls = cells.filter((cell) => cell === null).length;
    nodes.push(rows.length, nulls);
    const buffers = [
      nulls === 0 ? Buffer.alloc(0) : bits(cells, (cell) => cell !== null),
      ...valuesOf(kind, cells),
    ];
    for (const buffer of buffers) {
      const padding = Buffer.alloc((8 - (buffer.length % 8)) % 8);
      places.push(length, buffer.length);
      parts.push(buffer, padding);
      length += buffer.length + padding.length;
    }
  });
  const header: FlatPart = {
    table: { 0: long(rows.length), 1: { longs: nodes, each: 2 }, 2: { longs: places, each: 2 } },
  };
  return { header, body: Buffer.concat(parts) };
}

function valuesOf(kind: ColumnKind, cells: readonly Cell[]): Buffer[] {
  if (kind === 'boolean') return [bits(cells, (cell) => cell === true)];
  if (kind === 'text' || kind === 'json') return texts(cells);
  const values = Buffer.alloc(cells.length * 8);
  cells.forEach((cell, i) => {
    if (cell === null) return;
    if (kind === 'number') values.writeDoubleLE(Number(cell), i * 8);
    else values.writeBigInt64LE(BigInt(kind === 'time' ? Date.parse(cell as string) : Number(cell)), i * 8);
  });
  return [values];
}

/** Where each ends, and all of them in a row. */
function texts(cells: readonly Cell[]): Buffer[] {
  const ends = Buffer.alloc((cells.length + 1) * 4);
  let end = 0;
  const parts = cells.map((cell, i) => {
    const text = Buffer.from(cell === null ? '' : typeof cell === 'string' ? cell : JSON.stringify(cell));
    ends.writeInt32LE((end += text.length), (i + 1) * 4);
    return text;
  });
  return [ends, Buffer.concat(parts)];
}

function bits(cells: readonly Cell[], isSet: (cell: Cell) => boolean): Buffer {
  const buffer = Buffer.alloc(Math.ceil(cells.length / 8));
  cells.forEach((cell, i) => {
    if (isSet(cell)) buffer[i >> 3] = (buffer[i >> 3] ?? 0) | (1 << (i & 7));
  });
  return buffer;
}

/** The mark of the end, and the schema and all places once more, for readers who begin here. */
function end(schema: FlatPart, blocks: readonly Block[]): Buffer {
  const longs = blocks.flatMap(({ offset, headBytes, bodyBytes }) => [offset, headBytes, bodyBytes]);
  const places = { longs, each: 3 };
  const footer = flatBuffer({ table: { 0: short(V5), 1: schema, 2: { longs: [], each: 3 }, 3: places } });
  const length = Buffer.alloc(4);
  length.writeInt32LE(footer.length);
  const mark = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
  return Buffer.concat([mark, footer, length, Buffer.from(MAGIC)]);
}
