/** Paths through the schema: stories, what is left out, agreement with funnels, real data. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { askOf } from '../support/ask.ts';
import { loadDataset } from '../support/datasets.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import type { Story } from '../support/events.ts';

interface Edge {
  readonly step: number;
  readonly from: string;
  readonly to: string;
  readonly paths: number;
  readonly customers: number;
  readonly averageSeconds: number;
  readonly medianSeconds: number;
  readonly members: { readonly totalCount: number; readonly nodes: readonly { readonly id: string }[] };
}
interface Node {
  readonly step: number;
  readonly name: string;
  readonly isOther: boolean;
  readonly paths: number;
  readonly customers: number;
  readonly ended: number;
}
interface Graph {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly meta: { readonly definition: string; readonly rowsRead: number };
}

const GRAPH = `nodes { step name isOther paths customers ended }
  edges { step from to paths customers averageSeconds medianSeconds members(first: 1000) { totalCount nodes { id } } }
  meta { definition rowsRead }`;

function pathsOf(engine: Engine, range: object) {
  const ask = askOf(engine, { now: '2026-06-01T00:00:00Z' });
  return async (input: object = {}): Promise<Graph> => {
    const document = `query ($input: PathsInput!) { paths(input: $input) { ${GRAPH} } }`;
    const { paths } = await ask<{ paths: Graph }>(document, { input: { range, ...input } });
    return paths;
  };
}

const DAY = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' };
const walk = (edges: readonly Edge[]): readonly string[] =>
  edges.map(({ step, from, to, paths }) => `${step} ${from} > ${to} ${paths}`).sort();
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Every node is its edges and its ends; all that arrive at a step are its nodes; edges open into their people. */
function expectAddsUp({ nodes, edges }: Graph): void {
  for (const { step, name, paths, ended } of nodes) {
    const out = edges.filter((edge) => edge.step === step && edge.from === name);
    expect(sum(out.map((edge) => edge.paths)) + ended).toBe(paths);
  }
  for (const step of new Set(edges.map((edge) => edge.step + 1))) {
    const arrived = edges.filter((edge) => edge.step === step - 1);
    const there = nodes.filter((node) => node.step === step);
    expect(sum(there.map((node) => node.paths))).toBe(sum(arrived.map((edge) => edge.paths)));
  }
  for (const edge of edges) expect(edge.members.totalCount).toBe(edge.customers);
}

describe('stories', () => {
  let engine: Engine;
  let paths: ReturnType<typeof pathsOf>;

  beforeAll(async () => {
    engine = await testEngine();
    paths = pathsOf(engine, DAY);
    const at = (minute: number): string => `2026-05-01T10:${String(minute).padStart(2, '0')}:00Z`;
    const web = { channel: 'web' };
    await storeEvents(engine, [
      customer('ann')
        .did('page_viewed', at(0), { ...web, path: '/' })
        .did('Page Viewed', at(1), { ...web, url: 'https://shop.example/shoes/?size=42#top' })
        .did('product_viewed', at(3), { ...web, color: 'red' })
        .did('order_completed', at(5), { channel: 'store', color: 'blue' }),
      customer('bob')
        .did('screen_viewed', at(0), { channel: 'app', screen: 'Home' })
        .did('product_viewed', at(2), { channel: 'app', color: 'red' })
        .did('loyalty_scan', at(4)),
      customer('cid')
        .did('page_viewed', at(0), { ...web, path: '/' })
        .did('page_viewed', at(9), { ...web, path: '/' }),
    ]);
  });
  afterAll(() => engine.close());

  it('are told in pages, screens and events', async () => {
    const graph = await paths();
    expect(walk(graph.edges)).toEqual([
      '1 / > /shoes 1',
      '1 Home > product_viewed 1',
      '2 /shoes > product_viewed 1',
      '2 product_viewed > loyalty_scan 1',
      '3 product_viewed > order_completed 1',
    ]);
    expect(graph.nodes[0]).toEqual({ step: 1, name: '/', isOther: false, paths: 2, customers: 2, ended: 1 });
    expect(graph.nodes.some((node) => node.isOther)).toBe(false);
    expect(graph.meta.definition).toMatch(/^Paths of customers over touchpoints .*more than 30 minutes/);
    expectAddsUp(graph);
  });

  it('are told in event names, stages, channels and values of a property', async () => {
    expect(walk((await paths({ node: 'EVENT' })).edges)).toContain('1 page_viewed > Page Viewed 1');
    expect(walk((await paths({ node: 'CHANNEL' })).edges)).toEqual(['1 web > store 1']);
    expect(walk((await paths({ node: 'PROPERTY', property: 'color' })).edges)).toEqual(['1 red > blue 1']);
    const stages = await paths({ node: 'STAGE' });
    expect(walk(stages.edges)).toEqual(['1 awareness > consideration 2', '2 consideration > purchase 1']);
    expect(stages.nodes.find((node) => node.step === 2)).toMatchObject({ paths: 2, ended: 1 });
  });

  it('show what is left out as the rest of each step', async () => {
    const graph = await paths({ maxEdges: 1 });
    const rest = graph.nodes.filter((node) => node.isOther);
    expect(rest.map(({ step, name, paths }) => [step, name, paths])).toEqual([
      [1, '', 1],
      [2, '', 1],
      [3, '', 2],
      [4, '', 1],
    ]);
    expect(walk(graph.edges)).toEqual(['1  >  1', '1 / > /shoes 1', '2  >  1', '2 /shoes >  1', '3  >  1']);
    expectAddsUp(graph);
  });

  it('open one edge alone', async () => {
    const ask = askOf(engine, { now: '2026-06-01T00:00:00Z' });
    const document = `query ($input: PathsInput!) { paths(input: $input) {
      edges(step: 2, from: "product_viewed", to: "loyalty_scan") { members { nodes { id } } } } }`;
    expect(await ask(document, { input: { range: DAY } })).toEqual({
      paths: { edges: [{ members: { nodes: [{ id: 'bob' }] } }] },
    });
  });

  it('are empty where nothing happened', async () => {
    const graph = await paths({ range: { from: '2020-01-01T00:00:00Z', to: '2020-02-01T00:00:00Z' } });
    expect(graph).toMatchObject({ nodes: [], edges: [] });
  });
});

