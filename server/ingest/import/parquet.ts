/**
 * Parquet, a few row groups at a time: their bytes are cut out untouched and given a footer of their own, so
 * that ClickHouse decodes them natively and nobody holds the file. Columns are renamed c_1, c_2, ... on the way.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { parquetMetadataAsync } from 'hyparquet';
import type { ColumnChunk, FileMetaData, RowGroup, SchemaElement } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import { ROWS_PER_CHUNK } from './chunks.ts';
import { fieldColumns } from './fields.query.ts';
import { ImportError } from './import-error.ts';
import { parquetColumns } from './parquet-columns.ts';
import type { SourceColumn } from './shape.query.ts';
import type { ReadProgress, Source, SourceChunk } from './source.ts';

const MAGIC = Buffer.from('PAR1');
const BYTES_PER_CHUNK = 128 * 1024 * 1024;

export async function openParquet(
  path: string,
  map: Readonly<Record<string, string>>,
  progress: ReadProgress,
): Promise<Omit<Source, 'close'>> {
  const metadata = await readMetadata(path);
  const all = parquetColumns(metadata);
  const columns: SourceColumn[] = [];
  const engineNames = new Map<string, string>();
  for (const { name, kind } of all) {
    if (kind === null) continue;
    columns.push({ name, kind });
    engineNames.set(name, `c_${columns.length}`);
  }
  return {
    format: 'Parquet',
    columns,
    fields: fieldColumns(
      columns.map(({ name }) => name),
      map,
    ),
    leftOut: all.filter(({ kind }) => kind === null).map(({ name }) => name),
    chunks: chunks(path, renamed(metadata, engineNames), progress),
    isSequential: false,
  };
}

async function readMetadata(path: string): Promise<FileMetaData> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const buffer = {
      byteLength: size,
      async slice(start: number, end = size): Promise<ArrayBuffer> {
        const bytes = new ArrayBuffer(end - start);
        await file.read(new Uint8Array(bytes), 0, end - start, start);
        return bytes;
      },
    };
    return await parquetMetadataAsync(buffer, { geoparquet: false });
  } catch (error) {
    throw new ImportError(`${path} is not a whole Parquet file: ${(error as Error).message}.`, {
      cause: error,
    });
  } finally {
    await file.close();
  }
}

async function* chunks(
  path: string,
  metadata: FileMetaData,
  progress: ReadProgress,
): AsyncGenerator<SourceChunk> {
  let firstRow = 1;
  for (const groups of gathered(metadata.row_groups)) {
    yield { firstRow, body: Readable.from(fileOf(path, metadata, groups, progress), { objectMode: false }) };
    firstRow += groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  }
}

/** Row groups side by side, up to a chunk's size. */
function gathered(groups: readonly RowGroup[]): readonly (readonly RowGroup[])[] {
  const chunksOfGroups: RowGroup[][] = [];
  let rows = 0;
  let bytes = 0;
  for (const group of groups) {
    if (group.num_rows === 0n) continue;
    const { start, end } = spanOf(group);
    rows += Number(group.num_rows);
    bytes += end - start;
    if (chunksOfGroups.length === 0 || rows > ROWS_PER_CHUNK || bytes > BYTES_PER_CHUNK) {
      chunksOfGroups.push([]);
      rows = Number(group.num_rows);
      bytes = end - start;
    }
    chunksOfGroups.at(-1)?.push(group);
  }
  return chunksOfGroups;
}

/** A Parquet file of these row groups alone. */
async function* fileOf(
  path: string,
  metadata: FileMetaData,
  groups: readonly RowGroup[],
  progress: ReadProgress,
): AsyncGenerator<Buffer> {
  yield MAGIC;
  let length = MAGIC.length;
  const moved: RowGroup[] = [];
  for (const group of groups) {
    const { start, end } = spanOf(group);
    for await (const block of createReadStream(path, { start, end: end - 1, highWaterMark: 512 * 1024 })) {
      progress.bytesRead += (block as Buffer).length;
      yield block as Buffer;
    }
    moved.push(movedGroup(group, BigInt(length - start)));
    length += end - start;
    progress.rows += Number(group.num_rows);
  }
  const writer = new ByteWriter();
  const rows = groups.reduce((sum, group) => sum + group.num_rows, 0n);
  writeMetadata(writer, { ...metadata, num_rows: rows, row_groups: moved, key_value_metadata: undefined });
  yield Buffer.from(writer.getBytes());
  yield MAGIC;
}

