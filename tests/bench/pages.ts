/**
 * How long each page's queries take over HTTP, against the time the engine itself spent on their statements.
 * Runs are interleaved: every query once, then all again.
 */
import { serveTest } from '../support/server.ts';
import { print } from './line.ts';
import { median } from './measure.ts';
import { UNCACHED } from './product.ts';
import { END_MS } from './questions.ts';
import { openBenchStore, type BenchOptions } from './store.ts';

const to = new Date(END_MS).toISOString();
const back = (days: number): object => ({ from: new Date(END_MS - days * 86_400_000).toISOString(), to });
const step = (event: string): object => ({ match: { events: [event] } });
const steps = ['product_viewed', 'product_added', 'checkout_started', 'order_completed'].map(step);
const MODELS = ['FIRST_TOUCH', 'LAST_TOUCH', 'LINEAR', 'POSITION_BASED', 'TIME_DECAY', 'MARKOV'];
const KPIS = [
  'revenue',
  'orders',
  'averageOrderValue',
  'customers',
  'newCustomers',
  'activeCustomers',
  'conversionRate',
  'repeatPurchaseRate',
];

const QUERIES: readonly { readonly name: string; readonly document: string; readonly input: object }[] = [
  {
    name: 'overview 30 d',
    document: `query ($input: OverviewInput!) { overview(input: $input) { ${KPIS.map((k) => `${k} { value previous series { value } }`).join(' ')} meta { elapsedMs rowsRead } } }`,
    input: { range: back(30) },
  },
  {
    name: 'overview churn 30 d',
    document:
      'query ($input: OverviewInput!) { overview(input: $input) { churnRate { value } meta { elapsedMs rowsRead } } }',
    input: { range: back(30) },
  },
  {
    name: 'funnel 4 steps 30 d',
    document:
      'query ($input: FunnelInput!) { funnel(input: $input) { steps { customers medianSeconds p90Seconds } meta { elapsedMs rowsRead } } }',
    input: { range: back(30), steps },
  },
  {
    name: 'funnel 4 steps 365 d',
    document:
      'query ($input: FunnelInput!) { funnel(input: $input) { steps { customers medianSeconds p90Seconds } meta { elapsedMs rowsRead } } }',
    input: { range: back(365), steps },
  },
  {
    name: 'retention by month, 12 months',
    document:
      'query ($input: RetentionInput!) { retention(input: $input) { cohorts { size cells { rate } } average { rate } meta { elapsedMs rowsRead } } }',
    input: { range: back(365), interval: 'MONTH', start: { events: ['order_completed'] } },
  },
  {
    name: 'lifecycle now',
    document:
      'query ($input: LifecycleInput!) { lifecycle(input: $input) { stages { customers revenue change } meta { elapsedMs rowsRead } } }',
    input: { at: to },
  },
  {
    name: 'lifecycle history 90 d',
    document:
      'query ($input: LifecycleInput!) { lifecycle(input: $input) { history { at stages { customers } } meta { elapsedMs rowsRead } } }',
    input: { at: to },
  },
  {
    name: 'metric revenue by day 90 d',
    document:
      'query ($input: MetricInput!) { metric(input: $input) { total series { value } meta { elapsedMs rowsRead } } }',
    input: { measure: 'REVENUE', range: back(90) },
  },
  {
    name: 'journey 30 d',
    document:
      'query ($input: JourneyInput!) { journey(input: $input) { stages { customers advanceRate } flows { moves medianSeconds } meta { elapsedMs rowsRead } } }',
    input: { range: back(30) },
  },
  {
    name: 'paths 30 d',
    document:
      'query ($input: PathsInput!) { paths(input: $input) { nodes { paths } edges { paths medianSeconds } meta { elapsedMs rowsRead } } }',
    input: { range: back(30) },
  },
  {
    name: 'attribution 30 d, six models',
    document:
      'query ($input: AttributionInput!) { attribution(input: $input) { rows { credit { conversions } } meta { elapsedMs rowsRead } } }',
    input: { range: back(30), conversion: { events: ['order_completed'] }, models: MODELS },
  },
  {
    name: 'rfm',
    document:
      'query ($input: RfmInput!) { rfm(input: $input) { segments { customers } cells { customers } meta { elapsedMs rowsRead } } }',
    input: { at: to },
  },
  {
    name: 'correlations of the funnel 30 d',
    document:
      'query ($input: FunnelInput!) { funnel(input: $input) { correlations { oddsRatio } meta { elapsedMs rowsRead } } }',
    input: { range: back(30), steps },
  },
];

export async function benchPages({ events, rounds }: BenchOptions): Promise<void> {
  const store = await openBenchStore(events);
  const server = await serveTest(store.engine, UNCACHED);
  const times = new Map(
    QUERIES.map(({ name }) => [name, { http: [] as number[], engine: [] as number[], rows: 0 }]),
  );
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, document, input } of QUERIES) {
      const begun = performance.now();
      const data = await server.query<Record<string, { meta: { elapsedMs: number; rowsRead: number } }>>(
        document,
        { input },
      );
      const took = performance.now() - begun;
      const [answer] = Object.values(data);
      const line = times.get(name);
      if (round === 0 || !answer || !line) continue;
      line.http.push(took);
      line.engine.push(answer.meta.elapsedMs);
      line.rows = answer.meta.rowsRead;
    }
  }
  await benchCustomers(server, { events, rounds });
  for (const [name, { http, engine, rows }] of times) {
    print({
      name,
      events,
      oursMs: median(http),
      baseline: 'the engine on its main statement',
      baselineMs: median(engine),
      rowsRead: rows,
    });
  }
  await server.close();
  await store.close();
}

async function benchCustomers(
  server: Awaited<ReturnType<typeof serveTest>>,
  { events, rounds }: BenchOptions,
): Promise<void> {
  const list = `{ customers(input: {}, first: 50) { totalCount nodes { id orders revenue lifecycleStage { key } } } }`;
  const one = `query ($id: ID!) { customer(id: $id) { id lifecycleReason lifecycleHistory { at to } channels { name } events(first: 50) { totalCount nodes { event time } } } }`;
  const listed: number[] = [];
  const opened: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    let begun = performance.now();
    const { customers } = await server.query<{ customers: { nodes: { id: string }[] } }>(list);
    if (round > 0) listed.push(performance.now() - begun);
    begun = performance.now();
    await server.query(one, { id: customers.nodes[round]?.id });
    if (round > 0) opened.push(performance.now() - begun);
  }
  print({
    name: 'customers, first 50',
    events,
    oursMs: median(listed),
    baseline: 'one customer with timeline',
    baselineMs: median(opened),
  });
}
