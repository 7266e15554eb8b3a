/** The journey kept up to date against its statements run anew, over random worlds that change while time goes on. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { normaliseJourney } from '../../server/insights/journey/journey.query.ts';
import { compileStageEvents } from '../../server/insights/journey/stage-events.sql.ts';
import { compileWalk } from '../../server/insights/journey/walk.sql.ts';
import type { CompileScope } from '../../server/query/events.ts';
import type { SqlQuery } from '../../server/query/statement.ts';
import { compileScope } from '../support/compile-scope.ts';
import { testEngine } from '../support/engine.ts';
import type { StoredEvent } from '../support/events.ts';
import { inTurn } from '../support/in-turn.ts';
import { storeAndTell } from './arrivals.ts';
import type { Arrival } from './arrivals.ts';
import { KeptByHand } from './kept-by-hand.ts';

let engine: Engine;
let worlds = 0;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 1);
const LOOKS = 4;

/** Stages by the numbers of their events; 6 is in none of the first. */
const MAPS: readonly (readonly (readonly number[])[])[] = [
  [[0], [1, 2], [7], [3, 4, 5]],
  [[6], [0, 1]],
  Array.from({ length: 30 }, (_, i) => (i % 4 === 2 ? [(i - 2) / 4] : [100 + i])),
];

const question = fc.record({
  map: fc.constantFrom(...MAPS),
  range: fc.constantFrom('last' as const, 'last' as const, 'from' as const, 'to' as const),
  /** Only SQL can tell. */
  isFlagged: fc.constantFrom(false, false, true),
  counts: fc.constantFrom('walk' as const, 'walk' as const, 'stages' as const),
  readsAgain: fc.constantFrom(false, false, true),
  /** Hours; a whole one is an instant at which much happens. */
  looks: fc
    .array(fc.oneof(fc.integer({ min: 3, max: 16 }), fc.double({ min: 3, max: 16, noNaN: true })), {
      minLength: LOOKS,
      maxLength: LOOKS,
    })
    .map((looks) => looks.sort((a, b) => a - b)),
});
const moments = fc.array(
  fc.record({
    customer: fc.constantFrom('x', 'x', 'y', 'z'),
    event: fc.nat(6),
    hour: fc.oneof(fc.nat(14), fc.double({ min: 0, max: 14, noNaN: true })),
    flag: fc.boolean(),
    revenue: fc.option(fc.integer({ min: -50_000, max: 100_000 }).map((n) => n / 10_000)),
    /** Before which look it arrives. */
    arrives: fc.nat(LOOKS - 1),
  }),
  { minLength: 10, maxLength: 60 },
);

/** Worlds that are stored side by side. */
const WORLDS = 20;
const questions = fc.array(fc.tuple(question, moments), { minLength: WORLDS, maxLength: WORLDS });

interface World {
  readonly asked: typeof question extends fc.Arbitrary<infer T> ? T : never;
  readonly events: readonly (StoredEvent & { readonly arrives: number })[];
  readonly name: string;
  readonly scope: CompileScope;
  kept: KeptByHand | null;
}

test('is what the statement says at each look, in 40 worlds', async () => {
  let rows = 0;
  const property = fc.asyncProperty(questions, async (all) => {
    const live = all.map(([asked, moments]): World => ({ asked, ...tell(asked, moments), kept: null }));
    for (let look = 0; look < LOOKS; look += 1) {
      const arrived = await storeAndTell(
        engine,
        live.flatMap(({ events }) => events.filter(({ arrives }) => arrives === look)),
      );
      await inTurn(live, 4, async (world) => {
        const found = await check(world, look, arrived);
        rows += found;
      });
    }
  });
  await fc.assert(property, { numRuns: 2, endOnFailure: true });
  expect(rows).toBeGreaterThan(100);
});

/** How many rows there are. */
async function check(world: World, look: number, stored: readonly Arrival[]): Promise<number> {
  const { asked, scope } = world;
  const nowMs = START + Math.round((asked.looks[look] ?? 0) * HOUR);
  const range = {
    last: { last: 'PT5H' },
    from: { from: new Date(START + 2 * HOUR) },
    to: { from: new Date(START + 2 * HOUR), to: new Date(START + 9 * HOUR) },
  }[asked.range];
  const where = asked.isFlagged ? { property: 'flag', values: ['true'] } : null;
  const query = normaliseJourney({ range, where }, { ...scope, nowMs }, []);
  const statement: SqlQuery<object> =
    asked.counts === 'walk' ? compileWalk(query, scope) : compileStageEvents(query, scope);
  // Events of other worlds are of other names.
  const arrived = stored.filter(({ event }) => event.endsWith(`-${world.name}`));
  const options = { isByRows: asked.readsAgain, ahead: arrived };
  if (world.kept) {
    await world.kept.arrive(arrived);
    expect(await world.kept.move([statement], scope)).toBe(true);
  }
  world.kept ??= await KeptByHand.of(engine, [statement], scope, options);
  const [rows] = world.kept.rows();
  expect(rows).toEqual((await engine.query(statement)).rows);
  if (look === LOOKS - 1) {
    const again = await KeptByHand.of(engine, [statement], scope);
    expect(world.kept.told()).toEqual(again.told());
  }
  return rows?.length ?? 0;
}

/** Every world has events of its own names, so that none is seen in another. */
function tell(asked: World['asked'], told: typeof moments extends fc.Arbitrary<infer T> ? T : never) {
  const world = `j${(worlds += 1)}`;
  const stages = asked.map.map((events, i) => [`s${i}`, events.map((n) => `${n}-${world}`)] as const);
  const events = told.map(({ customer, event, hour, flag, revenue, arrives }, i) => ({
    id: `${world}-${i}`,
    customerId: `${world}-${customer}`,
    event: `${event}-${world}`,
    timeMs: START + Math.round(hour * HOUR),
    channel: '',
    orderId: '',
    sessionId: '',
    revenue,
    properties: { flag },
    arrives,
  }));
  const vocabulary = { stages: new Map(stages), orderEvents: [], returnEvents: [] };
  return { name: world, events, scope: compileScope({ vocabulary }) };
}
