/** Tables as Apache Parquet, packed with Snappy: a row group of some thousand rows at a time. */
import { ByteWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import type { BasicType } from 'hyparquet-writer';
import { inBatchesOf } from './table.ts';
import type { Batches, Cell, Column, ColumnKind } from './table.ts';

const ROWS_A_GROUP = 20_000;

/** JSON is text: not every reader knows the other name. */
const TYPES: Readonly<Record<ColumnKind, BasicType>> = {
  text: 'STRING',
  json: 'STRING',
  whole: 'INT64',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  time: 'TIMESTAMP',
};

export async function* parquet(columns: readonly Column[], batches: Batches): AsyncGenerator<Uint8Array> {
  const writer = new ByteWriter();
  const schema = schemaFromColumnData({
    columnData: columns.map(({ name, kind }) => ({ name, type: TYPES[kind], nullable: true, data: [] })),
  });
  const file = new ParquetWriter({ writer, schema, createdBy: 'Waymark' });
  for await (const rows of inBatchesOf(ROWS_A_GROUP, batches)) {
    const columnData = columns.map(({ name, kind }, i) => ({
      name,
      data: rows.map((row) => valueOf(kind, row[i] ?? null)),
    }));
    await file.write({ columnData, rowGroupSize: ROWS_A_GROUP });
    yield taken(writer);
  }
  await file.finish();
  yield taken(writer);
}

/** What was written since the last time; places in the file go on from there. */
function taken(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes;
}

function valueOf(kind: ColumnKind, cell: Cell): unknown {
  if (cell === null) return null;
  if (kind === 'whole') return BigInt(Number(cell));
  if (kind === 'time') return new Date(cell as string);
  return typeof cell === 'object' ? JSON.stringify(cell) : cell;
}
