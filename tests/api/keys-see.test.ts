/** What keys of different roles are told of the same question, over the real server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from '../support/engine.ts';
import { withRule } from '../support/journey-maps.ts';
import { makeKey, streamWith } from '../support/keys.ts';
import type { MadeKey } from '../support/keys.ts';
import { serveTest } from '../support/server.ts';
import type { TestServer } from '../support/server.ts';

/** A map with a rule that names a customer, and a trait's value; and a condition that many meet. */
const NAMING = withRule('loyal', {
  any: [
    { trait: { any: [{ property: 'city', op: 'IS', values: ['Ulm'] }] } },
    {
      did: {
        atLeast: 2,
        match: {
          where: {
            all: [
              { property: 'channel', values: ['web'] },
              { not: { property: 'customerId', values: ['ann-of-ulm'] } },
            ],
          },
        },
      },
    },
  ],
});
const FIGURE = `subscription { metric(input: { measure: EVENTS, range: { last: "P1D" } }) { total meta { sql } } }`;

describe('what a role sees', () => {
  let engine: Engine;
  let server: TestServer;
  let analyst: MadeKey;
  let viewer: MadeKey;

  beforeAll(async () => {
    engine = await testEngine();
    server = await serveTest(engine, { journeyMap: NAMING });
    analyst = await makeKey(server, 'ADMIN');
    viewer = await makeKey(server, 'VIEWER');
  });

  afterAll(async () => {
    await server.close();
    await engine.close();
  });

  it('is never what another may: the statement is told to those who may see people', async () => {
    const sqlOf = async (key: typeof viewer): Promise<unknown> => {
      const stream = await streamWith(server, key, FIGURE);
      const { data } = (await stream.next()) as { data: { metric: { meta: { sql: unknown } } } };
      await stream.cancel();
      return data.metric.meta.sql;
    };
    const question = FIGURE.replace('subscription', 'query');
    for (let round = 0; round < 2; round += 1) {
      expect(await sqlOf(analyst)).toContain('SELECT');
      expect(await sqlOf(viewer)).toBeNull();
      expect(JSON.stringify(await server.ask(question, {}, analyst.headers))).toContain('SELECT');
      expect(JSON.stringify(await server.ask(question, {}, viewer.headers))).not.toContain('SELECT');
    }
  });

  it.each([
    ['{ catalog { values(property: "city", of: CUSTOMER) } }', "customers' traits"],
    ['{ catalog { values(property: "Customer_Id") } }', 'Customer_Id'],
    [metric('where: { of: CUSTOMER, property: "city", values: ["a"] }'), "customers' traits"],
    [metric('where: { all: [{ not: { property: "customerId", values: ["ann"] } }] }'), 'customerId'],
    [metric('audience: { where: { property: "city", of: CUSTOMER, values: ["a"] } }'), "customers' traits"],
    [metric('match: { where: { property: "billing.phone", values: ["1"] } }'), 'billing.phone'],
    [metric('breakdown: { properties: ["channel", "orderId"] }'), 'orderId'],
    [
      `{ attribution(input: { by: "user_id", range: { last: "P1D" }, conversion: {} }) { conversions } }`,
      'user_id',
    ],
  ])('VIEWER may not ask %s: a group of one is a person', async (document, what) => {
    const refused = await server.ask(document, {}, viewer.headers);
    expect(refused.errors?.[0]).toMatchObject({
      message: expect.stringContaining(what) as string,
      extensions: { code: 'FORBIDDEN' },
    });
    expect((await server.ask(document, {}, analyst.headers)).errors).toBeUndefined();
  });

  it('VIEWER may group by what many share, and see which traits there are', async () => {
    const { headers } = viewer;
    for (const document of [
      metric(
        'breakdown: { properties: ["channel", "product.name"] }, where: { property: "country", values: ["DE"] }',
      ),
      '{ catalog { properties(of: CUSTOMER) { name } values(property: "channel") } }',
    ])
      expect((await server.ask(document, {}, headers)).errors).toBeUndefined();
    const byVariable = `query ($w: FilterInput) { metric(input: { measure: EVENTS, range: { last: "P1D" }, where: $w }) { total } }`;
    const variables = { w: { property: 'city', of: 'CUSTOMER', values: ['a'] } };
    expect((await server.ask(byVariable, variables, headers)).status).toBe(403);
  });

  it('VIEWER is shown the rules of the journey map, and not whom they name', async () => {
    const asked = `{ journeyMap { lifecycle { rule } } journeyMapVersions { map }
      lifecycle(input: {}) { stages { stage { key rule } } } }`;
    const textFor = async ({ headers }: MadeKey): Promise<string> => {
      const { data, errors } = await server.ask(asked, {}, headers);
      expect(errors).toBeUndefined();
      return JSON.stringify(data);
    };
    const [all, some] = [await textFor(analyst), await textFor(viewer)];
    for (const name of ['ann-of-ulm', 'Ulm', 'web']) expect(all.split(`"${name}"`)).toHaveLength(4);
    for (const name of ['ann-of-ulm', 'Ulm']) expect(some).not.toContain(name);
    expect(some.split('"values":["…"]')).toHaveLength(7);
    for (const kept of ['"property":"customerId"', '"property":"city"', '"values":["web"]'])
      expect(some.split(kept)).toHaveLength(4);
    const stream = await streamWith(
      server,
      viewer,
      'subscription { lifecycle(input: {}) { stages { stage { rule } } } }',
    );
    expect(JSON.stringify(await stream.next())).not.toMatch(/ann-of-ulm|Ulm/);
    await stream.cancel();
  });

  it('VIEWER is shown the reports whose question they may ask, and not whom the others name', async () => {
    const range = { last: 'P7D' };
    const questions: readonly (readonly [string, string, object, object?])[] = [
      ['open', 'JOURNEY', { range, where: { property: 'channel', values: ['web'] } }],
      ['named', 'JOURNEY', { range, where: { all: [{ property: 'customerId', values: ['ann'] }] } }],
      [
        'by trait',
        'METRIC',
        { range, measure: 'EVENTS', where: { of: 'CUSTOMER', property: 'city', values: ['Ulm'] } },
      ],
      ['listed', 'CUSTOMERS', { search: 'ann' }],
      ['beside', 'JOURNEY', { range }, { where: { property: 'email', values: ['ann@example.com'] } }],
    ];
    const save = `mutation ($n: String!, $k: ReportKind!, $i: JSON!, $v: JSON) {
      saveReport(name: $n, kind: $k, input: $i, view: $v) { id } }`;
    const ids = new Map<string, unknown>();
    for (const [n, k, i, v] of questions) {
      const { data, errors } = await server.ask(save, { n, k, i, v }, analyst.headers);
      expect(errors).toBeUndefined();
      const { id } = data?.['saveReport'] as { id: string };
      ids.set(n, id);
      await server.ask('mutation ($id: ID!) { pinReport(id: $id) { id } }', { id }, analyst.headers);
    }
    const namesOf = async ({ headers }: MadeKey): Promise<unknown> => {
      const { data } = await server.ask('{ reports { name } pinnedReports { name } }', {}, headers);
      const { reports, pinnedReports } = data as Record<string, { name: string }[]>;
      return [reports, pinnedReports].map((list) => list?.map(({ name }) => name).toSorted());
    };
    const all = questions.map(([name]) => name).toSorted();
    expect(await namesOf(analyst)).toEqual([all, all]);
    expect(await namesOf(viewer)).toEqual([['open'], ['open']]);
    for (const [name, id] of ids) {
      const one = await server.ask('query ($id: ID!) { report(id: $id) { input } }', { id }, viewer.headers);
      expect(one.data?.['report'] === null).toBe(name !== 'open');
    }
  });
});

function metric(more: string): string {
  return `{ metric(input: { measure: EVENTS, range: { last: "P1D" }, ${more} }) { total } }`;
}
