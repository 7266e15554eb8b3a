/**
 * NDJSON, line by line, to RowBinary: known names become the event's fields, the rest its properties. A line
 * that is no JSON object is passed on with what is wrong. Bounded memory.
 */
import { MAX_DEPTH, MAX_EVENT_BYTES, MAX_VALUES } from '../event.ts';
import { cleanJson, isPlainObject } from '../json.ts';
import type { OpenBytes } from './bytes.ts';
import type { Block } from './chunks.ts';
import { FIELDS, fieldColumns, fieldNamed } from './fields.query.ts';
import type { Field, FieldColumns } from './fields.query.ts';
import { RowBinaryWriter } from './row-binary.ts';
import type { SourceColumn } from './shape.query.ts';
import type { ReadProgress } from './source.ts';

const LF = 10;
const BLOCK_BYTES = 256 * 1024;
const MAX_LINE_BYTES = 256 * 1024;
const SAMPLE_LINES = 200;
const LIMITS = { maxDepth: MAX_DEPTH, maxValues: MAX_VALUES, maxText: MAX_EVENT_BYTES };

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
  const records = lines.map((line) => parseLine(line)).filter(isPlainObject);
  if (records.length > 0) fieldColumns([...new Set(records.flatMap((record) => Object.keys(record)))], map);
}

async function* rows(bytes: OpenBytes, names: NamedFields, progress: ReadProgress): AsyncGenerator<Block> {
  const writer = new RowBinaryWriter();
  let row = 0;
  let written = 0;
  for await (const line of linesOf(bytes)) {
    const text = row === 0 ? line.replace(/^\ufeff/, '') : line;
    if (text.trim() === '') continue;
    row += 1;
    written += 1;
    writeLine(writer, row, text, names);
    if (writer.size < BLOCK_BYTES) continue;
    progress.rows = row;
    yield { bytes: writer.take(), rows: written };
    written = 0;
  }
  progress.rows = row;
  if (written > 0) yield { bytes: writer.take(), rows: written };
}

/** Lines as text; one that is too long is cut, so that it is found to be no JSON. */
async function* linesOf(bytes: OpenBytes): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  let isSkipping = false;
  for await (const block of bytes.blocks) {
    rest = rest.length === 0 ? block : Buffer.concat([rest, block]);
    let position = 0;
    for (let end = rest.indexOf(LF); end >= 0; end = rest.indexOf(LF, position)) {
      if (!isSkipping) yield rest.toString('utf8', position, end);
      isSkipping = false;
      position = end + 1;
    }
    rest = rest.subarray(position);
    if (rest.length <= MAX_LINE_BYTES) continue;
    if (!isSkipping) yield rest.toString('utf8', 0, MAX_LINE_BYTES);
    isSkipping = true;
    rest = Buffer.alloc(0);
  }
  if (!isSkipping) yield rest.toString('utf8');
}

function writeLine(writer: RowBinaryWriter, row: number, line: string, names: NamedFields): void {
  const record = parseLine(line);
  const read = isPlainObject(record) ? names.read(record) : { problem: 'The line is not a JSON object.' };
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

/** Whole numbers that JavaScript would round, where they are no part of a text. */
const STRING_OR_LONG_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

function parseLine(line: string): unknown {
  const exact = /\d{16}/.test(line)
    ? line.replace(STRING_OR_LONG_NUMBER, (found) => (found.startsWith('"') ? found : `"${found}"`))
    : line;
  try {
    return JSON.parse(exact) as unknown;
  } catch {
    return undefined;
  }
}

type ReadRecord =
  { readonly fields: ReadonlyMap<Field, string>; readonly properties: string } | { readonly problem: string };

/** Finds the fields of records by name, the surest name first. */
class NamedFields {
  private readonly known = new Map<string, { readonly field: Field; readonly rank: number } | null>();
  private readonly map: Readonly<Record<string, string>>;

  constructor(map: Readonly<Record<string, string>>) {
    this.map = map;
  }

  read(record: Record<string, unknown>): ReadRecord {
    const taken = new Map<Field, { readonly key: string; readonly rank: number }>();
    for (const key of Object.keys(record)) {
      const named = this.named(key);
      if (!named || record[key] === null || record[key] === '') continue;
      const before = taken.get(named.field);
      if (!before || named.rank < before.rank) taken.set(named.field, { key, rank: named.rank });
    }
    const fields = new Map<Field, string>();
    const rest = Object.assign(Object.create(null) as Record<string, unknown>, record);
    for (const [field, { key }] of taken) {
      const text = scalarText(record[key]);
      if (text === null) return { problem: `${field} is not text.` };
      fields.set(field, text);
      delete rest[key];
    }
    return withProperties(fields, rest);
  }

  private named(key: string) {
    let found = this.known.get(key);
    if (found === undefined) {
      found = fieldNamed(key, this.map);
      if (this.known.size < 10_000) this.known.set(key, found);
    }
    return found;
  }
}

function withProperties(fields: ReadonlyMap<Field, string>, rest: Record<string, unknown>): ReadRecord {
  const { properties, ...others } = rest;
  const all = isPlainObject(properties) ? { ...others, ...properties } : rest;
  const cleaned = cleanJson(all, LIMITS);
  if (!cleaned.ok) return { problem: `properties ${cleaned.reason}` };
  return { fields, properties: JSON.stringify(cleaned.value) };
}

function scalarText(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : null;
}
