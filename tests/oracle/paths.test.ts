/** The statements of paths on the real engine against the oracle, over random worlds side by side in one store. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { PATH_NODE_KINDS } from '../../server/insights/paths/paths.query.ts';
import type { PathsRequest } from '../../server/insights/paths/paths.query.ts';
import { compileMembers } from '../../server/insights/paths/paths.sql.ts';
import { runPaths } from '../../server/insights/paths/paths.service.ts';
import type { PathsRun } from '../../server/insights/paths/paths.service.ts';
import type { InsightScope } from '../../server/insights/scope.ts';
import { sql } from '../../server/query/sql.ts';
import { testScope } from '../support/ask.ts';
import { compileScope } from '../support/compile-scope.ts';
import { testEngine } from '../support/engine.ts';
import { storeEvents } from '../support/events.ts';
import { times } from '../support/times.ts';
import { pathsOracle } from './paths.ts';
import type { OracleEvent, OracleGraph } from './paths.ts';

const WORLDS = 16;

let engine: Engine;
let scope: InsightScope;
let worlds = 0;
beforeAll(async () => {
  engine = await testEngine();
  scope = { ...testScope(engine, { now: 0 }), compile: compileScope() };
});
afterAll(() => engine.close());

const START = Date.UTC(2026, 0, 31, 23, 50);
const MINUTE = 60_000;
const GAPS = {
  PT1S: 1000,
  PT5M: 5 * MINUTE,
  PT30M: 30 * MINUTE,
  P1D: 1440 * MINUTE,
  P1M: 28 * 1440 * MINUTE,
};

const moment = fc.record({
  customer: fc.nat(2),
  what: fc.constantFrom(
    { event: 'page_viewed', path: '/' },
    { event: 'page_viewed', path: '/a' },
    { event: 'page_viewed', path: '/a/' },
    { event: 'page_viewed', path: '/b/1/c' },
    { event: 'page_viewed', url: 'https://shop.example/b/2/c/?q=1#top' },
    { event: 'page_viewed', url: 'https://shop.example' },
    { event: 'page_viewed' },
    { event: 'screen_viewed', screen: 'Home' },
    { event: 'screen_viewed', name: '50%_off' },
    { event: 'page_view' },
    { event: 'purchase' },
    { event: '/a' },
  ),
  /** Since the event before: at once, within the gap, exactly the gap, just over it, or over every gap. */
  since: fc.constantFrom('tie', 'step', 'step', 'step', 'gap', 'over', 'far'),
  step: fc.integer({ min: 1, max: 300 }),
  channel: fc.constantFrom('web', 'app', 'store', ''),
  color: fc.constantFrom('red', 'blue', 7, null),
});

const some = <T>(...values: readonly T[]) => fc.option(fc.constantFrom(...values), { freq: 2 });
const NODES = ['/', '/a', '/a/', 'purchase', 'Home', '/b/*/c', 'web', 'red', '7', 'page_view'] as const;

const question = fc.record({
  node: fc.oneof(
    { weight: 2, arbitrary: fc.constant('TOUCHPOINT' as const) },
    { weight: 3, arbitrary: fc.constantFrom(...PATH_NODE_KINDS) },
  ),
  startAt: some(...NODES),
  endAt: some(...NODES),
  maxSteps: fc.integer({ min: 1, max: 7 }),
  maxEdges: fc.constantFrom(1, 2, 4, 50),
  counts: fc.constantFrom({}, {}, { minPaths: 2 }, { maxPaths: 1 }, { minPaths: 2, maxPaths: 3 }),
  groups: fc.subarray(['/b/*/c', '/*', 'e*e', '50%_', '%', 'o', '*'], { maxLength: 2 }),
  exclude: fc.subarray(['/a', '/b/*/c', 'purchase', 'app', 'blue'], { maxLength: 2 }),
  sessionGap: fc.constantFrom<keyof typeof GAPS>('PT1S', 'PT5M', 'PT30M', 'P1D', 'P1M'),
  onlyWeb: fc.constantFrom(false, false, true),
  /** How much of the story lies in the range. */
  from: fc.constantFrom(0, 0, 0.2),
  to: fc.constantFrom(1, 1, 0.8),
});
type Question = typeof question extends fc.Arbitrary<infer T> ? T : never;

const world = fc.record({
  asked: question,
  told: fc.array(moment, { minLength: 0, maxLength: 45 }),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

test('agrees with the oracle in every node and edge, and lists of people, in random histories', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(world, { minLength: WORLDS, maxLength: WORLDS }), async (batch) => {
      const named = batch.map((one) => ({ ...one, name: `w${(worlds += 1)}` }));
      const told = named.map((one) => ({ ...one, events: eventsOf(one, one.name) }));
      await storeEvents(
        engine,
        told.flatMap(({ name, events }) =>
          events.map((event) => ({
            ...event,
            id: `${name}-${event.id}`,
            customerId: event.customer,
            orderId: '',
            sessionId: '',
            revenue: null,
            properties: { ...event.properties, world: name },
          })),
        ),
      );
      await Promise.all(told.map((one, i) => agrees(one, i % 4 === 0)));
    }),
    { numRuns: times(9), endOnFailure: true },
  );
}, 300_000);

