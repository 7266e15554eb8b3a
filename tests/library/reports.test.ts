/** Saved reports over the wire: every kind, what is refused, places on the overview, two servers of one store, frames. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { serveTest } from '../support/server.ts';
import type { Answer, TestServer } from '../support/server.ts';

let engine: Engine;
let server: TestServer;
let other: TestServer;
const INTRANET = 'https://intranet.example.com';

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine, { embedOrigins: [INTRANET] });
  other = await serveTest(engine);
  await storeEvents(engine, [
    customer('ann')
      .did('product_viewed', '2026-03-01T10:00Z')
      .did('order_completed', '2026-03-02T10:00Z', { revenue: 90 }),
    customer('bob').did('product_viewed', '2026-03-01T11:00Z'),
  ]);
});
afterAll(async () => {
  await Promise.all([server.close(), other.close()]);
  await engine.close();
});
beforeEach(async () => {
  for (const { id } of await reports()) await server.query(DELETE, { id });
});

const FIELDS = '{ id name kind input view place url createdAt updatedAt problem }';
const SAVE = `mutation ($id: ID, $name: String!, $kind: ReportKind!, $input: JSON!, $view: JSON) {
  saveReport(id: $id, name: $name, kind: $kind, input: $input, view: $view) ${FIELDS} }`;
const DELETE = 'mutation ($id: ID!) { deleteReport(id: $id) }';
const RESTORE = `mutation ($id: ID!) { restoreReport(id: $id) ${FIELDS} }`;
const RENAME = `mutation ($id: ID!, $name: String!) { renameReport(id: $id, name: $name) ${FIELDS} }`;
const PIN = 'mutation ($id: ID!, $place: Int) { pinReport(id: $id, place: $place) { name place } }';
const UNPIN = 'mutation ($id: ID!) { unpinReport(id: $id) { name } }';

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly input: object;
  readonly url: string;
  readonly place: number | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const range = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' };
const funnel = {
  steps: ['product_viewed', 'order_completed'].map((event) => ({ match: { events: [event] } })),
  range,
};
const orders = { events: ['order_completed'] };
const INPUTS: Record<string, object> = {
  FUNNEL: funnel,
  RETENTION: { start: orders, range, interval: 'MONTH' },
  LIFECYCLE: { range, interval: 'DAY' },
  JOURNEY: { range },
  PATHS: { range, node: 'EVENT' },
  ATTRIBUTION: { conversion: orders, range },
  OVERVIEW: { range },
  METRIC: { measure: 'REVENUE', range },
  RFM: {},
  CUSTOMERS: { search: 'ann' },
};

async function reports(at: TestServer = server): Promise<readonly Shown[]> {
  return (await at.query<{ reports: Shown[] }>(`{ reports ${FIELDS} }`)).reports;
}
const save = async (name: string, more: object = {}): Promise<Shown> =>
  (await server.query<{ saveReport: Shown }>(SAVE, { name, kind: 'FUNNEL', input: funnel, ...more }))
    .saveReport;

function problemsOf(answer: Answer): string[] {
  expect(answer.errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  const problems = answer.errors?.[0]?.extensions?.['problems'] as { field: string; code: string }[];
  return problems.map(({ field, code }) => `${field} ${code}`);
}
const refused = async (variables: object): Promise<string[]> =>
  problemsOf(await server.ask(SAVE, { name: 'x', kind: 'FUNNEL', input: funnel, ...variables }));

describe('a report', () => {
  it.each(Object.entries(INPUTS))(
    'of %s is kept as sent and has an address of its own',
    async (kind, input) => {
      const view = { series: 'table' };
      const saved = await save(`  My ${kind} `, { kind, input, view });
      expect(saved).toMatchObject({ name: `My ${kind}`, kind, input, view, place: null, problem: null });
      expect(saved.url).toBe(`/reports/${saved.id}`);
      expect(await reports()).toEqual([saved]);
      const found = await server.query(`query ($id: ID!) { report(id: $id) ${FIELDS} }`, { id: saved.id });
      expect(found).toEqual({ report: saved });
    },
  );

  it('is replaced, question, name and all, by its id, and keeps its beginning and its place', async () => {
    const before = await save('Checkout', { view: { series: 'table' } });
    await server.query(PIN, { id: before.id });
    const after = await save('Shop', { id: before.id, kind: 'RFM', input: {} });
    expect(after).toMatchObject({ name: 'Shop', kind: 'RFM', input: {}, view: null, place: 1 });
    expect([after.id, after.createdAt]).toEqual([before.id, before.createdAt]);
    expect(await reports()).toHaveLength(1);
  });

  it('gets another name and keeps the rest', async () => {
    const { updatedAt: _then, ...before } = await save('Checkout');
    const { renameReport } = await server.query<{ renameReport: Shown }>(RENAME, {
      id: before.id,
      name: ' Kasse ',
    });
    expect(renameReport).toMatchObject({ ...before, name: 'Kasse' });
  });

  it('comes back under its id after it was deleted', async () => {
    const { id } = await save('Checkout');
    expect(await server.query(DELETE, { id })).toEqual({ deleteReport: true });
    expect(await reports()).toEqual([]);
    expect(await server.query(`query ($id: ID!) { report(id: $id) { id } }`, { id })).toEqual({
      report: null,
    });
    expect(await server.query(DELETE, { id })).toEqual({ deleteReport: false });
    await server.query(RESTORE, { id });
    expect(await reports()).toMatchObject([{ id, name: 'Checkout', input: funnel }]);
  });

  it('is seen by another server of the store at once, and changed there', async () => {
    const { id } = await save('Checkout');
    expect(await reports(other)).toMatchObject([{ id, name: 'Checkout' }]);
    await other.query(RENAME, { id, name: 'Kasse' });
    expect(await reports()).toMatchObject([{ id, name: 'Kasse' }]);
  });

  it('is listed by kind, the last changed first', async () => {
    const first = await save('one');
    await save('two', { kind: 'RFM', input: {} });
    await save('three');
    await server.query(RENAME, { id: first.id, name: 'one again' });
    const { reports: found } = await server.query<{ reports: Shown[] }>('{ reports(kind: FUNNEL) { name } }');
    expect(found.map(({ name }) => name)).toEqual(['one again', 'three']);
  });

  it('says why it cannot be answered any more', async () => {
    const { saveAudience } = await server.query<{ saveAudience: { id: string } }>(
      `mutation { saveAudience(name: "Buyers", definition: { did: [{ match: { events: ["order_completed"] } }] }) { id } }`,
    );
    await save('Checkout', { input: { ...funnel, audience: { id: saveAudience.id } } });
    await server.query('mutation ($id: ID!) { deleteAudience(id: $id) }', { id: saveAudience.id });
    expect(await reports()).toMatchObject([{ problem: expect.stringContaining(saveAudience.id) as string }]);
  });
});

describe('what is refused', () => {
  it('is what has not the form of the question, at each of its fields', async () => {
    expect(await refused({ input: { range } })).toEqual(['input BAD_FORM']);
    expect(await refused({ input: { ...funnel, order: 'LOOSE', stepz: [] } })).toEqual([
      'input.order BAD_FORM',
      'input BAD_FORM',
    ]);
    const steps = [{ match: { events: [7] } }];
    expect(await refused({ input: { ...funnel, steps } })).toEqual([
      'input.steps[0].match.events[0] BAD_FORM',
    ]);
  });

  it('is what the analysis itself would refuse, in its own words', async () => {
    const input = { ...funnel, steps: [{ match: { stage: 'nowhere' } }, ...funnel.steps] };
    const asked = await server.ask(
      'query ($input: FunnelInput!) { funnel(input: $input) { conversionRate } }',
      {
        input,
      },
    );
    const kept = await refused({ input });
    expect(kept).toEqual(problemsOf(asked).map((problem) => problem.replace(/^(?!input)/, 'input.')));
    expect(await refused({ input: { ...funnel, range: {} } })).toHaveLength(1);
    expect(
      await refused({ kind: 'LIFECYCLE', input: { interval: 'DAY', audience: { id: 'gone' } } }),
    ).toEqual(['input.audience.id UNKNOWN_AUDIENCE']);
  });

  it('is no name, no object, too much, an unknown id', async () => {
    expect(await refused({ name: '  ' })).toEqual(['name BAD_NAME']);
    expect(await refused({ name: '名'.repeat(201) })).toEqual(['name BAD_NAME']);
    expect(await refused({ input: [funnel] })).toEqual(['input NOT_AN_OBJECT']);
    expect(await refused({ view: 'table' })).toEqual(['view NOT_AN_OBJECT']);
    expect(await refused({ view: { x: 'x'.repeat(20_000) } })).toEqual(['view REPORT_TOO_LARGE']);
    expect(await refused({ id: 'nobody' })).toEqual(['id UNKNOWN_REPORT']);
    expect(problemsOf(await server.ask(RENAME, { id: 'nobody', name: 'x' }))).toEqual(['id UNKNOWN_REPORT']);
    expect(await reports()).toEqual([]);
  });
});

describe('the overview', () => {
  const names = async (): Promise<string[]> => {
    const { pinnedReports } = await other.query<{ pinnedReports: Shown[] }>('{ pinnedReports { name } }');
    return pinnedReports.map(({ name }) => name);
  };

  it('holds reports in the order they are given, for everybody', async () => {
    const [a, b, c] = [await save('a'), await save('b'), await save('c')];
    for (const { id } of [a, b, c]) await server.query(PIN, { id });
    expect(await names()).toEqual(['a', 'b', 'c']);
    await server.query(PIN, { id: c.id, place: 1 });
    expect(await names()).toEqual(['c', 'a', 'b']);
    await other.query(PIN, { id: c.id, place: 99 });
    expect(await names()).toEqual(['a', 'b', 'c']);
    await server.query(UNPIN, { id: b.id });
    expect(await names()).toEqual(['a', 'c']);
    await server.query(DELETE, { id: a.id });
    expect(await names()).toEqual(['c']);
    await server.query(RESTORE, { id: a.id });
    expect(await names()).toEqual(['a', 'c']);
  });

  it('has room for twelve', async () => {
    for (let i = 0; i < 12; i += 1) await server.query(PIN, { id: (await save(`${i}`)).id });
    const { id } = await save('one more');
    expect(problemsOf(await server.ask(PIN, { id }))).toEqual(['id TOO_MANY_PINNED']);
  });
});

describe('frames', () => {
  const ancestors = async (path: string, at: TestServer = server): Promise<string | undefined> => {
    const { headers } = await fetch(`${at.url}${path}`);
    return /frame-ancestors ([^;]*)/.exec(headers.get('content-security-policy') ?? '')?.[1];
  };

  it('may hold one report, of the origins named, and nothing else', async () => {
    const { id } = await save('Checkout');
    expect(await ancestors(`/embed/${id}`)).toBe(`'self' ${INTRANET}`);
    expect(await ancestors(`/embed/${id}`, other)).toBe(`'self'`);
    for (const path of [
      '/',
      '/overview',
      '/reports',
      `/reports/${id}`,
      '/embed',
      '/config.json',
      '/embed/a/b',
    ])
      expect(await ancestors(path)).toBe(`'none'`);
  });
});
