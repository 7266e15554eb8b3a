/** Who gets a report's file, what is refused and how, and lists too long to be held. */
import { once } from 'node:events';
import { get as httpGet } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askedThrough } from '../../server/engine/asked-through.ts';
import { EngineError } from '../../server/engine/port.ts';
import type { Engine } from '../../server/engine/port.ts';
import { countingEngine } from '../support/counting.ts';
import { customer, storeEvents } from '../support/events.ts';
import type { MadeKey } from '../support/keys.ts';
import { range } from '../support/report-cases.ts';
import { codeOf, openReportDesk } from '../support/report-desk.ts';
import type { ReportDesk } from '../support/report-desk.ts';
import { serveTest } from '../support/server.ts';
import { until } from '../support/until.ts';

let desk: ReportDesk;
beforeAll(async () => {
  desk = await openReportDesk();
});
afterAll(() => desk.close());

const save: ReportDesk['save'] = (...report) => desk.save(...report);
const get: ReportDesk['get'] = (...asked) => desk.get(...asked);

describe('who may have it', () => {
  it.each([
    ['funnel', 'VIEWER', 200],
    ['funnel', 'ADMIN', 200],
    ['funnel', 'WRITER', 403],
    ['customers', 'ANALYST', 200],
    ['customers', 'VIEWER', 403],
    ['customers', 'WRITER', 403],
  ] as const)('%s for %s: %d', async (name, role, status) => {
    const response = await get(`/reports/${desk.ids[name]}.csv`, role);
    expect(response.status).toBe(status);
    if (status === 403) expect(await codeOf(response)).toBe('FORBIDDEN');
    else await response.text();
  });

  it('is nobody without a key, nor a page of another origin; nothing of a person stands in what a VIEWER is told', async () => {
    const keyless = await fetch(`${desk.server.url}/reports/${desk.ids['funnel']}.csv`);
    expect([keyless.status, await codeOf(keyless)]).toEqual([401, 'UNAUTHENTICATED']);
    const foreign = await get(`/reports/${desk.ids['funnel']}.csv`, 'ADMIN', {
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

  it('is whoever brings the key by basic auth, which is asked for, but not of a script, and nowhere else', async () => {
    const url = `${desk.server.url}/reports/${desk.ids['funnel']}.csv`;
    const basic = (user: string, password: string) => ({
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    });
    const key = desk.keys.VIEWER.secret;
    expect((await fetch(url, { headers: basic('anybody', key) })).status).toBe(200);
    expect((await fetch(url, { headers: basic(key, '') })).status).toBe(200);
    expect((await fetch(url, { headers: basic(key, 'wrong') })).status).toBe(401);
    // Unlike fetch, it sends no header of its own.
    const challenge = async (headers: OutgoingHttpHeaders) => {
      const [answer] = (await once(httpGet(url, { headers }), 'response')) as [IncomingMessage];
      answer.resume();
      return [answer.statusCode, answer.headers['www-authenticate']];
    };
    for (const headers of [{}, { 'sec-fetch-mode': 'navigate' }]) {
      expect(await challenge(headers)).toEqual([401, 'Basic realm="Waymark", charset="UTF-8"']);
    }
    expect(await challenge({ 'sec-fetch-mode': 'cors' })).toEqual([401, undefined]);
    const metrics = await fetch(`${desk.server.url}/metrics`, {
      headers: basic('anybody', desk.keys.ADMIN.secret),
    });
    expect([metrics.status, metrics.headers.get('www-authenticate')]).toEqual([401, null]);
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
    expect(await asked(`/reports/${desk.ids['funnel']}.xlsx`)).toEqual([
      400,
      { code: 'UNKNOWN_FORMAT' },
      'A report is given as csv, json, ndjson, arrow or parquet.',
    ]);
    expect(await asked(`/reports/${desk.ids['lifecycle']}.csv?part=x`)).toEqual([
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
    const { saveAudience } = (await desk.as(
      'ADMIN',
      'mutation { saveAudience(name: "Gone", definition: { lifecycleStages: ["new"] }) { id } }',
    )) as { saveAudience: { id: string } };
    const audience = { id: saveAudience.id };
    const broken = [
      await save('broken', 'METRIC', { measure: 'EVENTS', range, audience }),
      await save('broken', 'CUSTOMERS', { audience }),
    ];
    await desk.as('ADMIN', 'mutation ($id: ID!) { deleteAudience(id: $id) }', audience);
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
      desk.engine,
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
    const { headers } = desk.keys.ANALYST;
    await use(`${other.url}/reports/${id}`, headers).finally(() => other.close());
  }

  it('ends with the caller: nobody waits for the statement under way any more', async () => {
    const id = await save('left', 'CUSTOMERS', { search: 'long-' });
    const counting = countingEngine(desk.engine);
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
      let runs = 1;
      const failing = askedThrough(desk.engine, (asked, options) => {
        if (asked.name === 'customers_known' && (runs += 1) === 2)
          return Promise.reject(new EngineError('UNAVAILABLE', 'away'));
        return desk.engine.query(asked, options);
      });
      await opened(failing, id, async (address, headers) => {
        expect((await fetch(`${address}.csv`, { headers })).status).toBe(503);
        runs = 0;
        const response = await fetch(`${address}.csv`, {
          headers: { ...headers, 'accept-encoding': encoding },
        });
        expect(response.status).toBe(200);
        await expect(response.text()).rejects.toThrow();
      });
    },
  );
});
