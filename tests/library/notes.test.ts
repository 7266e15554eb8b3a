/** Annotations and targets over the wire: kept, refused, live, on two servers of one store. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { watch } from '../support/live.ts';
import { serveTest } from '../support/server.ts';
import type { Answer, TestServer } from '../support/server.ts';
import { until } from '../support/until.ts';

/** Sunday noon: three quarters of November have passed, by days 21.5 of 30. */
const NOW = Date.parse('2026-11-22T12:00:00Z');

let engine: Engine;
let server: TestServer;
let other: TestServer;

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine, { now: () => NOW });
  other = await serveTest(engine, { now: () => NOW });
  const day = (n: number): number => Date.parse('2026-10-01T12:00:00Z') + n * 86_400_000;
  await storeEvents(
    engine,
    // Two orders of 10 a day from 1 October to 21 November.
    Array.from({ length: 52 }, (_, n) =>
      customer(`c${n}`)
        .did('order_completed', day(n) - 60_000, { orderId: `a${n}`, revenue: 10 })
        .did('order_completed', day(n) - 30_000, { orderId: `b${n}`, revenue: 10 }),
    ),
  );
});
afterAll(async () => {
  await Promise.all([server.close(), other.close()]);
  await engine.close();
});

interface Note {
  readonly id: string;
  readonly at: string;
  readonly text: string;
}
const ANNOTATE =
  'mutation ($at: DateTime!, $text: String!) { annotate(at: $at, text: $text) { id at text } }';
