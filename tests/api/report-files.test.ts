/** Saved reports as files for other tools: every kind in every format, read back and held against the API's answer. */
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toCsv } from '../../dashboard/src/format/csv.ts';
import { FORMAT_NAMES } from '../../server/export/formats.ts';
import { param, sql } from '../../server/query/sql.ts';
import { CASES, range } from '../support/report-cases.ts';
import type { Values } from '../support/report-cases.ts';
import { openReportDesk } from '../support/report-desk.ts';
import type { ReportDesk } from '../support/report-desk.ts';

let desk: ReportDesk;
beforeAll(async () => {
  desk = await openReportDesk();
});
afterAll(() => desk.close());

const save: ReportDesk['save'] = (...report) => desk.save(...report);
const get: ReportDesk['get'] = (...asked) => desk.get(...asked);

/** The rows that the engine's own reader finds in an Arrow file, numbers as text and all else as it stands. */
async function readArrow(bytes: Buffer): Promise<Values[]> {
  const { rows } = await desk.engine.query<Values>({
    name: 'test.read_arrow',
    sql: sql`SELECT * FROM format('Arrow', base64Decode(${param.string(bytes.toString('base64'))}))`,
  });
  return [...rows];
}
const plain = (value: unknown): unknown => {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint') return Number(value);
  return value;
};
const mapped = (row: Values, map: (value: unknown, name: string) => unknown): Values =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, map(value, name)]));

describe.each(Object.entries(CASES))('%s', (name, { kind, input, part, asked, rows }) => {
  it('is in every format what the API answers', async () => {
    const field = kind.toLowerCase();
    const type = `${kind === 'RFM' ? 'Rfm' : kind.charAt(0) + field.slice(1)}Input!`;
    const answer = await desk.as(
      'ANALYST',
      `query ($input: ${type}) { ${field}(input: $input) { ${asked} } }`,
      {
        input,
      },
    );
    const expected = rows(answer[field] as never);
    expect(expected.length).toBeGreaterThan(0);
    const file = (format: string): Promise<Buffer> =>
      desk.bytesOf(`/reports/${desk.ids[name]}.${format}${part ? `?part=${part}` : ''}`);

    const found = JSON.parse((await file('json')).toString()) as Values[];
    expect(found).toEqual(expected);
    const columns = Object.keys(found[0] ?? {});
    const lines = (await file('ndjson')).toString().split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(expected);
    const cells = found.map((row) =>
      columns.map((column) => {
        const cell = row[column];
        return typeof cell === 'boolean' || (typeof cell === 'object' && cell) ? JSON.stringify(cell) : cell;
      }),
    ) as (string | number | null)[][];
    expect((await file('csv')).toString()).toBe(toCsv(columns, cells));

    const asText = (value: unknown): unknown =>
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
    const bytes = await file('parquet');
    const read = await parquetReadObjects({ file: new Uint8Array(bytes).buffer });
    expect(read.map((row) => mapped(row, plain))).toEqual(found.map((row) => mapped(row, asText)));
    const ofArrow = await readArrow(await file('arrow'));
    expect(ofArrow.map((row) => mapped(row, String))).toEqual(
      found.map((row) => mapped(row, (value) => engineText(asText(value)))),
    );
  });
});

/** A value as the engine writes it. */
function engineText(value: unknown): string {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value))
    return value.replace('T', ' ').replace('Z', '');
  return String(value);
}

describe('a file', () => {
  it('is sent under a name of its own, in any language, as what it is, packed as the caller accepts', async () => {
    const id = await save('“从浏览到下单” <30 天> 100%', 'METRIC', { measure: 'REVENUE', range });
    const types = ['text/csv; charset=utf-8; header=present', 'application/json; charset=utf-8'];
    types.push('application/x-ndjson; charset=utf-8', 'application/vnd.apache.arrow.file');
    types.push('application/vnd.apache.parquet');
    for (const [i, format] of FORMAT_NAMES.entries()) {
      const { headers, status } = await get(`/reports/${id}.${format}`, 'VIEWER', { method: 'HEAD' });
      const full = await get(`/reports/${id}.${format}`, 'VIEWER');
      expect([status, full.status]).toEqual([200, 200]);
      const encoded = encodeURIComponent(`waymark-从浏览到下单-30-天-100.${format}`);
      const disposition = `attachment; filename="waymark-______-30-_-100.${format}"; filename*=UTF-8''${encoded}`;
      for (const of of [headers, full.headers]) {
        expect(of.get('content-type')).toBe(types[i]);
        expect(of.get('content-disposition')).toBe(disposition);
        expect(of.get('cache-control')).toBe('no-store');
      }
      expect(Date.parse(full.headers.get('waymark-as-of') ?? '')).toBeGreaterThan(0);
    }
    const unpacked = await rawly(`/reports/${id}.csv`, 'identity');
    expect(unpacked.headers['content-length']).toBe(String(unpacked.bytes.length));
    const [gzip, br] = [
      await rawly(`/reports/${id}.csv`, 'gzip'),
      await rawly(`/reports/${id}.csv`, 'br, gzip'),
    ];
    expect([gzip.headers['content-encoding'], br.headers['content-encoding']]).toEqual(['gzip', 'br']);
    expect(gunzipSync(gzip.bytes).equals(unpacked.bytes)).toBe(true);
    expect(brotliDecompressSync(br.bytes).equals(unpacked.bytes)).toBe(true);
    expect((await rawly(`/reports/${id}.parquet`, 'gzip')).headers['content-encoding']).toBeUndefined();
  });

  it('leaves the page of the report where it is', async () => {
    const response = await fetch(`${desk.server.url}/reports/${desk.ids['funnel']}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
  });

  it('has columns also where there is no row', async () => {
    const id = await save('nobody', 'CUSTOMERS', { search: 'nobody of this name' });
    expect((await desk.bytesOf(`/reports/${id}.csv`)).toString()).toMatch(
      /^\uFEFF?id,lifecycleStage,.*\r\n$/,
    );
    expect((await desk.bytesOf(`/reports/${id}.json`)).toString()).toBe('[]\n');
    expect((await desk.bytesOf(`/reports/${id}.ndjson`)).toString()).toBe('');
    expect(await readArrow(await desk.bytesOf(`/reports/${id}.arrow`))).toEqual([]);
    const bytes = await desk.bytesOf(`/reports/${id}.parquet`);
    expect(await parquetReadObjects({ file: new Uint8Array(bytes).buffer })).toEqual([]);
  });
});

interface Raw {
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

function rawly(path: string, accepted: string): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const headers = { ...desk.keys.ANALYST.headers, 'accept-encoding': accepted };
    const call = request(`${desk.server.url}${path}`, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, bytes: Buffer.concat(chunks) }));
    });
    call.on('error', reject).end();
  });
}
