/**
 * Many at once, over HTTP: 32 clients with heavy queries that are all different, against one client with the same
 * queries; a customer's timeline opened among them, against alone; and 200 equal page loads at once against one.
 */
import type { EmbeddedEngine } from '../../server/engine/embedded/supervisor.ts';
import { customersWithMost, timelinePage } from './customer.ts';
import { operation, overviewPage } from './dashboard.ts';
import { Herd } from './herd.ts';
import { atLeast, atMost, print, printFailure } from './line.ts';
import { interleaved, median, quantile, timed } from './measure.ts';
import { DAY_MS, END_MS, funnelInput, lastDays } from './questions.ts';
import { cachedServer, uncachedServer } from './server.ts';
import type { BenchServer, Question } from './server.ts';
import { withBenchStore } from './store.ts';
import type { BenchOptions } from './store.ts';

const CLIENTS = 32;
const EACH = 2;
const LIGHT_CLIENTS = 4;
const LIGHT_ALONE = 50;
const LOADS = 200;
const TARGETS = { throughput: 0.9, heavyP99: 45, lightP99: 10, herd: 1.5 };

export async function benchConcurrent({ events, rounds }: BenchOptions): Promise<void> {
  await withBenchStore(events, async (store) => {
    await benchHeavy(store, events);
    await benchHerd(store, events, rounds);
  });
}

interface Run {
  readonly tookMs: number;
  readonly heavy: readonly number[];
  readonly light: readonly number[];
  /** Heavy queries that ended in an error, by time or memory. */
  readonly errors: number;
}

async function benchHeavy({ engine, connection }: EmbeddedEngine, events: number): Promise<void> {
  const server = await uncachedServer(connection);
  const customers = await customersWithMost(engine, 50);
  const light = await Promise.all(customers.map((row) => timelinePage(server, row.customer_id, 1)));
  const queries = Array.from({ length: CLIENTS * EACH }, (_, i) => heavy(i));
  for (const question of queries.slice(0, KINDS)) await server.ask(question);
  const before = await runClients(server, { queries, clients: 1, light: [] });
  const many = await runClients(server, { queries, clients: CLIENTS, light });
  const after = await runClients(server, { queries, clients: 1, light: [] });
  const lightAlone = Array.from({ length: LIGHT_CLIENTS }, (_, i) => runLight(server, light, LIGHT_ALONE, i));
  const alone = (await Promise.all(lightAlone)).flat();
  await server.close();

  const oneMs = (before.tookMs + after.tookMs) / 2;
  const single = median([...before.heavy, ...after.heavy]);
  const answered = (run: Run): number => run.heavy.length / run.tookMs;
  const share = answered(many) / ((answered(before) + answered(after)) / 2);
  const errors = many.errors + before.errors + after.errors;
  const name = `${CLIENTS} clients, ${queries.length} different heavy queries`;
  print({
    name: `${name}: the whole`,
    events,
    oursMs: many.tookMs,
    baseline: 'one client, one after the other (mean of before and after)',
    baselineMs: oneMs,
    errors,
    judged: atLeast('throughput / one client’s', share, TARGETS.throughput),
  });
  print({
    name: `${name}: p99`,
    events,
    oursMs: quantile(many.heavy, 0.99),
    p50Ms: median(many.heavy),
    baseline: 'the median of one client',
    baselineMs: single,
    judged: atMost('p99 / single median', quantile(many.heavy, 0.99) / single, TARGETS.heavyP99),
  });
  print({
    name: `a customer's timeline among ${CLIENTS} clients with heavy queries: p99`,
    events,
    oursMs: quantile(many.light, 0.99),
    p50Ms: median(many.light),
    asked: many.light.length,
    baseline: 'its p99 alone',
    baselineMs: quantile(alone, 0.99),
    aloneP50Ms: median(alone),
    judged: atMost(
      'p99 among them / p99 alone',
      quantile(many.light, 0.99) / quantile(alone, 0.99),
      TARGETS.lightP99,
    ),
  });
}

