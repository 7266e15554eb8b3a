/** Lifecycle answers kept up to date, against the same statements run afresh, while events arrive and time goes on. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { normaliseLifecycle } from '../../server/insights/lifecycle/lifecycle.query.ts';
import type { LifecycleQuery, LifecycleRequest } from '../../server/insights/lifecycle/lifecycle.query.ts';
import { history } from '../../server/insights/lifecycle/lifecycle.result.ts';
import { compileHistory, compileStages } from '../../server/insights/lifecycle/lifecycle.sql.ts';
import type { ChangesRow, StageRow } from '../../server/insights/lifecycle/lifecycle.sql.ts';
import { planStages } from '../../server/journey/conditions.ts';
import { KNOWN_BIT } from '../../server/journey/fact-kinds.ts';
import { vocabularyOf } from '../../server/journey/map.ts';
import type { JourneyMap } from '../../server/journey/map.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { arrivedEvents } from '../../server/live/kept/kept.sql.ts';
import type { CompileScope } from '../../server/query/events.ts';
import { kindOfFact } from '../../server/query/kept.ts';
import type { SqlQuery } from '../../server/query/sql.ts';
import { sql } from '../../server/query/sql.ts';
import { DAY, START, maps } from '../journey/worlds.ts';
import { compileScope } from '../support/compile-scope.ts';
import { emptyStore, testEngine } from '../support/engine.ts';
import { storeEvents } from '../support/events.ts';
import type { StoredEvent } from '../support/events.ts';
import { inTurn } from '../support/in-turn.ts';
import { KeptByHand } from '../support/kept-by-hand.ts';
import type { Arrived } from '../support/kept-by-hand.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

/** Of a few customers, so that each has a story; months end within. */
const eventsOf = (times: fc.Arbitrary<number>, customers: number, count: number) =>
  fc.array(
    fc.record({
      customerId: fc.integer({ min: 1, max: customers }).map((n) => `c${n}`),
      event: fc.constantFrom('view', 'points', 'buy', 'buy', 'return', 'other'),
      timeMs: times,
      channel: fc.constantFrom('', 'web', 'app'),
      sessionId: fc.constant(''),
      properties: fc.constantFrom({}, { kind: 'shoes' }, { kind: 'toys' }),
      orderId: fc.constantFrom('', '', 'o1', 'o2'),
      revenue: fc.constantFrom(null, null, 0, 10, 49.99, 60, -20, 1000.0001),
    }),
    { minLength: count, maxLength: count },
  );

const onDays = fc.integer({ min: 0, max: 60 }).map((day) => START + day * DAY);
const onHalfDays = fc.integer({ min: 0, max: 120 }).map((half) => START + (half * DAY) / 2);

const kept = maps.filter((map) => planStages(map).traits.length === 0);

/** What is asked, at an instant. */
type Ask = (nowMs: number) => LifecycleRequest;

const rolling = (last: string, zone = 'UTC', interval = 'DAY' as const): Ask => {
  return () => ({ range: { last, timeZone: zone }, interval });
};
const asks: readonly Ask[] = [
  rolling('P10D'),
  rolling('P1M', 'America/Santiago'),
  rolling('PT36H', 'Asia/Kathmandu'),
  // A range that stands still, with stages of now; and one that grows, with stages of a day in it.
  () => ({ range: { from: new Date(START + 5 * DAY), to: new Date(START + 25 * DAY) }, interval: 'WEEK' }),
  () => ({ range: { from: new Date(START + 2 * DAY) }, at: new Date(START + 30 * DAY), interval: 'MONTH' }),
  () => ({ range: { last: 'P20D' }, where: { property: 'kind', op: 'IS_NOT', values: ['toys'] } }),
];

const steps = fc.array(
  fc.oneof(
    fc.constantFrom(60_000, 3_600_000, DAY / 2, DAY),
    fc.integer({ min: 1, max: 20 }).map((days) => days * DAY),
  ),
  { minLength: 4, maxLength: 4 },
);

/** One answer that is kept, and what it is asked with. */
interface Case {
  readonly map: JourneyMap;
  readonly ask: Ask;
}

interface Asked {
  readonly query: LifecycleQuery;
  readonly scope: CompileScope;
}

function askedAt({ map, ask }: Case, nowMs: number): Asked {
  const scope = compileScope({ nowMs, vocabulary: vocabularyOf(map) });
  const keys = map.lifecycle.map(({ key }) => key);
  return { query: normaliseLifecycle(ask(nowMs), scope, keys), scope };
}

/** A case under way: its stages and its changes. */
class Watched {
  private stages: KeptByHand<StageRow> | null = null;
  private changes: KeptByHand<ChangesRow> | null = null;
  private shapes: readonly (string | undefined)[] = [];

