/** Every number that counts customers opens exactly as many: counted by the one statement, listed by the other. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import { serveTest } from '../support/server.ts';
import type { Answer, TestServer } from '../support/server.ts';

let engine: Engine;
let server: TestServer;
const NOW = Date.parse('2026-03-20T12:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CHANNELS = ['web', 'app', 'store'];

/** The same numbers in every run. */
function dice(): (n: number) => number {
  let state = 7;
  return (n) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % n;
  };
}

beforeAll(async () => {
  engine = await testEngine();
  server = await serveTest(engine, { now: () => NOW });
  const roll = dice();
  await storeEvents(
    engine,
    Array.from({ length: 120 }, (_, i) => {
      const story = customer(`c${i}`);
      let time = NOW - (1 + roll(60)) * DAY;
      for (let n = 1 + roll(4); n > 0; n -= 1) {
        const of = { channel: CHANNELS[roll(3)], campaign: `k${roll(3)}` };
        story.did('page_viewed', time, { ...of, path: roll(2) ? '/' : '/sale' });
        if (roll(3)) story.did('product_viewed', (time += (1 + roll(90)) * 60_000), of);
        if (roll(2))
          story.did('order_completed', (time += (1 + roll(500)) * 60_000), { ...of, revenue: 5 + roll(90) });
        time = Math.min(NOW - HOUR, time + roll(20) * DAY);
      }
      return story;
    }),
  );
});
afterAll(async () => {
  await server.close();
  await engine.close();
});

const RANGE = 'range: { from: "2026-02-01T00:00:00Z", to: "2026-03-20T00:00:00Z" }';
const TOTAL = '(first: 0) { totalCount }';
interface List {
  readonly totalCount: number;
}

describe('a funnel', () => {
  const FUNNEL = `{ ${RANGE}, window: "P14D", steps: [
    { match: { events: ["page_viewed"] } }, { match: { events: ["product_viewed"] } }, { match: { events: ["order_completed"] } }
  ] }`;

  it('opens each stretch of the times to convert', async () => {
    interface Answer {
      readonly funnel: {
        readonly timeToConvert: {
          readonly count: number;
          readonly bins: readonly { readonly from: number; readonly to: number; readonly count: number }[];
        };
        readonly converted: List;
      };
    }
    const { funnel } = await server.query<Answer>(
      `{ funnel(input: ${FUNNEL}) { timeToConvert(fromStep: 1) { count bins { from to count } } converted(fromStep: 1, first: 0) { totalCount } } }`,
    );
    const { bins, count } = funnel.timeToConvert;
    expect(count).toBeGreaterThan(10);
    expect(funnel.converted.totalCount).toBe(count);
    const fields = bins.map(
      ({ from, to }, i) =>
        `b${i}: converted(fromStep: 1, atLeastSeconds: ${from}, underSeconds: ${to}, first: 0) { totalCount }`,
    );
    const opened = await server.query<{ funnel: Record<string, List> }>(
      `{ funnel(input: ${FUNNEL}) { ${fields.join('\n')} } }`,
    );
    expect(bins.map((_, i) => opened.funnel[`b${i}`]?.totalCount)).toEqual(bins.map((bin) => bin.count));
  });

  it('opens who carries a value that goes with converting', async () => {
    interface Found {
      readonly property: string;
      readonly value: string;
      readonly withValue: number;
      readonly converted: number;
    }
    const { funnel } = await server.query<{ funnel: { correlations: readonly Found[] } }>(
      `{ funnel(input: ${FUNNEL}) { correlations(limit: 8) { property value withValue converted } } }`,
    );
    expect(funnel.correlations.length).toBeGreaterThan(3);
    for (const { property, value, withValue, converted } of funnel.correlations) {
      const of = `property: ${JSON.stringify(property)}, value: ${JSON.stringify(value)}, first: 0`;
      const opened = await server.query<{ funnel: { all: List; yes: List; no: List } }>(
        `{ funnel(input: ${FUNNEL}) {
          all: carrying(${of}) { totalCount }
          yes: carrying(${of}, converted: true) { totalCount }
          no: carrying(${of}, converted: false) { totalCount }
        } }`,
      );
      expect(opened.funnel).toEqual({
        all: { totalCount: withValue },
        yes: { totalCount: converted },
        no: { totalCount: withValue - converted },
      });
    }
  });
});

