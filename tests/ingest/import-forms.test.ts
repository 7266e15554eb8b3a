/** CSV, NDJSON and Parquet, plain and packed: the same events, once. */
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openImportDesk } from '../support/import-desk.ts';
import type { ImportDesk } from '../support/import-desk.ts';

let desk: ImportDesk;
beforeAll(async () => {
  desk = await openImportDesk();
});
afterAll(() => desk.close());

const importText: ImportDesk['importText'] = (...file) => desk.importText(...file);
const eventsOf: ImportDesk['eventsOf'] = (customerId) => desk.eventsOf(customerId);

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
  const packings: Record<string, (content: Uint8Array) => Uint8Array | Promise<Uint8Array>> = {
    '': (content) => content,
    '.gz': (content) => gzipSync(content),
    '.zst': zstd,
  };

  const cases = Object.keys(contents).flatMap((format) =>
    Object.keys(packings).map((packing) => [format, packing]),
  );
  it.each(cases)('%s%s counts once, run twice', async (format = '', packing = '') => {
    const form = `${format}${packing}`;
    const content = await packings[packing]!(contents[format]!(form));
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

it('takes what databases write for "no value" as none', async () => {
  const csv =
    'event_id,user_id,event,time,revenue,coupon\nn-1,nil,buy,2026-01-01,\\N,\\N\nn-2,nil,buy,2026-01-02,5,SALE\n';
  expect(await importText('nulls.csv', csv)).toMatchObject({ rows: 2, accepted: 2, rejected: 0 });
  const [first, second] = await eventsOf('nil');
  expect([first?.revenue, first?.properties]).toEqual([null, '{}']);
  expect(JSON.parse(second?.properties ?? '')).toEqual({ coupon: 'SALE' });
});

/** Packed by ClickHouse itself, which answers in Zstandard where it is asked to. */
function zstd(content: Uint8Array): Promise<Uint8Array> {
  const { url, user, password } = inject('store');
  const headers = {
    'accept-encoding': 'zstd',
    'x-clickhouse-user': user,
    'x-clickhouse-key': password,
  };
  const query = `SELECT unhex('${Buffer.from(content).toString('hex')}') FORMAT RawBLOB`;
  return new Promise((resolve, reject) => {
    const call = request(
      `${url}/?enable_http_compression=1&max_query_size=100000000`,
      { method: 'POST', headers },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => resolve(Buffer.concat(parts)));
      },
    );
    call.on('error', reject).end(query);
  });
}
