/**
 * What it costs to keep answers current while customers are touched, against running them again in full: a funnel of
 * 4 steps over 30 days, retention by week and the lifecycle's stages, from the events' acknowledgement to all three
 * answers that contain them, the look for what arrived included. On three sizes of stores, in turns, so that the last
 * line tells how the cost grows.
 */
import { pino } from 'pino';
import type { EmbeddedEngine } from '../../server/engine/embedded/supervisor.ts';
import type { EventRequest } from '../../server/ingest/event.ts';
import { readFunnel, runFunnel } from '../../server/insights/funnel/funnel.service.ts';
import { runLifecycle } from '../../server/insights/lifecycle/lifecycle.service.ts';
import { runRetention } from '../../server/insights/retention/retention.service.ts';
import type { InsightScope } from '../../server/insights/scope.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { int, sql } from '../../server/query/sql.ts';
import { createServices } from '../../server/services.ts';
import type { Services } from '../../server/services.ts';
import { atLeast, atMost, print, printSize } from './line.ts';
import { median } from './measure.ts';
import { END_MS, ORDER, RETENTION_PERIODS, WEEKS, WINDOW_DAYS } from './questions.ts';
import { openCopiedStore } from './store-copy.ts';
import type { BenchOptions } from './store.ts';

const TOUCHED = 1000;
/** Of the events asked for. */
const SIZES = [0.1, 0.3, 1];
/** As many customers as are touched, and more. */
const SMALLEST = 100_000;
/** The target is stated for a hundred million events. */
const STATED_EVENTS = 100_000_000;
const TARGET = 50;
const GROWTH_TARGET = 2;
/** Enough for all three at a hundred million events. */
const LIVE_BYTES = 2 * 1024 ** 3;
const WARM_MS = 300_000;
const WARM_PAUSE_MS = 2000;

const STEPS = ['product_viewed', 'product_added', 'checkout_started', ORDER];
const FUNNEL = {
  steps: STEPS.map((event) => ({ match: { events: [event] } })),
  range: { last: 'P30D' },
  window: `P${WINDOW_DAYS}D`,
};
const RETENTION = {
  start: { events: [ORDER] },
  return: {},
  range: { from: WEEKS.from },
  interval: 'WEEK',
  periods: RETENTION_PERIODS,
} as const;

const ASKED: readonly ((scope: InsightScope) => Promise<unknown>)[] = [
  (scope) => runFunnel(readFunnel(FUNNEL, scope), scope),
  (scope) => runRetention(RETENTION, scope, false),
  (scope) => runLifecycle({}, scope, { history: false, details: false }),
];

export async function benchLiveCost({ events, rounds }: BenchOptions): Promise<void> {
  const sizes = [...new Set(SIZES.map((share) => Math.max(SMALLEST, Math.round(events * share))))];
  const stores: LiveStore[] = [];
  try {
    for (const size of sizes) stores.push(await LiveStore.open(size));
    // What the first ones keep may be dropped while the last is read.
    for (const store of [...stores, ...stores]) await store.warm();
    // The first round is not counted.
    for (let round = 0; round <= rounds; round += 1) {
      for (const store of stores) await store.round(round);
    }
    for (const store of stores) store.report();
    const [small, large] = [stores[0], stores.at(-1)];
    if (small && large && small !== large) reportGrowth(small, large);
    const oursBytes = process.memoryUsage().arrayBuffers;
    printSize({ name: `live-cost, kept over ${sizes.join(', ')} events`, events, oursBytes });
  } finally {
    for (const store of stores) await store.close();
  }
}

function reportGrowth(small: LiveStore, large: LiveStore): void {
  print({
    name: `live-cost, from ${small.events} to ${large.events} events`,
    events: large.events,
    oursMs: large.oursMs,
    baseline: `the same over ${small.events} events`,
    baselineMs: small.oursMs,
    judged: atMost('growth', large.oursMs / small.oursMs, GROWTH_TARGET),
  });
}

/** What live runs asked, and how it was answered. */
type Runs = { readonly statement: string; readonly how: string }[];

interface Run {
  readonly ms: number;
  readonly answer: string;
  /** Statements of a live run that were not answered from what is kept, and why. */
  readonly inFull: readonly string[];
}

/** A store that events arrive in, with a server that keeps the answers. Its clock goes on from where history ends. */
class LiveStore {
  private readonly kept: number[] = [];
  private readonly full: number[] = [];
  private last = '';

