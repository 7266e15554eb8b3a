/** Lifecycle answers kept up to date, against the same statements run afresh, while events arrive and time goes on. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { normaliseLifecycle } from '../../server/insights/lifecycle/lifecycle.query.ts';
import type { LifecycleQuery, LifecycleRequest } from '../../server/insights/lifecycle/lifecycle.query.ts';
import { history } from '../../server/insights/lifecycle/lifecycle.result.ts';
import { compileHistory, compileStages } from '../../server/insights/lifecycle/lifecycle.sql.ts';
import type { ChangesRow, StageRow } from '../../server/insights/lifecycle/lifecycle.rows.ts';
import { planStages } from '../../server/journey/conditions.ts';
import { factKinds, KNOWN_BIT } from '../../server/journey/fact-kinds.ts';
import { vocabularyOf } from '../../server/journey/map.ts';
import type { JourneyMap } from '../../server/journey/map.ts';
import { retailMap } from '../../server/journey/retail.ts';
import type { CompileScope } from '../../server/query/events.ts';
import { kindOfFact } from '../../server/query/kept.ts';
import type { SqlQuery } from '../../server/query/statement.ts';
import { DAY, START, maps } from '../journey/worlds.ts';
import { compileScope } from '../support/compile-scope.ts';
import { emptyStore, testEngine } from '../support/engine.ts';
import type { StoredEvent } from '../support/events.ts';
import { inTurn } from '../support/in-turn.ts';
import { storeAndTell } from './arrivals.ts';
import type { Arrival } from './arrivals.ts';
import { KeptByHand } from './kept-by-hand.ts';

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

/** Other rules have no facts: they ask for traits, or for too many kinds of events. */
const kept = maps.filter((map) => {
  const plan = planStages(map);
  return plan.traits.length === 0 && factKinds(plan) !== null;
});

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
  { minLength: 3, maxLength: 3 },
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

const LATER = START + 100 * DAY;

/** A case under way: its stages and its changes. */
class Watched {
  private kept: readonly KeptByHand[] | null = null;

  constructor(
    private readonly told: Case,
    private readonly withChanges: boolean,
  ) {}

  /** At first, what has arrived is what is stored. */
  async check(nowMs: number, arrived: readonly Arrival[]): Promise<void> {
    const { map } = this.told;
    const { query, scope } = askedAt(this.told, nowMs);
    const [stages, changes] = [compileStages(query, map, scope), compileHistory(query, map, scope)];
    const asked = this.withChanges ? [stages, changes] : [stages];
    for (const [i, kept] of this.kept?.entries() ?? []) {
      await kept.arrive(arrived);
      await kept.move(asked.slice(i, i + 1), scope);
    }
    this.kept ??= await Promise.all(
      asked.map((one) => KeptByHand.of(engine, [one], scope, { ahead: arrived })),
    );
    const [stageRows, changesRows] = this.kept.map((kept) => kept.rows()[0]);
    expect(stageRows).toEqual(inOrder(await fresh(stages)));
    if (!this.withChanges) return;
    // A first sight may stand there as two rows, into nobody's stage and out of it; the sums are the same.
    const rows = changesRows as readonly ChangesRow[];
    expect(history(rows, query, map)).toEqual(history(await fresh(changes), query, map));
  }
}

async function fresh<Row>(statement: SqlQuery<Row>): Promise<readonly Row[]> {
  return (await engine.query(statement)).rows;
}

