/** Saved reports as files for other tools: every kind in every format, read back and held against the API's answer. */
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toCsv } from '../../dashboard/src/format/csv.ts';
import type { Role } from '../../server/access/role.ts';
import { askedThrough } from '../../server/engine/asked-through.ts';
import { EngineError } from '../../server/engine/port.ts';
import type { Engine } from '../../server/engine/port.ts';
import { arrow } from '../../server/export/arrow.ts';
import { FORMAT_NAMES } from '../../server/export/formats.ts';
import { parquet } from '../../server/export/parquet.ts';
import type { Cell, Column, Row } from '../../server/export/table.ts';
import { csv } from '../../server/export/text.ts';
import { param, Sql, sql } from '../../server/query/sql.ts';
import { countingEngine } from '../support/counting.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { keyOfEachRole } from '../support/keys.ts';
import type { MadeKey } from '../support/keys.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

type Values = Record<string, unknown>;

let engine: Engine;
let server: TestServer;
let keys: Readonly<Record<Role, MadeKey>>;
const ids: Record<string, string> = {};

const range = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' };
const orders = { events: ['order_completed'] };
const steps = [{ match: { events: ['product_viewed'] } }, { match: orders }];
const breakdown = { properties: ['channel', 'shop'], limit: 1 };
const FORMULA = '=HYPERLINK("http://evil.example","x")';

/** Each kind of report, each of its tables: what its rows are in the answer to the same question. */
interface Case {
  readonly kind: string;
  readonly input: object;
  readonly part?: string;
  readonly asked: string;
  readonly rows: (answer: never) => readonly Values[];
}
interface List {
  readonly [name: string]: readonly Values[];
}
const POINTS = 'series { start value complete }';
const STEPS =
  'steps { index label customers rate rateFromPrevious droppedOff medianSeconds averageSeconds p90Seconds }';
const CELLS = 'cohorts { start size cells { period customers rate value lifetimeValue complete } }';
const KPIS =
  'revenue orders averageOrderValue customers newCustomers activeCustomers conversionRate repeatPurchaseRate churnRate';
const lifecycle = { range, interval: 'WEEK', at: range.to };
const flat = (list: readonly Values[], inner: string): Values[] =>
  list.flatMap(({ [inner]: within, ...outer }) =>
    (within as Values[]).map((entry) => ({ ...outer, ...entry })),
  );
const groups = (list: readonly Values[], inner: string): Values[] =>
  flat(list, inner).map(({ values, ...rest }) => {
    const [channel = null, shop = null] = values as string[];
    return { breakdown_channel: channel, breakdown_shop: shop, ...rest };
  });
const named = (list: readonly Values[]): Values[] =>
  list.map(({ stage, ...rest }) => {
    const { key, name } = stage as Values;
    return { stage: key, name, ...rest };
  });