const LIST = 'query ($range: RangeInput!) { annotations(range: $range) { id at text } }';
const range = { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' };
const list = async (at: TestServer = server): Promise<readonly Note[]> =>
  (await at.query<{ annotations: Note[] }>(LIST, { range })).annotations;
const annotate = async (at: string, text: string): Promise<Note> =>
  (await server.query<{ annotate: Note }>(ANNOTATE, { at, text })).annotate;
const problemOf = (answer: Answer): unknown =>
  (answer.errors?.[0]?.extensions?.['problems'] as { field: string; code: string }[] | undefined)?.map(
    ({ field, code }) => `${field} ${code}`,
  )[0];

describe('annotations', () => {
  it('stand in the ranges that hold their instants, oldest first, on every server and live', async () => {
    const viewer = watch(other, LIST.replace('query', 'subscription'), { range });
    expect(await viewer.next()).toEqual({ annotations: [] });
    const later = await annotate('2026-11-20T10:00:00Z', ' 双十一 sale ends ');
    expect(later.text).toBe('双十一 sale ends');
    expect(await viewer.next()).toEqual({ annotations: [later] });
    const first = await annotate('2026-11-01T00:00:00Z', 'New shop');
    await annotate('2026-12-01T00:00:00Z', 'not in the range');
    expect(await list()).toEqual([first, later]);
    await until('the other server knows both', async () => (await list(other)).length === 2);
    const remove = 'mutation ($id: ID!) { deleteAnnotation(id: $id) }';
    expect(await other.query(remove, { id: first.id })).toEqual({ deleteAnnotation: true });
    expect(await other.query(remove, { id: first.id })).toEqual({ deleteAnnotation: false });
    await until('it is gone here', async () => (await list()).length === 1);
    await viewer.leave();
  });

  it('are refused without a text, with one too long, and beyond time', async () => {
    const ask = async (at: string, text: string) => problemOf(await server.ask(ANNOTATE, { at, text }));
    expect(await ask('2026-11-01T00:00:00Z', '  ')).toBe('text BAD_TEXT');
    expect(await ask('2026-11-01T00:00:00Z', 'x'.repeat(501))).toBe('text BAD_TEXT');
    expect(await ask('2106-01-01T00:00:00Z', 'x')).toBe('at BAD_INSTANT');
    expect(await annotate('2026-11-02T00:00:00Z', '字'.repeat(500))).toMatchObject({
      text: '字'.repeat(500),
    });
  });
});

interface Shown {
  readonly id: string;
  readonly value: number;
  readonly progress: Record<string, unknown>;
}
const FIELDS =
  '{ id kpi period value isCeiling timeZone progress { from to value share expectedShare forecast pace isOnTrack basis } }';
const SAVE = `mutation ($kpi: TargetKpi!, $value: Float!, $period: TargetPeriod, $zone: String) {
  saveTarget(kpi: $kpi, value: $value, period: $period, timeZone: $zone) ${FIELDS} }`;
const save = async (kpi: string, value: number, more: object = {}): Promise<Shown> =>
  (await server.query<{ saveTarget: Shown }>(SAVE, { kpi, value, period: 'MONTH', ...more })).saveTarget;

describe('targets', () => {
  it('say how the month stands and what it comes to, by when orders came before', async () => {
    const { id, progress } = await save('REVENUE', 500);
    expect(id).toBe('revenue-month');
    // 21 days of 20 and nothing yet of today at noon: 21.5 days by time, 22 by when orders come.
    expect(progress).toMatchObject({
      from: '2026-11-01T00:00:00.000Z',
      to: '2026-12-01T00:00:00.000Z',
      value: 420,
      share: 0.84,
      basis: 'WEEK_PATTERN',
    });
    expect(progress['expectedShare']).toBeCloseTo(22 / 30, 2);
    expect(progress['pace']).toBeCloseTo(420 / (22 / 30) / 500, 2);
  });

  it('of rates and averages too', async () => {
    const active = (await save('ACTIVE_CUSTOMERS', 30)).progress;
    // October: 31 customers in all, 22 of them in its first 21.5 days (the one of the 22nd comes before noon).
    expect(active).toMatchObject({ value: 21, basis: 'PERIOD_BEFORE' });
    expect(active['forecast']).toBeCloseTo((21 * 31) / 22, 6);
    expect((await save('AVERAGE_ORDER_VALUE', 8)).progress).toMatchObject({ forecast: 10, isOnTrack: true });
    const churn = (await save('CHURN_RATE', 0.05)) as unknown as { isCeiling: boolean };
    expect(churn).toMatchObject({ isCeiling: true, progress: { value: 0 } });
  });

  it('are one a key figure and period, live, and gone when deleted', async () => {
    const viewer = watch(other, `subscription { targets { id value progress { value } } }`);
    const ids = async (): Promise<string[]> =>
      (await viewer.next<{ targets: Shown[] }>()).targets.map(({ id, value }) => `${id} ${value}`);
    expect(await ids()).toContain('revenue-month 500');
    await save('REVENUE', 600);
    expect(await ids()).toContain('revenue-month 600');
    expect(await server.query('mutation { deleteTarget(id: "revenue-month") }')).toEqual({
      deleteTarget: true,
    });
    expect(await ids()).toEqual([
      'active-customers-month 30',
      'average-order-value-month 8',
      'churn-rate-month 0.05',
    ]);
    await save('REVENUE', 700);
    expect(await ids()).toContain('revenue-month 700');
    await viewer.leave();
  });

  it('are refused at zero, rates above one, and in no zone', async () => {
    const ask = async (kpi: string, value: number, more: object = {}) =>
      problemOf(await server.ask(SAVE, { kpi, value, period: 'MONTH', ...more }));
    expect(await ask('REVENUE', 0)).toBe('value BAD_TARGET');
    expect(await ask('CHURN_RATE', 5)).toBe('value BAD_TARGET');
    expect(await ask('ORDERS', 5, { zone: 'Mars' })).toBe('timeZone BAD_TIME_ZONE');
  });
});

describe('a range moved back', () => {
  const ORDERS = `query ($range: RangeInput!) { metric(input: { measure: ORDERS, range: $range }) { total series { start } } }`;
  const asked = async (range: object): Promise<{ total: number; series: { start: string }[] }> =>
    (await server.query<{ metric: { total: number; series: { start: string }[] } }>(ORDERS, { range }))
      .metric;

  it('is compared with as much of it as has passed', async () => {
    const november = { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' };
    expect((await asked(november)).total).toBe(42);
    // 1 to 22 October noon.
    const before = await asked({ ...november, offset: 'P1M' });
    expect(before.total).toBe(44);
    expect(before.series).toHaveLength(22);
    expect(
      (await asked({ from: '2026-10-08T00:00:00Z', to: '2026-10-10T00:00:00Z', offset: 'P7D' })).total,
    ).toBe(4);
  });

  it('moves with the clock where the range does', async () => {
    expect((await asked({ last: 'P7D', offset: 'P7D' })).total).toBe(14);
  });
});
