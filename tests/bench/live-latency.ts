/**
 * From the acknowledgement of an event to the push that carries it: twelve live queries over WebSocket, each looked at
 * every 0.1 s, while 2,000 events a second arrive through the tracking API. Marker events tell which push it is: so
 * many new customers at once, who do everything that the queries count, as nobody else does for the first time.
 */
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { int, sql } from '../../server/query/sql.ts';
import type { Engine } from '../../server/engine/port.ts';
import { atMost, print } from './line.ts';
import { LIVE_QUESTIONS } from './live-questions.ts';
import type { LiveQuestion } from './live-questions.ts';
import { median, quantile, timed } from './measure.ts';
import { FUNNELS, ORDER } from './questions.ts';
import { liveServer } from './server.ts';
import type { BenchServer, LiveServer } from './server.ts';
import { openCopiedStore } from './store-copy.ts';
import type { BenchOptions } from './store.ts';

const TARGET_MS = 300;
const PER_SECOND = 2000;
/** One call each so often. */
const CALL_MS = 100;
/** Every second call brings a marker: so many new customers, who take all steps. */
const MARKED = 20;
/** Customers who are known and look around: each does something every 15 s. */
const KNOWN = 15 * PER_SECOND;
const WARM_SECONDS = 30;
/** Measured for so long a round. */
const SECONDS = 5;

export async function benchLiveLatency({ events, rounds }: BenchOptions): Promise<void> {
  const store = await openCopiedStore(events);
  try {
    const server = await liveServer(store.connection);
    try {
      await measure(server, await knownCustomers(store.engine), { events, rounds });
    } finally {
      await server.close();
    }
  } finally {
    await store.close();
  }
}

async function measure(
  server: LiveServer,
  known: readonly string[],
  { events, rounds }: BenchOptions,
): Promise<void> {
  const sender = new Sender(server.url, server.clock, known);
  const viewers = LIVE_QUESTIONS.map((question) => new Viewer(server.url, question));
  await Promise.all(viewers.map((viewer) => viewer.hasAnswer()));
  await sender.send(WARM_SECONDS, false);
  for (const viewer of viewers) viewer.rest();
  await sender.send(SECONDS, true);
  for (const viewer of viewers) viewer.began = sender.markers.length;
  const eventsPerSecond = await sender.send(SECONDS * rounds, true);
  await Promise.all(viewers.map((viewer) => viewer.carries(sender.markers.length)));
  const baselineMs = await askedOnce(server);
  report(viewers, sender, { events, baselineMs, eventsPerSecond });
  for (const viewer of viewers) await viewer.leave();
}

interface Told {
  readonly events: number;
  readonly baselineMs: number;
  readonly eventsPerSecond: number;
}

function report(viewers: readonly Viewer[], sender: Sender, told: Told): void {
  const lateness = viewers.map((viewer) => viewer.lateness(sender.markers));
  const all = lateness.flat();
  const p95Ms = quantile(all, 0.95);
  const isSustained = told.eventsPerSecond >= PER_SECOND * 0.97;
  print({
    name: `live-latency, ${viewers.length} live queries`,
    ...told,
    ours: 'from the acknowledgement to the push, median',
    oursMs: median(all),
    p95Ms,
    slowestMs: quantile(all, 1),
    pushes: all.length,
    p95ByQuery: Object.fromEntries(
      viewers.map(({ question }, i) => [question.name, quantile(lateness[i] ?? [], 0.95)]),
    ),
    baseline: 'one of the questions asked over HTTP, the median of all',
    judged: isSustained
      ? atMost('p95, ms', p95Ms, TARGET_MS)
      : { ...atMost('p95, ms', p95Ms, TARGET_MS), holds: false },
  });
}

async function knownCustomers(engine: Engine): Promise<readonly string[]> {
  const { rows } = await engine.query<{ id: string }>({
    name: 'bench_customers',
    sql: sql`SELECT any(customer_id) AS id FROM customers GROUP BY customer_key
ORDER BY cityHash64(customer_key) LIMIT ${int(KNOWN)}`,
  });
  return rows.map(({ id }) => id);
}

async function askedOnce(server: BenchServer): Promise<number> {
  const took: number[] = [];
  for (const { field, variables } of LIVE_QUESTIONS) {
    took.push(await timed(() => server.ask({ document: `query ${field}`, variables })));
  }
  return median(took);
}

/** Sends events at an even pace, and remembers when each marker was acknowledged. */
class Sender {
  /** By performance.now. */
  readonly markers: number[] = [];
  private made = 0;
  private calls = 0;

  constructor(
    private readonly url: string,
    private readonly clock: () => number,
    private readonly known: readonly string[],
  ) {}

