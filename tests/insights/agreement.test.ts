/**
 * Numbers that must be the same number, on the real data sets and on the generated demo: what one analysis
 * says in two ways, and what two analyses say of one thing.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillDemo } from '../../server/demo/fill.ts';
import type { Engine } from '../../server/engine/port.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { int, param, sql } from '../../server/query/sql.ts';
import type { Sql } from '../../server/query/sql.ts';
import { askOf } from '../support/ask.ts';
import { loadDataset } from '../support/datasets.ts';
import type { DatasetName } from '../support/datasets.ts';
import { testEngine } from '../support/engine.ts';

interface Set {
  readonly dataset: DatasetName | 'generated';
  /** Within one calendar year, so that one interval can hold it. */
  readonly range: { readonly from: string; readonly to: string };
  readonly steps: readonly string[];
  readonly property: string;
}

const SETS: readonly Set[] = [
  {
    dataset: 'online-retail',
    range: { from: '2011-01-01T00:00:00Z', to: '2011-12-10T00:00:00Z' },
    steps: ['purchase', 'return'],
    property: 'country',
  },
  {
    dataset: 'rees46-oct2019-slice',
    range: { from: '2019-10-01T00:00:00Z', to: '2019-11-01T00:00:00Z' },
    steps: ['product_view', 'add_to_cart', 'purchase'],
    property: 'brand',
  },
  {
    dataset: 'complete-journey-sample',
    range: { from: '2017-02-01T00:00:00Z', to: '2017-12-20T00:00:00Z' },
    steps: ['campaign_received', 'coupon_redeemed', 'purchase'],
    property: 'channel',
  },
  {
    dataset: 'generated',
    range: { from: '2026-01-01T00:00:00Z', to: '2026-05-20T12:00:00Z' },
    steps: ['page_viewed', 'product_viewed', 'product_added', 'order_completed'],
    property: 'channel',
  },
];

interface Counted {
  readonly totalCount: number;
}
interface Step {
  readonly customers: number;
  readonly droppedOff: number;
  readonly medianSeconds: number | null;
  readonly reached: Counted;
  readonly dropped: Counted;
}

const PEOPLE = '(first: 0) { totalCount }';
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