it('the journey opens each channel and touchpoint of a stage', async () => {
  interface Named {
    readonly name: string;
    readonly customers: number;
  }
  const { journey } = await server.query<{
    journey: { stages: readonly { stage: { key: string }; channels: Named[]; touchpoints: Named[] }[] };
  }>(
    `{ journey(input: { ${RANGE} }) { stages { stage { key } channels { name customers } touchpoints { name customers } } } }`,
  );
  const marks = journey.stages.flatMap(({ stage, channels, touchpoints }) => [
    ...channels.map((mark) => ({ ...mark, key: stage.key, kind: 'channel' })),
    ...touchpoints.map((mark) => ({ ...mark, key: stage.key, kind: 'touchpoint' })),
  ]);
  expect(marks.length).toBeGreaterThan(8);
  for (const { key, kind, name, customers } of marks) {
    const opened = await server.query<{ journey: { stages: readonly { members: List }[] } }>(
      `{ journey(input: { ${RANGE} }) { stages(key: "${key}") { members(${kind}: ${JSON.stringify(name)}, first: 0) { totalCount } } } }`,
    );
    expect([key, name, opened.journey.stages[0]?.members.totalCount]).toEqual([key, name, customers]);
  }
});

it('paths open each node, the rest too', async () => {
  const INPUT = `{ ${RANGE}, maxEdges: 6, maxSteps: 3 }`;
  interface Node {
    readonly step: number;
    readonly name: string;
    readonly customers: number;
    readonly members: List;
  }
  const { paths } = await server.query<{ paths: { nodes: readonly Node[] } }>(
    `{ paths(input: ${INPUT}) { nodes { step name customers members${TOTAL} } } }`,
  );
  expect(paths.nodes.some((node) => node.name === '')).toBe(true);
  expect(paths.nodes.map((node) => node.members.totalCount)).toEqual(
    paths.nodes.map((node) => node.customers),
  );
  const [first] = paths.nodes;
  const alone = await server.query<{ paths: { nodes: readonly Node[] } }>(
    `query ($step: Int, $name: String) { paths(input: ${INPUT}) { nodes(step: $step, name: $name) { customers } } }`,
    { step: first?.step, name: first?.name },
  );
  expect(alone.paths.nodes).toEqual([{ customers: first?.customers }]);
});

describe('the overview', () => {
  const FIELDS = `customers { value } newCustomers { value } activeCustomers { value }
    conversionRate { value } repeatPurchaseRate { value }
    KNOWN: members(who: KNOWN, first: 0) { totalCount } NEW: members(who: NEW, first: 0) { totalCount }
    ACTIVE: members(who: ACTIVE, first: 0) { totalCount } BUYERS: members(who: BUYERS, first: 0) { totalCount }
    REPEAT: members(who: REPEAT_BUYERS, first: 0) { totalCount }
    ALL: members(who: BUYERS, first: 0) { totalCount }`;
  type Figures = Record<string, { value: number } & List>;

  it.each(['', ', where: { property: "channel", values: ["web"] }'])(
    'opens what it counts%s',
    async (where) => {
      const { overview } = await server.query<{ overview: Figures }>(
        `{ overview(input: { ${RANGE}${where} }) { ${FIELDS} } }`,
      );
      const of = (name: string) => overview[name]?.totalCount ?? NaN;
      expect([of('KNOWN'), of('NEW'), of('ACTIVE')]).toEqual([
        overview['customers']?.value,
        overview['newCustomers']?.value,
        overview['activeCustomers']?.value,
      ]);
      expect(of('BUYERS') / of('ACTIVE')).toBeCloseTo(overview['conversionRate']?.value ?? NaN, 12);
      expect(of('REPEAT')).toBeGreaterThan(0);
    },
  );
});

