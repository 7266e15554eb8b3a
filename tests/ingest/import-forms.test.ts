/** CSV, NDJSON and Parquet, plain and packed: the same events, once. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { importFile } from '../../server/ingest/import/import.service.ts';
import type { ImportOptions, ImportResult } from '../../server/ingest/import/import.service.ts';
import { param, sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';

let engine: Engine;
let folder: string;
beforeAll(async () => {
  engine = await testEngine();
  folder = await mkdtemp(join(tmpdir(), 'waymark-import-test-'));
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

async function importText(
  name: string,
  content: string | Uint8Array,
  options: Partial<ImportOptions> = {},
): Promise<ImportResult> {
  const path = join(folder, name);
  await writeFile(path, content);
  return importFile({ engine, path, ...options });
}

interface Row {
  readonly event: string;
  readonly at: string;
  readonly order_id: string;
  readonly revenue: string | null;
  readonly event_id: string;
  readonly properties: string;
}

async function eventsOf(customerId: string): Promise<readonly Row[]> {
  const { rows } = await engine.query<Row>({
    name: 'test.events_of',
    sql: sql`SELECT event, toString(time) AS at, order_id, revenue, event_id, CAST(properties, 'String') AS properties
FROM events WHERE customer_id = ${param.string(customerId)} ORDER BY time, event_id
SETTINGS output_format_json_quote_64bit_integers = 0`,
  });
  return rows;
}

describe('every form', () => {
  const count = 2500;
  const record = (form: string, i: number) => ({
    event_id: `${form}-${i}`,
    user_id: `${form}-customer`,
    event: 'view',
    time: new Date(Date.UTC(2026, 0, 1, 0, 0, i)),
    price: i / 4,
    size: i,
    name: `名 ${i}`,
  });
  const rows = (form: string) => Array.from({ length: count }, (_, i) => record(form, i));
  const csv = (form: string): string =>
    [
      'event_id,user_id,event,time,price,size,name',
      ...rows(form).map((r) =>
        [r.event_id, r.user_id, r.event, r.time.toISOString(), r.price, r.size, r.name].join(','),
      ),
    ].join('\n');
  const parquet = (form: string): Uint8Array => {
    const all = rows(form);
    const column = (
      name: keyof ReturnType<typeof record>,
      type: 'STRING' | 'TIMESTAMP' | 'DOUBLE' | 'INT32',
    ) => ({
      name,
      type,
      data: all.map((row) => row[name]),
    });
    const buffer = parquetWriteBuffer({
      columnData: [
        ...(['event_id', 'user_id', 'event'] as const).map((name) => column(name, 'STRING')),
        column('time', 'TIMESTAMP'),
        column('price', 'DOUBLE'),
        column('size', 'INT32'),
        column('name', 'STRING'),
      ],
      rowGroupSize: 700,
    });
    return new Uint8Array(buffer);
  };
  const contents: Record<string, (form: string) => Uint8Array> = {
    csv: (form) => Buffer.from(csv(form)),
    ndjson: (form) =>
      Buffer.from(
        rows(form)
          .map((row) => JSON.stringify(row))
          .join('\n'),
      ),
    parquet,
  };
  const packings: Record<string, (content: Uint8Array) => Uint8Array> = {
    '': (content) => content,
    '.gz': (content) => gzipSync(content),
    '.zst': (content) => execFileSync('zstd', ['-q', '-c'], { input: content, maxBuffer: 1e9 }),
  };

  const cases = Object.keys(contents).flatMap((format) =>
    Object.keys(packings).map((packing) => [format, packing]),
  );
  it.each(cases)('%s%s counts once, run twice', async (format = '', packing = '') => {
    const form = `${format}${packing}`;
    const content = packings[packing]!(contents[format]!(form));
    expect(await importText(`all.${form}`, content)).toMatchObject({
      rows: count,
      accepted: count,
      rejected: 0,
    });
    expect(await importText(`all.${form}`, content)).toMatchObject({
      accepted: 0,
      duplicates: count,
      rejected: 0,
    });
    const stored = await eventsOf(`${form}-customer`);
    expect(stored.length).toBe(count);
    expect(stored[7]).toMatchObject({ event_id: `${form}-7`, at: '2026-01-01 00:00:07.000' });
    expect(JSON.parse(stored[7]?.properties ?? '')).toEqual({ name: '名 7', price: 1.75, size: 7 });
  });
});
