/**
 * What it costs automation to look at 100 customers something arrived of, at their stages and at a saved audience's
 * members, against looking at everybody: time, and the rows that its statements read.
 */
import { pino } from 'pino';
import { Keeper } from '../../server/automation/keeper.ts';
import { audienceSubject, LIFECYCLE } from '../../server/automation/movement.ts';
import type { Subject } from '../../server/automation/movement.ts';
import { MovementLog } from '../../server/automation/movement-log.ts';
import { askedThrough } from '../../server/engine/asked-through.ts';
import type { EmbeddedEngine } from '../../server/engine/embedded/supervisor.ts';
import type { Engine } from '../../server/engine/port.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { int, sql } from '../../server/query/sql.ts';
import { frameOf } from '../../server/library/audiences.service.ts';
import { createServices } from '../../server/services.ts';
import type { Services } from '../../server/services.ts';
import { atMost, print } from './line.ts';
import { median } from './measure.ts';
import { END_MS, ORDER } from './questions.ts';
import { openCopiedStore } from './store-copy.ts';
import type { BenchOptions } from './store.ts';

const TOUCHED = 100;
/**
 * Rows that a look may read for each: a granule of theirs in each month of events, and what lies around them in the
 * other tables; each is looked at again a second later, and so is whoever's moment has come.
 */
const ROWS_EACH = 100_000;
const TERM = 1;

interface Measured {
  readonly ms: number;
  readonly rowsRead: number;
  readonly slowest: string;
}

/** The engine, and what its questions read since asked last. */
function counted(engine: Engine): { readonly engine: Engine; readonly take: () => Omit<Measured, 'ms'> } {
  let asked: { readonly name: string; readonly rows: number; readonly ms: number }[] = [];
  return {
    engine: askedThrough(engine, async (query, options) => {
      const answer = await engine.query(query, options);
      asked.push({ name: query.name, rows: answer.stats.rowsRead, ms: answer.stats.elapsedMs });
      return answer;
    }),
    take: () => {
      const rowsRead = asked.reduce((sum, { rows }) => sum + rows, 0);
      const said = asked.map(({ name, rows, ms }) => `${name} ${rows} rows ${Math.round(ms)} ms`);
      asked = [];
      return { rowsRead, slowest: said.join(', ') };
    },
  };
}

export async function benchAutomation({ events, rounds }: BenchOptions): Promise<void> {
  const store = await openCopiedStore(events);
  const clock = { nowMs: END_MS };
  const services = await createServices({
    engine: store.engine,
    journeyMap: retailMap,
    log: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
    now: () => clock.nowMs,
    answering: { cacheBytes: 0 },
  });
  try {
    // Who writes first looks through what was left half done.
    await services.ingestion.accept([{ customerId: 'automation', event: 'page_viewed' }]);
    const stages = await measure(store, services, clock, [LIFECYCLE], rounds);
    report('stages', events, stages);
    const members = await measure(store, services, clock, [await audienceOf(services)], rounds);
    report('an audience', events, members);
  } finally {
    await services.close();
    await store.close();
  }
}

/** Who ordered twice in 90 days and looked at nothing in 7. */
async function audienceOf(services: Services): Promise<Subject> {
  const { audiences, scope } = await services.createContext();
  const definition = {
    did: [{ match: { events: [ORDER] }, atLeast: 2, within: 'P90D' }],
    didNot: [{ match: { events: ['product_viewed'] }, within: 'P7D' }],
  };
  const draft = { id: null, name: 'bench', definition, isStatic: false };
  const { id } = await audiences.save(draft, frameOf(scope));
  return audienceSubject(id);
}

interface Looks {
  readonly all: number;
  readonly looks: readonly Measured[];
}

async function measure(
  { engine }: EmbeddedEngine,
  services: Services,
  clock: { nowMs: number },
  subjects: readonly Subject[],
  rounds: number,
): Promise<Looks> {
  const { engine: asked, take } = counted(engine);
  const keeper = new Keeper({
    engine: asked,
    log: pino({ level: 'silent' }),
    movements: new MovementLog(asked, 'bench'),
    now: () => clock.nowMs,
    scope: async () => (await services.createContext()).scope,
  });
  await keeper.begin(TERM);
  await keeper.look(subjects, 0);
  keeper.doubt();
  const begun = performance.now();
  await keeper.look(subjects, 1);
  const all = performance.now() - begun;
  const looks: Measured[] = [];
  // The first round is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    clock.nowMs += 5000;
    await services.ingestion.accept(await arriving(engine, round, clock.nowMs));
    take();
    const since = performance.now();
    await keeper.look(subjects, round + 2);
    const ms = performance.now() - since;
    if (round > 0) looks.push({ ms, ...take() });
  }
  return { all, looks };
}

function report(name: string, events: number, { all, looks }: Looks): void {
  const rowsRead = median(looks.map((look) => look.rowsRead));
  print({
    name: `automation, ${name}, ${TOUCHED} customers touched`,
    events,
    oursMs: median(looks.map(({ ms }) => ms)),
    slowestMs: Math.max(...looks.map(({ ms }) => ms)),
    rowsRead,
    statements: looks.at(-1)?.slowest,
    baseline: 'everybody looked at',
    baselineMs: all,
    judged: atMost('rows read a customer touched', rowsRead / TOUCHED, ROWS_EACH),
  });
}

/** An event each of customers who are known, other ones each round. */
async function arriving(engine: Engine, round: number, nowMs: number): Promise<object[]> {
  const { rows } = await engine.query<{ id: string }>({
    name: 'bench_customers',
    sql: sql`SELECT any(customer_id) AS id FROM customers
GROUP BY customer_key ORDER BY cityHash64(customer_key, ${int(round)}) LIMIT ${int(TOUCHED)}`,
  });
  return rows.map(({ id }, i) => ({
    customerId: id,
    event: i % 2 === 0 ? ORDER : 'product_viewed',
    time: new Date(nowMs - 1 - i),
    ...(i % 2 === 0 && { orderId: `automation-${nowMs}-${i}`, revenue: 25 }),
  }));
}
