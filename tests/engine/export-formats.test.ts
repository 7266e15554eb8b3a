/** Tables written as Arrow and Parquet over several batches, and as CSV, read back. */
import { Readable } from 'node:stream';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toCsv } from '../../dashboard/src/format/csv.ts';
import type { Engine } from '../../server/engine/port.ts';
import { arrow } from '../../server/export/arrow.ts';
import { parquet } from '../../server/export/parquet.ts';
import type { Cell, Column, Row } from '../../server/export/table.ts';
import { csv } from '../../server/export/text.ts';
import { Sql, sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const plain = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
const columns: Column[] = [
  { name: 'a', kind: 'whole' },
  ...Array.from({ length: 12 }, (_, i): Column => ({ name: `列 ${i}`, kind: 'text' })),
  { name: 'n', kind: 'number' },
  { name: 'b', kind: 'boolean' },
];
const STORED: Record<string, string> = {
  whole: 'Nullable(Int64)',
  text: 'Nullable(String)',
  number: 'Nullable(Float64)',
  boolean: 'Nullable(Bool)',
};
const row = (i: number): Row => [
  i % 7 === 0 ? null : Number.MAX_SAFE_INTEGER - i,
  ...Array.from({ length: 12 }, (_, c): Cell => ((i + c) % 5 === 0 ? null : `${i} ${'上'.repeat(c % 3)}`)),
  i % 11 === 0 ? null : i / 3 - 2000,
  i % 13 === 0 ? null : i % 2 === 0,
];
async function* batches(count: number): AsyncGenerator<readonly Row[]> {
  for (let from = 0; from < count; from += 7_001)
    yield Array.from({ length: Math.min(7_001, count - from) }, (_, i) => row(from + i));
}
const all = async (pieces: AsyncGenerator<string | Uint8Array>): Promise<Buffer> => {
  const parts: Buffer[] = [];
  for await (const piece of pieces) parts.push(Buffer.from(piece));
  return Buffer.concat(parts);
};

it.each([1, 8, 20_001])('%d rows, Arrow and Parquet hold each of them', async (count) => {
  const expected = Array.from({ length: count }, (_, i) => row(i));
  const bytes = await all(parquet(columns, batches(count)));
  const read = await parquetReadObjects({ file: new Uint8Array(bytes).buffer });
  expect(read.map((found) => columns.map(({ name }) => plain(found[name])))).toEqual(expected);

  const structure = columns.map(({ name, kind }) => `\`${name}\` ${STORED[kind] ?? ''}`).join(', ');
  for (const text of [
    'DROP TABLE IF EXISTS read_back',
    `CREATE TABLE read_back (${structure}) ENGINE = Memory`,
  ])
    await engine.command('test_arrow', new Sql([text], []));
  const insert = `INSERT INTO read_back SELECT * FROM input('${structure}') FORMAT Arrow`;
  const body = Readable.from(arrow(columns, batches(count)), { objectMode: false });
  await engine.insertSelect('test_arrow', new Sql([insert], []), body);
  const { rows } = await engine.query<Record<string, unknown>>({
    name: 'test.rows',
    sql: sql`SELECT * FROM read_back`,
  });
  expect(rows.map((found) => Object.values(found).map(String))).toEqual(
    expected.map((cells) => cells.map(String)),
  );
});

it('CSV is defused as the dashboard’s is', async () => {
  const texts = ['=1', ' +1', '\t-1', '＝1', '@x', '-5', 'a,b', '"', 'x\r\ny', '', 'x'];
  const rows = texts.map((text): [string, number] => [text, -5]);
  async function* only(): AsyncGenerator<readonly Row[]> {
    yield rows;
  }
  const written = await all(
    csv(
      [
        { name: '=a', kind: 'text' },
        { name: 'n', kind: 'number' },
      ],
      only(),
    ),
  );
  expect(written.toString()).toBe(toCsv(['=a', 'n'], rows));
});