interface Clients {
  readonly queries: readonly Question[];
  readonly clients: number;
  /** Asked by clients of their own, one after the other, until the heavy ones are done. */
  readonly light: readonly Question[];
}

/** So many clients share the queries, each with one under way at a time. */
async function runClients(server: BenchServer, { queries, clients, light }: Clients): Promise<Run> {
  const heavyMs: number[] = [];
  const lightMs: number[] = [];
  let errors = 0;
  let next = 0;
  let isDone = false;
  const client = async (): Promise<void> => {
    for (let question = queries[next++]; question; question = queries[next++]) {
      const asked = question;
      try {
        heavyMs.push(await timed(() => server.ask(asked)));
      } catch {
        errors += 1;
      }
    }
  };
  const lightClient = async (from: number): Promise<void> => {
    for (let i = from; !isDone; i += 1) lightMs.push(...(await runLight(server, light, 1, i)));
  };
  const lightClients =
    light.length === 0 ? [] : Array.from({ length: LIGHT_CLIENTS }, (_, i) => lightClient(i));
  const tookMs = await timed(() => Promise.all(Array.from({ length: clients }, client)));
  isDone = true;
  await Promise.all(lightClients);
  return { tookMs, heavy: heavyMs, light: lightMs, errors };
}

async function runLight(
  server: BenchServer,
  questions: readonly Question[],
  count: number,
  from = 0,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const question = questions[(from + i) % questions.length];
    if (question) times.push(await timed(() => server.ask(question)));
  }
  return times;
}

/** Kinds of heavy queries that `heavy` goes through. */
const KINDS = 5;

/** The i-th heavy query: no two have the same answer to share, since their ranges end at different hours. */
function heavy(i: number): Question {
  const endMs = END_MS - i * 3_600_000;
  const range = (days: number) => lastDays(days, endMs);
  const kinds: readonly (() => Question)[] = [
    () => ({ document: operation('OverviewFunnel'), variables: { input: funnelInput(3, 180, endMs) } }),
    () => ({ document: operation('OverviewFunnel'), variables: { input: funnelInput(6, 90, endMs) } }),
    () => ({
      document: operation('OverviewCohorts'),
      variables: { input: { start: { events: ['order_completed'] }, range: range(365), interval: 'WEEK' } },
    }),
    () => ({ document: operation('Overview'), variables: { input: { range: range(90), interval: 'DAY' } } }),
    () => ({
      document: operation('OverviewFunnel'),
      variables: { input: { ...funnelInput(3, 90, endMs), order: 'STRICT' } },
    }),
  ];
  const kind = kinds[i % KINDS];
  if (!kind) throw new Error('no such kind of query');
  return kind();
}

/**
 * A page that nobody has opened before, 200 times at once over connections that are open; answers are shared as in
 * production.
 */
async function benchHerd({ connection }: EmbeddedEngine, events: number, rounds: number): Promise<void> {
  const server = await cachedServer(connection);
  let opened = 0;
  const freshPage = () => {
    opened += 1;
    // A minute later each time, so that no answer is known from before.
    const endMs = END_MS - DAY_MS - opened * 60_000;
    return Object.values(overviewPage({ from: new Date(endMs - 30 * DAY_MS), to: new Date(endMs) }));
  };
  const browsers = await Herd.open(server.url, LOADS * freshPage().length);
  const load = (times: number) => () => browsers.ask(freshPage(), times);
  const name = `${LOADS} equal loads of the Overview page at once`;
  const ms = await interleaved({ many: load(LOADS), one: load(1) }, rounds).catch((error: Error) => {
    printFailure({ name, events, error, judged: { of: 'all / one', target: `<= ${TARGETS.herd}` } });
    return null;
  });
  browsers.close();
  await server.close();
  if (!ms) return;
  print({
    name,
    events,
    oursMs: ms.many,
    baseline: 'one load',
    baselineMs: ms.one,
    judged: atMost('all / one', ms.many / ms.one, TARGETS.herd),
  });
}