const CASES: Record<string, Case> = {
  funnel: { kind: 'FUNNEL', input: { steps, range }, asked: STEPS, rows: ({ steps: of }: List) => of ?? [] },
  'funnel by value': {
    kind: 'FUNNEL',
    input: { steps, range, breakdown },
    asked: `breakdown { values isOther ${STEPS} }`,
    rows: ({ breakdown: of = [] }: List) => groups(of, 'steps'),
  },
  retention: {
    kind: 'RETENTION',
    input: { start: orders, range, interval: 'WEEK', periods: 3, measure: 'REVENUE' },
    asked: CELLS,
    rows: ({ cohorts = [] }: List) => flat(cohorts, 'cells'),
  },
  'retention by value': {
    kind: 'RETENTION',
    input: { start: orders, range, interval: 'WEEK', periods: 1, breakdown },
    part: 'average',
    asked: 'breakdown { values isOther average { period rate low high value } }',
    rows: ({ breakdown: of = [] }: List) => groups(of, 'average'),
  },
  lifecycle: {
    kind: 'LIFECYCLE',
    input: lifecycle,
    asked: 'stages { stage { key name } customers share revenue change }',
    rows: ({ stages = [] }: List) => named(stages),
  },
  'lifecycle by value': {
    kind: 'LIFECYCLE',
    input: { ...lifecycle, breakdown },
    asked: 'breakdown { values isOther stages { stage { key name } customers share revenue change } }',
    rows: ({ breakdown: of = [] }: List) =>
      groups(of, 'stages').map(({ stage, customers, share, revenue, change, ...rest }) => {
        const { key, name } = stage as Values;
        return { ...rest, stage: key, name, customers, share, revenue, change };
      }),
  },
  'lifecycle over time': {
    kind: 'LIFECYCLE',
    input: lifecycle,
    part: 'history',
    asked: 'history { at stages { stage customers } }',
    rows: ({ history = [] }: List) => flat(history, 'stages'),
  },
  'lifecycle moves': {
    kind: 'LIFECYCLE',
    input: lifecycle,
    part: 'transitions',
    asked: 'transitions { from to customers }',
    rows: ({ transitions = [] }: List) => transitions,
  },
  'lifecycle growth': {
    kind: 'LIFECYCLE',
    input: lifecycle,
    part: 'growth',
    asked: 'growth { start new returning resurrecting dormant complete }',
    rows: ({ growth = [] }: List) => growth,
  },
  journey: {
    kind: 'JOURNEY',
    input: { range },
    asked: 'stages { stage { key name } customers events revenue advanceRate medianSecondsToAdvance }',
    rows: ({ stages = [] }: List) => named(stages),
  },
  'journey flows': {
    kind: 'JOURNEY',
    input: { range },
    part: 'flows',
    asked: 'flows { from to customers moves medianSeconds }',
    rows: ({ flows = [] }: List) => flows,
  },
  paths: {
    kind: 'PATHS',
    input: { range, node: 'EVENT', sessionGap: 'P3D' },
    asked: 'edges { step from to paths customers averageSeconds medianSeconds }',
    rows: ({ edges = [] }: List) => edges,
  },
  'paths nodes': {
    kind: 'PATHS',
    input: { range, node: 'EVENT', sessionGap: 'P3D' },
    part: 'nodes',
    asked: 'nodes { step name isOther paths customers ended }',
    rows: ({ nodes = [] }: List) => nodes,
  },
  attribution: {
    kind: 'ATTRIBUTION',
    input: { conversion: orders, range, models: ['LINEAR', 'MARKOV'] },
    asked: 'rows { name touches customers credit { model conversions revenue share } }',
    rows: ({ rows = [] }: List) => flat(rows, 'credit'),
  },
  overview: {
    kind: 'OVERVIEW',
    input: { range },
    asked: KPIS.replaceAll(/\w+/g, '$& { value previous change }'),
    rows: (answer: Values) => KPIS.split(' ').map((kpi) => ({ kpi, ...(answer[kpi] as Values) })),
  },
  'overview over time': {
    kind: 'OVERVIEW',
    input: { range, interval: 'WEEK' },
    part: 'series',
    asked: KPIS.replaceAll(/\w+/g, `$& { ${POINTS} }`),
    rows: (answer: Values) =>
      KPIS.split(' ').flatMap((kpi) => flat([{ kpi, ...(answer[kpi] as Values) }], 'series')),
  },
  metric: {
    kind: 'METRIC',
    input: { measure: 'REVENUE', range },
    asked: POINTS,
    rows: ({ series = [] }: List) => series,
  },
  'metric by value': {
    kind: 'METRIC',
    input: { measure: 'AVERAGE_ORDER_VALUE', range, interval: 'WEEK', breakdown },
    asked: `breakdown { values isOther ${POINTS} }`,
    rows: ({ breakdown: of = [] }: List) => groups(of, 'series'),
  },
  rfm: {
    kind: 'RFM',
    input: { at: range.to },
    asked: 'segments { name customers share revenue }',
    rows: ({ segments = [] }: List) => segments,
  },
  'rfm cells': {
    kind: 'RFM',
    input: { at: range.to },
    part: 'cells',
    asked: 'cells { recency frequency customers averageMonetary }',
    rows: ({ cells = [] }: List) => cells,
  },
  customers: {
    kind: 'CUSTOMERS',
    input: { orderBy: 'REVENUE' },
    asked: 'nodes { id lifecycleStage { key } orders revenue firstSeen lastSeen traits }',
    rows: ({ nodes = [] }: List) =>
      nodes.map(({ lifecycleStage, ...rest }) => ({
        ...rest,
        lifecycleStage: (lifecycleStage as Values)['key'],
      })),
  },
};

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine);
  keys = await keyOfEachRole(server);
  await storeEvents(engine, [
    customer('ann')
      .did('product_viewed', '2026-03-01T10:00Z', { channel: 'web', properties: { shop: '上海' } })
      .did('order_completed', '2026-03-02T10:00:01.500Z', {
        channel: 'store',
        revenue: 90.1,
        properties: { shop: FORMULA },
      })
      .did('order_completed', '2026-03-12T10:00Z', { channel: 'store', revenue: 0.2 }),
    customer(FORMULA).did('product_viewed', '2026-03-01T11:00Z', { channel: 'web' }),
    customer('客户,"2"\n').did('product_viewed', '2026-03-08T11:00Z', { channel: 'app' }),
    customer('-5').did('order_completed', '2026-03-09T11:00Z', { channel: 'app', revenue: -5 }),
  ]);
  await as(
    'ADMIN',
    'mutation { identify(customerId: "ann", traits: { name: "Ann", vip: true, age: 41 }) { id } }',
  );
  for (const [name, { kind, input }] of Object.entries(CASES)) ids[name] = await save(name, kind, input);
});