describe.each(SETS)('$dataset', ({ dataset, range, steps, property }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await testEngine();
    if (dataset === 'generated') {
      await fillDemo(engine, { dataset, customers: 1500, endMs: Date.parse(range.to) });
    } else await loadDataset(engine, dataset);
  });
  afterAll(() => engine.close());

  const ask = <T>(document: string, variables: Record<string, unknown>): Promise<T> =>
    askOf(engine, { now: '2026-06-01T00:00:00Z' })<T>(document, variables);
  const rows = async <Row>(statement: Sql): Promise<readonly Row[]> =>
    (await engine.query<Row>({ name: 'test', sql: statement })).rows;
  const named = steps.map((event) => ({ match: { events: [event] } }));

  it.each(['ORDERED', 'ANY'])('funnel, %s: steps, groups, people and one interval agree', async (order) => {
    const { funnel } = await ask<{
      funnel: {
        steps: Step[];
        breakdown: { isOther: boolean; steps: { customers: number }[] }[];
        trend: { entered: number; converted: number }[];
      };
    }>(
      `query ($input: FunnelInput!) { funnel(input: $input) {
        steps { customers droppedOff medianSeconds reached${PEOPLE} dropped${PEOPLE} }
        breakdown { isOther steps { customers } }
        trend(interval: YEAR) { entered converted }
      } }`,
      {
        input: {
          steps: named,
          range,
          order,
          window: 'P30D',
          breakdown: { properties: [property], limit: 2 },
        },
      },
    );
    const customers = funnel.steps.map((step) => step.customers);
    expect(customers[0]).toBeGreaterThan(0);
    expect(funnel.steps.map((step) => step.reached.totalCount)).toEqual(customers);
    expect(
      steps.map((_, k) => total(funnel.breakdown.map((group) => group.steps[k]?.customers ?? 0))),
    ).toEqual(customers);
    expect(funnel.trend).toEqual([{ entered: customers[0], converted: customers.at(-1) }]);
    for (const [k, step] of funnel.steps.entries()) {
      expect(step.dropped.totalCount).toBe(step.droppedOff);
      expect(step.customers + step.droppedOff).toBe(customers[Math.max(k - 1, 0)]);
    }
  });

  it.each(['FIRST_TIME', 'RECURRING'])('retention, %s: the first column is the cohort', async (entry) => {
    const { retention } = await ask<{
      retention: {
        cohorts: {
          size: number;
          members: Counted;
          cells: { period: number; customers: number }[];
          next: { customers: number; returned: Counted; lost: Counted }[];
        }[];
      };
    }>(
      `query ($input: RetentionInput!) { retention(input: $input) {
        cohorts { size members${PEOPLE} cells { period customers } next: cells(period: 1) { customers returned${PEOPLE} lost${PEOPLE} } }
      } }`,
      {
        input: {
          start: { events: [steps.at(-1)] },
          range: { from: new Date(Date.parse(range.to) - 60 * 86_400_000).toISOString(), to: range.to },
          interval: 'MONTH',
          periods: 2,
          entry,
        },
      },
    );
    expect(total(retention.cohorts.map((cohort) => cohort.size))).toBeGreaterThan(0);
    for (const { size, members, cells, next } of retention.cohorts) {
      expect([members.totalCount, cells[0]?.customers]).toEqual([size, size]);
      for (const { customers, returned, lost } of next) {
        expect(customers).toBe(cells[1]?.customers);
        expect(returned.totalCount).toBe(customers);
        expect(customers + lost.totalCount).toBe(size);
      }
    }
  });

  it('lifecycle: everybody known is in one stage, and came from where they were', async () => {
    const stages = 'stages { stage { key } customers share change }';
    const { start, end, catalog } = await ask<{
      start: { stages: { stage: { key: string }; customers: number; share: number }[] };
      end: {
        stages: { stage: { key: string }; customers: number; share: number; change: number }[];
        transitions: { from: string | null; to: string; customers: number }[];
      };
      catalog: { totalCustomers: number };
    }>(
      `query ($start: LifecycleInput!, $end: LifecycleInput!) {
        start: lifecycle(input: $start) { ${stages} }
        end: lifecycle(input: $end) { ${stages} transitions { from to customers } }
        catalog { totalCustomers }
      }`,
      { start: { at: range.from }, end: { at: range.to, range } },
    );
    const known = (at: string) =>
      rows<{ known: string }>(
        sql`SELECT uniqExact(customer_key) AS known FROM events WHERE time <= ${param.time(Date.parse(at))}`,
      );
    for (const [answer, at] of [[start, range.from] as const, [end, range.to] as const]) {
      const customers = total(answer.stages.map((stage) => stage.customers));
      expect(customers).toBe(Number((await known(at))[0]?.known));
      if (customers > 0) expect(total(answer.stages.map((stage) => stage.share))).toBeCloseTo(1, 9);
    }
    expect(total(end.stages.map((stage) => stage.customers))).toBeLessThanOrEqual(catalog.totalCustomers);
    for (const [i, { stage, customers, change }] of end.stages.entries()) {
      const moved = (side: 'from' | 'to') =>
        total(end.transitions.filter((move) => move[side] === stage.key).map((move) => move.customers));
      expect(moved('from')).toBe(start.stages[i]?.customers);
      expect(moved('to')).toBe(customers);
      expect(customers - (start.stages[i]?.customers ?? 0)).toBe(change);
    }
  });

  interface Summary {
    readonly stage: { readonly key: string };
    readonly customers: number;
    readonly events: number;
    readonly revenue: number;
    readonly advanceRate: number;
    readonly medianSecondsToAdvance: number | null;
    readonly channels: readonly { readonly events: number; readonly revenue: number }[];
    readonly members: Counted;
    readonly stopped: Counted;
  }
  interface Flow {
    readonly from: string;
    readonly to: string;
    readonly moves: number;
  }
  const journey = async <T>(fields: string): Promise<T> =>
    (
      await ask<{ journey: T }>(`query ($input: JourneyInput!) { journey(input: $input) { ${fields} } }`, {
        input: { range },
      })
    ).journey;
  const keys = retailMap.stages.map(({ key }) => key);

  it('journey: each stage is the funnel to any later stage, and holds its events', async () => {
    const { stages } = await journey<{ stages: Summary[] }>(`stages { stage { key } customers events revenue
      advanceRate medianSecondsToAdvance channels { events revenue } members${PEOPLE} stopped${PEOPLE} }`);
    expect(stages.map(({ stage }) => stage.key)).toEqual(keys);
    for (const [k, stage] of stages.entries()) {
      const here = { stage: stage.stage.key };
      const later = keys.slice(k + 1).map((key) => ({ stage: key }));
      const { funnel, events, revenue } = await ask<{
        funnel: { steps: Step[] };
        events: { total: number };
        revenue: { total: number };
      }>(
        `query ($funnel: FunnelInput!, $events: MetricInput!, $revenue: MetricInput!) {
          funnel(input: $funnel) { steps { customers droppedOff medianSeconds } }
          events: metric(input: $events) { total }
          revenue: metric(input: $revenue) { total }
        }`,
        {
          funnel: {
            steps: [{ match: here }, ...(later.length > 0 ? [{ match: { anyOf: later } }] : [])],
            range,
            window: 'P400D',
          },
          events: { measure: 'EVENTS', match: here, range, interval: 'YEAR' },
          revenue: { measure: 'REVENUE', match: here, range, interval: 'YEAR' },
        },
      );
      const [at, next] = funnel.steps;
      expect(stage).toMatchObject({
        customers: at?.customers,
        events: events.total,
        revenue: revenue.total,
        advanceRate: at?.customers && next ? next.customers / at.customers : 0,
        medianSecondsToAdvance: next?.medianSeconds ?? null,
        members: { totalCount: at?.customers },
        stopped: { totalCount: next ? next.droppedOff : at?.customers },
      });
      expect(total(stage.channels.map((channel) => channel.events))).toBe(stage.events);
      expect(total(stage.channels.map((channel) => channel.revenue))).toBeCloseTo(stage.revenue, 1);
    }
  });

  it('journey: whoever comes into a stage goes out of it or ends there', async () => {
    const { flows } = await journey<{ flows: Flow[] }>('flows { from to moves }');
    const [most] = flows;
    const opened = await journey<{ flows: { customers: number; members: Counted }[] }>(
      `flows(from: "${most?.from}", to: "${most?.to}") { customers members${PEOPLE} }`,
    );
    expect(opened.flows.map((flow) => flow.members.totalCount)).toEqual(
      opened.flows.map((flow) => flow.customers),
    );
    const number = retailMap.stages.reduce(
      (all, { events }, i) => sql`if(event IN ${param.strings(events)}, ${int(i + 1)}, ${all})`,
      int(0),
    );
    const inRange = sql`time >= ${param.time(Date.parse(range.from))} AND time < ${param.time(Date.parse(range.to))}`;
    const walks = await rows<{ first: number; last: number; customers: string }>(sql`
      SELECT first, last, count() AS customers FROM (
        SELECT argMin(stage, (time, stage)) AS first, argMax(stage, (time, stage)) AS last
        FROM (SELECT customer_key, time, ${number} AS stage FROM events WHERE ${inRange})
        WHERE stage > 0 GROUP BY customer_key
      ) GROUP BY first, last`);
    const moves = (side: 'from' | 'to', key: string) =>
      total(flows.filter((flow) => flow[side] === key).map((flow) => flow.moves));
    const ends = (side: 'first' | 'last', stage: number) =>
      total(walks.filter((walk) => walk[side] === stage).map((walk) => Number(walk.customers)));
    for (const [i, key] of keys.entries()) {
      expect(moves('to', key) + ends('first', i + 1)).toBe(moves('from', key) + ends('last', i + 1));
    }
  });
});