  constructor(
    private readonly told: Case,
    private readonly withChanges: boolean,
  ) {}

  /** Moves on to an instant. What is counted of other facts begins anew, as the program does it. */
  async move(nowMs: number): Promise<void> {
    const { query, scope } = askedAt(this.told, nowMs);
    const stages = compileStages(query, this.told.map, scope).kept;
    const changes = compileHistory(query, this.told.map, scope).kept;
    if (!stages || !changes) throw new Error('Not kept.');
    const shapes = [stages, changes].flatMap(({ shape, facts }) => [shape, facts.shape]);
    const isSame = shapes.join() === this.shapes.join();
    this.shapes = shapes;
    if (isSame) {
      await this.stages?.move(stages, scope);
      await this.changes?.move(changes, scope);
      return;
    }
    this.stages = await KeptByHand.of(engine, stages, scope);
    if (this.withChanges) this.changes = await KeptByHand.of(engine, changes, scope);
  }

  async arrive(arrived: Arrived): Promise<void> {
    await this.stages?.arrive(arrived);
    await this.changes?.arrive(arrived);
  }

  async check(nowMs: number): Promise<void> {
    const { map } = this.told;
    const { query, scope } = askedAt(this.told, nowMs);
    expect(this.stages?.rows()).toEqual(inOrder(await fresh(compileStages(query, map, scope))));
    if (!this.changes) return;
    // A first sight may stand there as two rows, into nobody's stage and out of it; the sums are the same.
    const answer = history(await fresh(compileHistory(query, map, scope)), query, map);
    expect(history(this.changes.rows(), query, map)).toEqual(answer);
  }

  get dues(): number {
    return (this.stages?.dues ?? 0) + (this.changes?.dues ?? 0);
  }
}

async function fresh<Row>(statement: SqlQuery<Row>): Promise<readonly Row[]> {
  return (await engine.query(statement)).rows;
}

function inOrder(rows: readonly StageRow[]): readonly StageRow[] {
  const place = (row: StageRow) => row.stage_from * 65_536 + row.stage_to * 256 + row.stage_at;
  return [...rows].sort((a, b) => place(a) - place(b));
}

let last = '0';

/** Stores events, and says of them what the program is told when they arrive. */
async function storeAndFollow(events: readonly StoredEvent[]): Promise<Arrived> {
  await storeEvents(engine, events);
  const batches = await fresh<{ readonly batch: string }>({
    name: 'test_batches',
    sql: sql`SELECT DISTINCT toString(arrived.batch) AS batch FROM arrived ORDER BY arrived.batch`,
  });
  const newer = batches.map(({ batch }) => batch).filter((batch) => BigInt(batch) > BigInt(last));
  last = newer.at(-1) ?? last;
  return (await fresh(arrivedEvents(newer, false))).map((row) => ({
    key: row.key,
    event: {
      timeMs: row.time_ms,
      event: row.event,
      channel: row.channel,
      amount: row.amount,
      hasRevenue: row.has_revenue === 1,
      hasOrderId: row.has_order_id === 1,
      orderKey: row.order_key,
      sessionKey: row.session_key,
    },
  }));
}

interface Story {
  readonly cases: readonly Case[];
  readonly before: readonly StoredEvent[];
  /** What arrives in the course of time: late, of new customers, at equal times. */
  readonly later: readonly (readonly StoredEvent[])[];
  readonly steps: readonly number[];
  readonly startMs: number;
  readonly withChanges: boolean;
}

/** Returns how often time alone had a customer counted anew. */
async function follow({ cases, before, later, steps, startMs, withChanges }: Story): Promise<number> {
  await emptyStore(engine);
  await storeAndFollow(before);
  const watched = cases.map((told) => new Watched(told, withChanges));
  let nowMs = startMs;
  for (const [i, stepMs] of [0, ...steps].entries()) {
    nowMs += stepMs;
    const arrived = await storeAndFollow(later[i] ?? []);
    await inTurn(watched, 4, async (one) => {
      if (i > 0) await one.arrive(arrived);
      await one.move(nowMs);
      await one.check(nowMs);
    });
  }
  return watched.reduce((sum, { dues }) => sum + dues, 0);
}

let stored = 0;
const named = (events: readonly Omit<StoredEvent, 'id'>[]): readonly StoredEvent[] =>
  events.map((event) => ({ ...event, id: `e${(stored += 1)}` }));