afterAll(async () => {
  await server.close();
  await engine.close();
});

async function as(role: Role, query: string, variables: object = {}): Promise<Values> {
  const { data, errors } = await server.ask(query, variables, keys[role].headers);
  expect(errors).toBeUndefined();
  return data ?? {};
}
async function save(name: string, kind: string, input: object): Promise<string> {
  const saved = await as(
    'ANALYST',
    'mutation ($name: String!, $kind: ReportKind!, $input: JSON!) { saveReport(name: $name, kind: $kind, input: $input) { id } }',
    { name, kind, input },
  );
  return (saved['saveReport'] as { id: string }).id;
}
function get(path: string, role: Role = 'ANALYST', init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url}${path}`, { ...init, headers: { ...keys[role].headers, ...init.headers } });
}
async function bytesOf(path: string): Promise<Buffer> {
  const response = await get(path);
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}
const codeOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code ??
  '';

/** The rows that the engine's own reader finds in an Arrow file, numbers as text and all else as it stands. */
async function readArrow(bytes: Buffer): Promise<Values[]> {
  const { rows } = await engine.query<Values>({
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
    const answer = await as('ANALYST', `query ($input: ${type}) { ${field}(input: $input) { ${asked} } }`, {
      input,
    });
    const expected = rows(answer[field] as never);
    expect(expected.length).toBeGreaterThan(0);
    const file = (format: string): Promise<Buffer> =>
      bytesOf(`/reports/${ids[name]}.${format}${part ? `?part=${part}` : ''}`);

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
    const response = await fetch(`${server.url}/reports/${ids['funnel']}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
  });

  it('has columns also where there is no row', async () => {
    const id = await save('nobody', 'CUSTOMERS', { search: 'nobody of this name' });
    expect((await bytesOf(`/reports/${id}.csv`)).toString()).toMatch(/^\uFEFF?id,lifecycleStage,.*\r\n$/);
    expect((await bytesOf(`/reports/${id}.json`)).toString()).toBe('[]\n');
    expect((await bytesOf(`/reports/${id}.ndjson`)).toString()).toBe('');
    expect(await readArrow(await bytesOf(`/reports/${id}.arrow`))).toEqual([]);
    const bytes = await bytesOf(`/reports/${id}.parquet`);
    expect(await parquetReadObjects({ file: new Uint8Array(bytes).buffer })).toEqual([]);
  });
});

describe('who may have it', () => {
  it.each([
    ['funnel', 'VIEWER', 200],
    ['funnel', 'ADMIN', 200],
    ['funnel', 'WRITER', 403],
    ['customers', 'ANALYST', 200],
    ['customers', 'VIEWER', 403],
    ['customers', 'WRITER', 403],
  ] as const)('%s for %s: %d', async (name, role, status) => {
    const response = await get(`/reports/${ids[name]}.csv`, role);
    expect(response.status).toBe(status);
    if (status === 403) expect(await codeOf(response)).toBe('FORBIDDEN');
    else await response.text();
  });

  it('is nobody without a key, nor a page of another origin; nothing of a person stands in what a VIEWER is told', async () => {
    const keyless = await fetch(`${server.url}/reports/${ids['funnel']}.csv`);
    expect([keyless.status, await codeOf(keyless)]).toEqual([401, 'UNAUTHENTICATED']);
    const foreign = await get(`/reports/${ids['funnel']}.csv`, 'ADMIN', {
      headers: { origin: 'https://evil.example' },
    });
    expect(foreign.status).toBe(403);
    const where = { property: 'email', values: ['ann@example.com'] };
    const id = await save('by whom', 'METRIC', { measure: 'EVENTS', range, where });
    const refused = await get(`/reports/${id}.json`, 'VIEWER');
    expect(await refused.text()).toBe(
      '{"errors":[{"message":"A key with the role VIEWER may not ask for this report: it takes ANALYST or ADMIN.","extensions":{"code":"FORBIDDEN"}}]}',
    );
  });
});

