/** The journey kept up to date against its statements run anew, over random worlds that change while time goes on. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { normaliseJourney } from '../../server/insights/journey/journey.query.ts';
import { compileStageEvents } from '../../server/insights/journey/stage-events.sql.ts';
import { compileWalk } from '../../server/insights/journey/walk.sql.ts';
import type { CompileScope } from '../../server/query/events.ts';
import { keyedBy } from '../../server/query/keyed.ts';
import type { SqlQuery } from '../../server/query/statement.ts';
import { compileScope } from '../support/compile-scope.ts';
import { testEngine } from '../support/engine.ts';
import { storeEvents } from '../support/events.ts';
import type { StoredEvent } from '../support/events.ts';
import { inTurn } from '../support/in-turn.ts';
import { arrivalOf, KeptByHand, keysOf } from './kept-by-hand.ts';

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
  readonly scope: CompileScope;
  readonly kept: KeptByHand<object>;
}

test('is what the statement says at each look, in 60 worlds', async () => {
  let rows = 0;
  const property = fc.asyncProperty(questions, async (all) => {
    const told = all.map(([asked, moments]) => ({ asked, ...tell(asked, moments) }));
    const keys = await keysOf(
      engine,
      told.flatMap(({ events }) => events),
    );
    const live = told.map((world): World => ({ ...world, kept: newlyRead(world, keys) }));
    for (let look = 0; look < LOOKS; look += 1) {
      await storeEvents(
        engine,
        live.flatMap(({ events }) => events.filter(({ arrives }) => arrives === look)),
      );
      await inTurn(live, 5, async (world) => {
        const found = await check(world, look, keys);
        rows += found;
      });
    }
  });
  await fc.assert(property, { numRuns: 60 / WORLDS, endOnFailure: true });
  expect(rows).toBeGreaterThan(200);
}, 300_000);

/** How many rows there are. */
async function check(
  { asked, events, scope, kept }: World,
  look: number,
  keys: ReadonlyMap<string, string>,
): Promise<number> {
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
  if (!statement.kept) throw new Error('this one is not kept');
  const arrived = events.filter(({ arrives }) => arrives === look);
  await kept.take(
    arrived.map((event) => arrivalOf(event, keys)),
    asked.readsAgain,
  );
  const rows = await kept.rows(statement.kept);
  expect(rows).toEqual((await engine.query(statement)).rows);
  if (look === LOOKS - 1) {
    const again = newlyRead({ events, scope }, keys);
    await again.rows(statement.kept);
    expect(kept.facts()).toEqual(again.facts());
  }
  return rows.length;
}

function newlyRead(
  { events, scope }: Pick<World, 'events' | 'scope'>,
  keys: ReadonlyMap<string, string>,
): KeptByHand<object> {
  const own = [...new Set(events.map(({ customerId }) => keys.get(customerId) ?? '0'))];
  return new KeptByHand(engine, scope, keyedBy(own));
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
  return { events, scope: compileScope({ vocabulary }) };
}