function inOrder(rows: readonly StageRow[]): readonly StageRow[] {
  const place = (row: StageRow) => row.stage_from * 65_536 + row.stage_to * 256 + row.stage_at;
  return [...rows].sort((a, b) => place(a) - place(b));
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

async function follow({ cases, before, later, steps, startMs, withChanges }: Story): Promise<void> {
  await emptyStore(engine);
  const known = await storeAndTell(engine, before);
  const watched = cases.map((told) => new Watched(told, withChanges));
  let nowMs = startMs;
  for (const [i, stepMs] of [0, ...steps].entries()) {
    nowMs += stepMs;
    const arrived = i === 0 ? known : await storeAndTell(engine, later[i - 1] ?? []);
    await inTurn(watched, 4, (one) => one.check(nowMs, arrived));
  }
}

let stored = 0;
const named = (events: readonly Omit<StoredEvent, 'id'>[]): readonly StoredEvent[] =>
  events.map((event) => ({ ...event, id: `e${(stored += 1)}` }));

function stories(times: fc.Arbitrary<number>, some: fc.Arbitrary<JourneyMap>) {
  return fc.record({
    cases: fc.array(fc.record({ map: some, ask: fc.constantFrom(...asks) }), { minLength: 6, maxLength: 6 }),
    before: eventsOf(times, 60, 330).map(named),
    later: fc.array(eventsOf(times, 70, 40).map(named), { minLength: 3, maxLength: 3 }),
    steps,
    startMs: fc.integer({ min: 20, max: 130 }).map((half) => START + (half * DAY) / 2),
  });
}

it('equals the statements under maps of any rules, those that look back too, at every step', async () => {
  const property = fc.asyncProperty(stories(onDays, kept), async (story) => {
    await follow({ ...story, withChanges: true });
  });
  await fc.assert(property, { numRuns: 2, endOnFailure: true });
});

it('counts each matching event of a month for itself in stages at an instant, as the statement does', async () => {
  const plain = kept.filter((map) => !planStages(map).looksBack);
  const property = fc.asyncProperty(stories(onHalfDays, plain), async (story) => {
    await follow({ ...story, withChanges: false });
  });
  await fc.assert(property, { numRuns: 1, endOnFailure: true });
});

it('begins anew where a month back goes back itself', async () => {
  const startMs = Date.UTC(2025, 2, 29, 21);
  const property = fc.asyncProperty(stories(onDays, kept), async (story) => {
    const cases = story.cases.map(({ map }) => ({ map, ask: rolling('P1M') }));
    expect(cases.map((told) => askedAt(told, startMs + DAY / 2).query.range.fromMs)).toEqual(
      cases.map(() => Date.UTC(2025, 1, 28, 9)),
    );
    await follow({ ...story, cases, startMs, steps: [DAY / 2, DAY, DAY], withChanges: true });
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
  expect(ofEventOf(ask, LATER)).toBeDefined();
  const property = fc.asyncProperty(stories(onDays, fc.constant(retailMap)), async (story) => {
    const cases = [ask, { map: retailMap, ask: rolling('P1Y') }, ...story.cases.slice(0, 4)];
    const steps = story.steps.map((ms) => ms * 6);
    const [before, later] = [story.before.map(inRetail), story.later.map((some) => some.map(inRetail))];
    const startMs = START + (story.startMs - START) * 8;
    await follow({ cases, before, later, steps, startMs, withChanges: true });
  });
  await fc.assert(property, { numRuns: 1, endOnFailure: true });
});

/** Facts of a customer, but of its first sights only the first. */
function told(facts: readonly string[]): readonly (readonly number[])[] {
  const inOrder = facts.map((fact) => fact.split(',').map(Number)).sort(compare);
  const isSight = ([first = 0]: readonly number[]): boolean => kindOfFact(first) === KNOWN_BIT;
  const first = inOrder.find(isSight);
  return inOrder.filter((fact) => !isSight(fact) || fact === first);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((number, n) => number !== b[n]);
  return i < 0 ? 0 : (a[i] ?? 0) - (b[i] ?? 0);
}

it('is told the same facts by an event as it arrives as by the events stored', async () => {
  const byName = kept.filter((map) => ofEventOf({ map, ask: rolling('P10D') }, LATER) !== undefined);
  const story = fc.tuple(stories(onHalfDays, byName), stories(onDays, fc.constant(retailMap)));
  const property = fc.asyncProperty(story, async ([worlds, retail]) => {
    await emptyStore(engine);
    await storeAndTell(engine, [...worlds.before, ...retail.before.map(inRetail)]);
    const cases = [...worlds.cases, { map: retailMap, ask: rolling('P90D') }].map((one) => {
      const { query, scope } = askedAt({ ...one, ask: rolling('P10D') }, worlds.startMs);
      return { statement: compileStages(query, one.map, scope), scope };
    });
    const read = () =>
      Promise.all(cases.map(({ statement, scope }) => KeptByHand.of(engine, [statement], scope)));
    const watched = await read();
    const later = [...worlds.later.flat(), ...retail.later.flat().map(inRetail)];
    const arrived = await storeAndTell(engine, later);
    const anew = await read();
    for (const [i, one] of watched.entries()) {
      await one.arrive(arrived);
      const [kept, read] = [one.told(), anew[i]?.told() ?? new Map<string, string[]>()];
      expect([...kept.keys()].sort()).toEqual([...read.keys()].sort());
      for (const [key, facts] of read) expect(told(kept.get(key) ?? [])).toEqual(told(facts));
    }
  });
  await fc.assert(property, { numRuns: 1, endOnFailure: true });
});

function ofEventOf(one: Case, nowMs: number) {
  const { query, scope } = askedAt(one, nowMs);
  return compileStages(query, one.map, scope).kept?.facts.ofEvent;
}