  /** Events acknowledged a second. */
  async send(seconds: number, withMarkers: boolean): Promise<number> {
    const begun = performance.now();
    const pending: Promise<void>[] = [];
    let events = 0;
    for (let call = 0; call < (seconds * 1000) / CALL_MS; call += 1) {
      const wait = begun + call * CALL_MS - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      const isMarker = withMarkers && call % 2 === 1;
      const batch = isMarker ? this.marker() : [];
      const size = (PER_SECOND * CALL_MS) / 1000;
      // In turns a marker and what makes up for it.
      while (batch.length < size) batch.push(this.usual());
      events += batch.length;
      const posted = this.post(batch, isMarker);
      posted.catch(() => {});
      pending.push(posted);
    }
    await Promise.all(pending);
    return (events / (performance.now() - begun)) * 1000;
  }

  private async post(batch: readonly object[], isMarker: boolean): Promise<void> {
    const place = isMarker ? this.markers.push(Infinity) - 1 : -1;
    const response = await fetch(`${this.url}/v1/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ batch }),
    });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`the tracking API says ${response.status}`);
    if (isMarker) this.markers[place] = performance.now();
  }

  /** Most look at products; some only buy, each time. */
  private usual(): object {
    const i = (this.made += 1);
    const who = i % this.known.length;
    const event = who % 20 === 0 ? ORDER : 'product_viewed';
    return this.event(this.known[who] ?? '', event, this.clock() - 1000);
  }

  private marker(): object[] {
    const marker = (this.calls += 1);
    return Array.from({ length: MARKED }, (_, who) =>
      FUNNELS[6].map((event, step) =>
        this.event(`marked-${marker}-${who}`, event, this.clock() - 1000 + step),
      ),
    ).flat();
  }

  private event(userId: string, event: string, timeMs: number): object {
    const id = `live-latency-${(this.made += 1)}`;
    const order = event === ORDER ? { order_id: id, revenue: 40 } : {};
    return {
      type: 'track',
      messageId: id,
      userId,
      event,
      timestamp: new Date(timeMs),
      properties: { product_id: 'p-1', category: 'shoes', ...order },
    };
  }
}

/** Watches one question and notes when its answers carry each marker. */
class Viewer {
  /** Markers sent before those that are measured. */
  began = 0;
  /** Customers that an answer counts without any marker. */
  private unmarked = 0;
  /** When each answer came, and how many customers it counts. */
  private readonly answers: { readonly at: number; readonly counted: number }[] = [];
  private waiting = (): void => {};
  private failure: Error | undefined;
  private readonly client: ReturnType<typeof createClient>;

  constructor(
    url: string,
    readonly question: LiveQuestion,
  ) {
    this.client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      lazy: false,
      retryAttempts: 0,
    });
    const { field, variables } = question;
    this.client.subscribe<Record<string, unknown>>(
      {
        query: `subscription ${field.replace('(input: $input)', '(input: $input, every: "PT0.1S")')}`,
        variables,
      },
      {
        next: ({ data, errors }) => {
          if (errors || !data) this.fail(new Error(errors?.map(({ message }) => message).join('\n')));
          else
            this.answers.push({ at: performance.now(), counted: question.counted(Object.values(data)[0]) });
          this.waiting();
        },
        error: (error) => this.fail(error),
        complete: () => this.fail(new Error('the subscription ended')),
      },
    );
  }

  private get counted(): number {
    return this.answers.at(-1)?.counted ?? 0;
  }

  async hasAnswer(): Promise<void> {
    await this.until(() => this.answers.length > 0);
  }

  /** What is counted now is so without any marker. */
  rest(): void {
    this.unmarked = this.counted;
  }

  /** Resolves once an answer carries so many markers. */
  async carries(markers: number): Promise<void> {
    await this.until(() => this.countedAfter(markers) <= this.counted);
  }

  /** Milliseconds from each marker's acknowledgement to the answer that carries it. */
  lateness(markers: readonly number[]): number[] {
    return markers.slice(this.began).map((acknowledged, i) => {
      const least = this.countedAfter(this.began + i + 1);
      const answer = this.answers.find(({ counted }) => counted >= least);
      return Math.max(0, (answer?.at ?? Infinity) - acknowledged);
    });
  }

  async leave(): Promise<void> {
    this.failure = new Error('left');
    await this.client.dispose();
  }

  /** What an answer counts at least that carries so many markers: half of one is left to what else goes on. */
  private countedAfter(markers: number): number {
    return this.unmarked + (markers - 0.5) * MARKED;
  }

  private fail(error: unknown): void {
    this.failure ??= error instanceof Error ? error : new Error(JSON.stringify(error));
    this.waiting();
  }

  private async until(holds: () => boolean): Promise<void> {
    const limit = setTimeout(
      () =>
        this.fail(
          new Error(
            `${this.question.name} does not arrive: ${this.counted - this.unmarked} customers more counted`,
          ),
        ),
      60_000,
    );
    while (!holds()) {
      if (this.failure) throw this.failure;
      await new Promise<void>((resolve) => (this.waiting = resolve));
    }
    clearTimeout(limit);
  }
}