function stories(times: fc.Arbitrary<number>, some: fc.Arbitrary<JourneyMap>) {
  return fc.record({
    cases: fc.array(fc.record({ map: some, ask: fc.constantFrom(...asks) }), { minLength: 8, maxLength: 8 }),
    before: eventsOf(times, 40, 220).map(named),
    later: fc.array(eventsOf(times, 50, 25).map(named), { minLength: 5, maxLength: 5 }),
    steps,
    startMs: fc.integer({ min: 20, max: 130 }).map((half) => START + (half * DAY) / 2),
  });
}

it('equals the statements under maps of any rules, those that look back too, at every step', async () => {
  let dues = 0;
  const property = fc.asyncProperty(stories(onDays, kept), async (story) => {
    dues += await follow({ ...story, withChanges: true });
  });
  await fc.assert(property, { numRuns: 3, endOnFailure: true });
  expect(dues).toBeGreaterThan(0);
});

it('counts each matching event of a month for itself in stages at an instant, as the statement does', async () => {
  const plain = kept.filter((map) => !planStages(map).looksBack);
  const property = fc.asyncProperty(stories(onHalfDays, plain), async (story) => {
    await follow({ ...story, withChanges: false });
  });
  await fc.assert(property, { numRuns: 1, endOnFailure: true });
});

/** Two years instead of two months, in the words of the built-in map. */
const inRetail = (event: StoredEvent): StoredEvent => ({
  ...event,
  timeMs: START + (event.timeMs - START) * 12 + (event.timeMs % 7) * 1000,
  event:
    { view: 'page_viewed', points: 'points_viewed', buy: 'order_completed', return: 'refund' }[event.event] ??
    event.event,
  revenue: event.revenue === null ? null : event.revenue * 10,
});

it('equals the statements under the built-in map, told by each event as it arrives', async () => {
  const ask = { map: retailMap, ask: rolling('P90D', 'Europe/Berlin') };
  expect(ofEventOf(ask, START)).toBeDefined();
  const property = fc.asyncProperty(stories(onDays, fc.constant(retailMap)), async (story) => {
    const cases = [ask, { map: retailMap, ask: rolling('P1Y') }, ...story.cases.slice(0, 3)];
    const steps = story.steps.map((ms) => ms * 6);
    const [before, later] = [story.before.map(inRetail), story.later.map((some) => some.map(inRetail))];
    const startMs = START + (story.startMs - START) * 8;
    expect(await follow({ cases, before, later, steps, startMs, withChanges: true })).toBeGreaterThan(0);
  });
  await fc.assert(property, { numRuns: 2, endOnFailure: true });
});

/** Facts of a customer, but of its first sights only the first. */
function told(facts: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const inOrder = [...facts].sort((a, b) => compare(a, b));
  const isSight = ([first = 0]: readonly number[]): boolean => kindOfFact(first) === KNOWN_BIT;
  const first = inOrder.find(isSight);
  return inOrder.filter((fact) => !isSight(fact) || fact === first);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((number, n) => number !== b[n]);
  return i < 0 ? 0 : (a[i] ?? 0) - (b[i] ?? 0);
}

it('is told the same facts by an event as it arrives as by the events stored', async () => {
  const byName = kept.filter((map) => ofEventOf({ map, ask: rolling('P10D') }, START) !== undefined);
  const story = fc.tuple(stories(onHalfDays, byName), stories(onDays, fc.constant(retailMap)));
  const property = fc.asyncProperty(story, async ([worlds, retail]) => {
    await emptyStore(engine);
    await storeAndFollow([...worlds.before, ...retail.before.map(inRetail)]);
    const cases = [...worlds.cases, { map: retailMap, ask: rolling('P90D') }].map((one) => {
      const { query, scope } = askedAt({ ...one, ask: rolling('P10D') }, worlds.startMs);
      return { statement: compileStages(query, one.map, scope).kept, scope };
    });
    const watched = await Promise.all(
      cases.map(({ statement, scope }) =>
        KeptByHand.of(engine, statement as NonNullable<typeof statement>, scope),
      ),
    );
    const events = [...worlds.later.flat(), ...retail.later.flat().map(inRetail)];
    const arrived = await storeAndFollow(events);
    for (const one of watched) {
      await one.arrive(arrived);
      const read = await one.readAll();
      expect(new Set(read.keys())).toEqual(new Set(one.customers.keys()));
      for (const [key, facts] of read) expect(told(one.customers.get(key)?.facts ?? [])).toEqual(told(facts));
    }
  });
  await fc.assert(property, { numRuns: 2, endOnFailure: true });
});

function ofEventOf(one: Case, nowMs: number) {
  const { query, scope } = askedAt(one, nowMs);
  return compileStages(query, one.map, scope).kept?.facts.ofEvent;
}