function spanOf({ columns }: RowGroup): { readonly start: number; readonly end: number } {
  const spans = columns.map((column) => {
    const { meta } = metaOf(column);
    const start = pagesStart(column);
    return { start, end: start + Number(meta.total_compressed_size) };
  });
  return {
    start: spans.reduce((least, span) => Math.min(least, span.start), Infinity),
    end: spans.reduce((most, span) => Math.max(most, span.end), 0),
  };
}

function metaOf(column: ColumnChunk) {
  const meta = column.meta_data;
  if (!meta || column.file_path) throw new ImportError('The Parquet file keeps its columns elsewhere.');
  if (column.crypto_metadata) throw new ImportError('The Parquet file is encrypted.');
  return { meta };
}

function pagesStart(column: ColumnChunk): number {
  const { meta } = metaOf(column);
  const dictionary = Number(meta.dictionary_page_offset ?? 0n);
  const data = Number(meta.data_page_offset);
  return dictionary > 0 ? Math.min(dictionary, data) : data;
}

/** Without indexes and statistics: they are not cut out with it. */
function movedGroup(group: RowGroup, by: bigint): RowGroup {
  return {
    num_rows: group.num_rows,
    total_byte_size: group.total_byte_size,
    columns: group.columns.map((column) => {
      const { meta } = metaOf(column);
      const dictionary = meta.dictionary_page_offset;
      return {
        file_offset: 0n,
        meta_data: {
          type: meta.type,
          encodings: meta.encodings,
          path_in_schema: meta.path_in_schema,
          codec: meta.codec,
          num_values: meta.num_values,
          total_uncompressed_size: meta.total_uncompressed_size,
          total_compressed_size: meta.total_compressed_size,
          data_page_offset: meta.data_page_offset + by,
          dictionary_page_offset: dictionary && dictionary + by,
        },
      };
    }),
  };
}

/** The same file with its top columns called by other names; those without one keep theirs, out of reach. */
function renamed(metadata: FileMetaData, names: ReadonlyMap<string, string>): FileMetaData {
  const nameOf = (name: string): string => names.get(name) ?? `left_out_${name}`;
  const tops = new Set(topIndexes(metadata.schema));
  return {
    ...metadata,
    schema: metadata.schema.map((element, i) =>
      plainType(tops.has(i) ? { ...element, name: nameOf(element.name) } : element),
    ),
    row_groups: metadata.row_groups.map((group) => ({
      ...group,
      columns: group.columns.map((column) => {
        const { meta } = metaOf(column);
        const [top = '', ...below] = meta.path_in_schema;
        return { ...column, meta_data: { ...meta, path_in_schema: [nameOf(top), ...below] } };
      }),
    })),
  };
}

function topIndexes(schema: readonly SchemaElement[]): readonly number[] {
  const tops: number[] = [];
  const skip = (index: number): number => {
    let next = index + 1;
    for (let i = 0; i < (schema[index]?.num_children ?? 0); i += 1) next = skip(next);
    return next;
  };
  for (let index = 1; index < schema.length; index = skip(index)) tops.push(index);
  return tops;
}

/** Whole numbers are told by their older names: the writer's newer form is not read everywhere. */
function plainType(element: SchemaElement): SchemaElement {
  const type = element.logical_type;
  if (type?.type !== 'INTEGER') return element;
  const converted = `${type.isSigned ? 'INT' : 'UINT'}_${type.bitWidth}` as SchemaElement['converted_type'];
  return { ...element, logical_type: undefined, converted_type: converted };
}