it('a point of the history opens who was in the stage then', async () => {
  interface Point {
    readonly at: string;
    readonly stages: readonly { readonly stage: string; readonly customers: number }[];
  }
  const { lifecycle } = await server.query<{ lifecycle: { history: readonly Point[] } }>(
    `{ lifecycle(input: { ${RANGE}, interval: WEEK }) { history { at stages { stage customers } } } }`,
  );
  for (const { at, stages } of lifecycle.history.slice(1, 4)) {
    const then = await server.query<{
      lifecycle: { stages: readonly { stage: { key: string }; members: List }[] };
    }>(
      `{ lifecycle(input: { ${RANGE}, interval: WEEK, at: "${at}" }) { stages { stage { key } members${TOTAL} } } }`,
    );
    const listed = then.lifecycle.stages.map(({ stage, members }) => [stage.key, members.totalCount]);
    expect(Object.fromEntries(listed)).toEqual(
      Object.fromEntries(stages.map(({ stage, customers }) => [stage, customers])),
    );
  }
});

describe('a list', () => {
  interface Nodes {
    readonly nodes: readonly { readonly id: string; readonly revenue: number; readonly firstSeen: string }[];
    readonly pageInfo: { readonly endCursor: string };
  }
  const ask = (args: string) =>
    server
      .query<{ overview: { members: Nodes } }>(
        `{ overview(input: { ${RANGE} }) { members(who: BUYERS, ${args}) { nodes { id revenue firstSeen } pageInfo { endCursor } } } }`,
      )
      .then(({ overview }) => overview.members);

  it('stands in the order asked for, page by page', async () => {
    const whole = await ask('first: 1000, orderBy: REVENUE');
    const revenues = whole.nodes.map((node) => node.revenue);
    expect(revenues).toEqual([...revenues].sort((a, b) => b - a));
    const first = await ask('first: 10, orderBy: FIRST_SEEN');
    const next = await ask(`first: 10, orderBy: FIRST_SEEN, after: "${first.pageInfo.endCursor}"`);
    const seen = [...first.nodes, ...next.nodes].map((node) => node.firstSeen);
    expect(seen).toEqual([...seen].sort().reverse());
  });

  const codeOf = ({ errors }: Answer) => {
    const problems = errors?.[0]?.extensions?.['problems'] as { code: string }[] | undefined;
    return problems?.[0]?.code;
  };

  it('is kept as an audience of exactly those', async () => {
    const { nodes } = await ask('first: 1000');
    const customers = nodes.map((node) => node.id);
    const SAVE = `mutation ($name: String!, $customers: [ID!]!) { saveCustomers(name: $name, customers: $customers) {
      id isStatic size members(first: 1000) { nodes { id } } } }`;
    const { saveCustomers } = await server.query<{
      saveCustomers: { isStatic: boolean; size: number; members: Nodes };
    }>(SAVE, { name: 'buyers of the month', customers: [...customers, 'nobody'] });
    expect(saveCustomers).toMatchObject({ isStatic: true, size: customers.length });
    expect(saveCustomers.members.nodes.map((node) => node.id).sort()).toEqual([...customers].sort());
    const again = await server.ask(SAVE, { name: 'Buyers of the month', customers });
    expect(codeOf(again)).toBe('NAME_TAKEN');
    const none = await server.ask(SAVE, { name: 'none', customers: [] });
    expect(codeOf(none)).toBe('BAD_MEMBERS');
  });

  it('of 100,000 ids is taken in one call', async () => {
    const customers = Array.from({ length: 100_000 }, (_, i) => `c${i}`);
    const { saveCustomers } = await server.query<{ saveCustomers: { size: number } }>(
      `mutation ($customers: [ID!]!) { saveCustomers(name: "many", customers: $customers) { size } }`,
      { customers },
    );
    expect(saveCustomers.size).toBe(120);
  });
});