  private constructor(
    readonly events: number,
    private readonly clock: { nowMs: number },
    private readonly services: Services,
    private readonly runs: Runs,
    private readonly store: EmbeddedEngine,
  ) {}

  static async open(events: number): Promise<LiveStore> {
    const store = await openCopiedStore(events);
    const runs: Runs = [];
    const clock = { nowMs: END_MS };
    const services = await createServices({
      engine: store.engine,
      journeyMap: retailMap,
      log: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
      now: () => clock.nowMs,
      answering: { cacheBytes: 0, liveBytes: LIVE_BYTES },
      onRun: (statement, how) => runs.push({ statement, how }),
    });
    // Who writes first looks through what was left half done, and everything counts as changed.
    await services.ingestion.accept([{ customerId: 'live-cost', event: 'page_viewed' }]);
    // As long as somebody watches.
    await services.arrivals.watch();
    return new LiveStore(events, clock, services, runs, store);
  }

  get oursMs(): number {
    return median(this.kept);
  }

  /** Resolves once the answers are kept. */
  async warm(): Promise<void> {
    const until = performance.now() + WARM_MS;
    for (;;) {
      this.clock.nowMs += 1000;
      const { inFull } = await this.run('live');
      if (inFull.length === 0) return;
      if (performance.now() > until)
        throw new Error(`${this.events} events: run in full: ${inFull.join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, WARM_PAUSE_MS));
    }
  }

  async round(round: number): Promise<void> {
    this.clock.nowMs += 5000;
    const { accepted } = await this.services.ingestion.accept(await this.arriving(round));
    if (accepted !== TOUCHED) throw new Error(`${accepted} of ${TOUCHED} events were accepted`);
    const kept = await this.run('live');
    const full = await this.run('full');
    if (kept.inFull.length > 0) throw new Error(`live answers run in full: ${kept.inFull.join(', ')}`);
    if (kept.answer !== full.answer)
      throw new Error(`the kept answer differs: ${kept.answer}\n${full.answer}`);
    if (kept.answer === this.last) throw new Error('the answers do not change: nothing to measure');
    this.last = kept.answer;
    if (round === 0) return;
    this.kept.push(kept.ms);
    this.full.push(full.ms);
  }

  report(): void {
    const baselineMs = median(this.full);
    const ratio = baselineMs / this.oursMs;
    print({
      name: `live-cost, ${TOUCHED} customers touched`,
      events: this.events,
      ours: 'funnel of 4 steps over 30 d, retention by week and lifecycle stages, kept',
      oursMs: this.oursMs,
      baseline: 'the three run in full',
      baselineMs,
      slowestMs: Math.max(...this.kept),
      judged: this.events >= STATED_EVENTS ? atLeast('full / kept', ratio, TARGET) : undefined,
    });
  }

  async close(): Promise<void> {
    await this.services.close();
    await this.store.close();
  }

  /** All three at once, as a live run or as any call would. */
  private async run(how: 'live' | 'full'): Promise<Run> {
    this.runs.length = 0;
    const begun = performance.now();
    const { scope } = await this.services.createContext(undefined, how === 'live' ? undefined : ['bench']);
    const answers = await Promise.all(ASKED.map((ask) => ask(scope)));
    const ms = performance.now() - begun;
    const inFull = this.runs
      .filter(({ how }) => how !== 'kept')
      .map(({ statement, how }) => `${statement} (${how})`);
    const withoutMeta = (key: string, value: unknown): unknown => (key === 'meta' ? undefined : value);
    return { ms, inFull, answer: JSON.stringify(answers, withoutMeta) };
  }

  /** An event each of customers who are known, other ones each round. */
  private async arriving(round: number): Promise<EventRequest[]> {
    const { rows } = await this.store.engine.query<{ id: string }>({
      name: 'bench_customers',
      sql: sql`SELECT any(customer_id) AS id FROM customers
GROUP BY customer_key ORDER BY cityHash64(customer_key, ${int(round)}) LIMIT ${int(TOUCHED)}`,
    });
    const { nowMs } = this.clock;
    return rows.map(({ id }, i) => ({
      id: `live-cost-${round}-${i}`,
      customerId: id,
      event: STEPS[i % STEPS.length],
      time: new Date(nowMs - 1 - i),
      ...(i % STEPS.length === STEPS.length - 1 && { orderId: `live-cost-${round}-${i}`, revenue: 25 }),
    }));
  }
}