it('agree with a strict funnel of two events within a session', async () => {
  const engine = await testEngine();
  try {
    // A fixed sequence of choices, no two of a customer at one instant.
    let state = 1;
    const choose = (most: number): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state % most;
    };
    const stories = Array.from({ length: 200 }, (_, c): Story => {
      const story = customer(`c${c}`);
      let time = Date.parse(DAY.from);
      for (let i = choose(9); i >= 0; i -= 1) {
        time += [1000, 60_000, 1_800_000, 1_800_001, 3_600_000][choose(5)] ?? 0;
        story.did(['view', 'add', 'buy', 'leave'][choose(4)] ?? '', time);
      }
      return story;
    });
    await storeEvents(engine, stories);
    const { edges } = await pathsOf(engine, DAY)({ node: 'EVENT', maxSteps: 50, maxEdges: 1000 });
    const ask = askOf(engine, { now: '2026-06-01T00:00:00Z' });
    for (const [from, to] of [
      ['view', 'add'],
      ['add', 'buy'],
      ['buy', 'view'],
    ] as const) {
      const { funnel } = await ask<{
        funnel: { steps: readonly { customers: number; reached: Edge['members'] }[] };
      }>(
        `query ($input: FunnelInput!) { funnel(input: $input) { steps(index: 1) { customers reached(first: 1000) { nodes { id } } } } }`,
        {
          input: {
            range: DAY,
            order: 'STRICT',
            window: 'PT30M',
            steps: [from, to].map((event) => ({ match: { events: [event] } })),
          },
        },
      );
      const own = edges.filter((edge) => edge.from === from && edge.to === to);
      const people = new Set(own.flatMap((edge) => edge.members.nodes.map(({ id }) => id)));
      const reached = funnel.steps[0]?.reached.nodes.map(({ id }) => id) ?? [];
      expect(reached.length).toBeGreaterThan(20);
      expect([...people].sort()).toEqual([...reached].sort());
    }
  } finally {
    await engine.close();
  }
});

describe('of real visitors', () => {
  let engine: Engine;
  const range = { from: '2019-10-01T00:00:00Z', to: '2019-11-01T00:00:00Z' };
  beforeAll(async () => {
    engine = await testEngine();
    await loadDataset(engine, 'rees46-oct2019-slice');
  });
  afterAll(() => engine.close());

  it.each([
    { node: 'EVENT', maxEdges: 6 },
    { node: 'PROPERTY', property: 'brand', maxEdges: 12, maxSteps: 4 },
    { node: 'EVENT', startAt: 'add_to_cart', endAt: 'purchase', maxSteps: 4, maxEdges: 2 },
    {
      node: 'PROPERTY',
      property: 'category',
      groups: ['electronics*'],
      exclude: ['construction'],
      minPaths: 3,
    },
  ])('add up at every step: $node $property from $startAt', async (input) => {
    const graph = await pathsOf(engine, range)(input);
    expect(graph.edges.length).toBeGreaterThan(1);
    expectAddsUp(graph);
  });

  it('begin with everybody who was there', async () => {
    const { nodes } = await pathsOf(engine, range)({ node: 'EVENT', maxSteps: 1, groups: ['*'] });
    const { metric } = await askOf(engine)<{ metric: { total: number } }>(
      `query ($input: MetricInput!) { metric(input: $input) { total } }`,
      { input: { measure: 'CUSTOMERS', range } },
    );
    expect(nodes).toMatchObject([{ name: '*', customers: metric.total }]);
  });
});