function eventsOf({ told, asked }: World, name: string): readonly OracleEvent[] {
  let timeMs = START;
  return told.map(({ customer, what, since, step, channel, color }, i) => {
    const gap = GAPS[asked.sessionGap];
    timeMs += { tie: 0, step: (step * gap) / 600, gap, over: gap + 1, far: 40 * 1440 * MINUTE }[since];
    timeMs = Math.floor(timeMs);
    const { event, ...properties } = what;
    return {
      // Not in the order told, so that ties are decided by ids alone.
      id: String((i * 37) % 101).padStart(3, '0'),
      customer: `${name}-${customer}`,
      event,
      timeMs,
      channel,
      properties: color === null ? properties : { ...properties, color },
    };
  });
}

interface Told {
  readonly asked: Question;
  readonly name: string;
  readonly events: readonly OracleEvent[];
}

async function agrees({ asked, name, events }: Told, withPeople: boolean): Promise<void> {
  const request = requestOf(asked, name, events);
  const run = await runPaths(request, scope);
  const expected = pathsOracle(
    run.query,
    events.filter((event) => !asked.onlyWeb || event.channel === 'web'),
  );
  const story = events.map((e) => `${e.customer} ${e.timeMs - START} ${e.event}`).join('; ');
  expect(shownGraph(run), `${JSON.stringify(asked)} ${story}`).toEqual(shownGraph(expected));
  expectAddsUp(run);
  const edge = run.edges.at(-1);
  if (!edge || !withPeople) return;
  const keys = compileMembers(run, edge, scope.compile);
  const { rows } = await engine.query<{ id: string }>({
    name: 'test_people',
    sql: sql`SELECT DISTINCT customer_id AS id FROM events WHERE customer_key IN (${keys}) ORDER BY id`,
  });
  const members = expected.edges.find(
    (e) => e.step === edge.step && e.from === edge.from && e.to === edge.to,
  )?.customers;
  expect(rows.map(({ id }) => id)).toEqual(members);
  expect(rows).toHaveLength(edge.customers);
}

function requestOf(asked: Question, name: string, events: readonly OracleEvent[]): PathsRequest {
  const { onlyWeb, from, to, counts, ...rest } = asked;
  const endMs = (events.at(-1)?.timeMs ?? START) + 1;
  const at = (share: number): Date => new Date(Math.round(START + share * (endMs - START)));
  const isStage = (node: string | null): boolean => node === 'discover' || node === 'buy';
  const stage = (node: string | null): string | null =>
    node === null || isStage(node) ? node : node.length % 2 === 0 ? 'discover' : 'buy';
  const named =
    asked.node === 'STAGE'
      ? { startAt: stage(asked.startAt), endAt: stage(asked.endAt), exclude: [] }
      : { startAt: asked.startAt, endAt: asked.endAt };
  return {
    ...rest,
    ...counts,
    ...named,
    maxSteps: asked.startAt !== null && asked.endAt !== null ? Math.max(2, asked.maxSteps) : asked.maxSteps,
    property: asked.node === 'PROPERTY' ? 'color' : null,
    range: { from: at(from), to: to === 1 ? new Date(endMs) : at(Math.max(to, from + 0.1)) },
    match: onlyWeb ? { channels: ['web'] } : null,
    where: { property: 'world', values: [name] },
  };
}

type Shown = Pick<PathsRun, 'nodes' | 'edges'> | OracleGraph;

/** Both graphs in one order and form; seconds to the millisecond. */
function shownGraph({ nodes, edges }: Shown): readonly string[] {
  return [
    ...nodes.map((n) => `${n.step} "${n.name}": ${n.paths} of ${n.customers}, ${n.ended} ended`),
    ...edges.map((e) => {
      const customers = typeof e.customers === 'number' ? e.customers : e.customers.length;
      return `${e.step} "${e.from}" to "${e.to}": ${e.paths} of ${customers}, ${e.averageSeconds.toFixed(3)} ${e.medianSeconds.toFixed(3)} s`;
    }),
  ].sort();
}

/** Each node is its edges and its ends; each step's arrivals are the step's nodes. */
function expectAddsUp({ nodes, edges }: PathsRun): void {
  const sum = (values: readonly { readonly paths: number }[]): number =>
    values.reduce((total, { paths }) => total + paths, 0);
  for (const { step, name, paths, ended } of nodes) {
    const out = edges.filter((edge) => edge.step === step && edge.from === name);
    expect(sum(out) + ended).toBe(paths);
  }
  for (const step of new Set(nodes.map((node) => node.step))) {
    if (step === 1) continue;
    const arrived = sum(edges.filter((edge) => edge.step === step - 1));
    expect(sum(nodes.filter((node) => node.step === step))).toBe(arrived);
  }
}