describe('what is refused', () => {
  it('is an unknown report, format or part, each with what there is', async () => {
    const asked = async (path: string): Promise<unknown[]> => {
      const response = await get(path);
      const body = (await response.json()) as { errors: { message: string; extensions: object }[] };
      return [response.status, body.errors[0]?.extensions, body.errors[0]?.message];
    };
    expect(await asked('/reports/nobody.csv')).toEqual([
      404,
      { code: 'UNKNOWN_REPORT' },
      'There is no report with this id.',
    ]);
    expect(await asked(`/reports/${ids['funnel']}.xlsx`)).toEqual([
      400,
      { code: 'UNKNOWN_FORMAT' },
      'A report is given as csv, json, ndjson, arrow or parquet.',
    ]);
    expect(await asked(`/reports/${ids['lifecycle']}.csv?part=x`)).toEqual([
      400,
      { code: 'UNKNOWN_PART' },
      'A report of the kind LIFECYCLE has the parts stages, history, transitions, growth.',
    ]);
  });

  it.each([
    '/reports/..%2f..%2fetc%2fpasswd',
    '/reports/%2e%2e%2f.csv',
    '/reports/constructor.csv',
    "/reports/' OR 1.csv",
  ])('is %s', async (path) => {
    const response = await get(path);
    expect([response.status, await codeOf(response)]).toEqual([404, 'UNKNOWN_REPORT']);
  });

  it('is a report whose question can no longer be answered, in the words of the analysis', async () => {
    const { saveAudience } = (await as(
      'ADMIN',
      'mutation { saveAudience(name: "Gone", definition: { lifecycleStages: ["new"] }) { id } }',
    )) as { saveAudience: { id: string } };
    const audience = { id: saveAudience.id };
    const broken = [
      await save('broken', 'METRIC', { measure: 'EVENTS', range, audience }),
      await save('broken', 'CUSTOMERS', { audience }),
    ];
    await as('ADMIN', 'mutation ($id: ID!) { deleteAudience(id: $id) }', audience);
    for (const id of broken) {
      const response = await get(`/reports/${id}.csv`);
      expect(response.status).toBe(422);
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      expect(response.headers.get('content-disposition')).toBeNull();
      expect(await response.text()).toContain('UNKNOWN_AUDIENCE');
    }
  });
});

describe('a long list', () => {
  const COUNT = 12_000;
  beforeAll(async () => {
    await storeEvents(
      engine,
      Array.from({ length: COUNT }, (_, i) =>
        customer(`long-${i}-${'x'.repeat(60)}`).did('product_viewed', Date.UTC(2026, 3, 1) + i, {
          channel: 'web',
        }),
      ),
    );
  });

  it('comes whole and in order, everybody once, in pieces', async () => {
    const id = await save('all', 'CUSTOMERS', { search: 'long-', orderBy: 'FIRST_SEEN' });
    const response = await get(`/reports/${id}.ndjson`);
    expect(response.headers.get('content-length')).toBeNull();
    const lines = (await response.text()).trim().split('\n');
    const found = lines.map((line) => (JSON.parse(line) as { id: string }).id.split('-')[1]);
    expect(found).toEqual(Array.from({ length: COUNT }, (_, i) => String(COUNT - 1 - i)));
  });

  /** Another server of the store, whose statements go by way of the test. */
  async function opened(
    by: Engine,
    id: string,
    use: (address: string, headers: MadeKey['headers']) => Promise<void>,
  ): Promise<void> {
    const other = await serveTest(by);
    const { headers } = keys.ANALYST;
    await use(`${other.url}/reports/${id}`, headers).finally(() => other.close());
  }

  it('ends with the caller: nobody waits for the statement under way any more', async () => {
    const id = await save('left', 'CUSTOMERS', { search: 'long-' });
    const counting = countingEngine(engine);
    await opened(counting, id, async (address, headers) => {
      const open = counting.hold('customers_known');
      const call = request(`${address}.csv`, { headers }).on('error', () => {});
      call.end();
      await until('the first details are asked for', () => counting.runs('customers_known') > 0);
      call.destroy();
      await counting.ended('customers_known');
      open();
    });
  });

  it.each(['identity', 'gzip'])(
    'that breaks off midway is never taken for the whole, sent as %s',
    async (encoding) => {
      const id = await save('broken off', 'CUSTOMERS', { search: 'long-' });
      let runs = 0;
      const failing = askedThrough(engine, (asked, options) => {
        if (asked.name === 'customers_known' && (runs += 1) === 2)
          return Promise.reject(new EngineError('UNAVAILABLE', 'away'));
        return engine.query(asked, options);
      });
      await opened(failing, id, async (address, headers) => {
        const response = await fetch(`${address}.csv`, {
          headers: { ...headers, 'accept-encoding': encoding },
        });
        expect(response.status).toBe(200);
        await expect(response.text()).rejects.toThrow();
        runs = 1;
        expect((await fetch(`${address}.csv`, { headers })).status).toBe(503);
      });
    },
  );
});

describe('written', () => {
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
    const { rows } = await engine.query<Values>({ name: 'test.rows', sql: sql`SELECT * FROM read_back` });
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
});

interface Raw {
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

function rawly(path: string, accepted: string): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const headers = { ...keys.ANALYST.headers, 'accept-encoding': accepted };
    const call = request(`${server.url}${path}`, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ headers: response.headers, bytes: Buffer.concat(chunks) }));
    });
    call.on('error', reject).end();
  });
}
