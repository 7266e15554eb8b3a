/** Stages and changes of stage in SQL, compared with the slow evaluation of the same rules. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { vocabularyOf } from '../../server/journey/map.ts';
import type { JourneyMap } from '../../server/journey/map.ts';
import type { LifecycleRule } from '../../server/journey/rule.ts';
import { stageChanges } from '../../server/journey/stage-changes.sql.ts';
import { stagesAt } from '../../server/journey/stage.sql.ts';
import { param, sql } from '../../server/query/sql.ts';
import { stageAt } from '../oracle/lifecycle.ts';
import type { Person } from '../oracle/lifecycle.ts';
import { testEngine } from '../support/engine.ts';
import { eventRow } from '../support/events.ts';
import { times } from '../support/times.ts';
import { storeTraits } from '../support/traits.ts';
import { DAY, DAYS, START, mapOf, maps, people } from './worlds.ts';

let engine: Engine;
let world = 0;

beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

async function stored(folk: readonly ((id: string) => Person)[]): Promise<readonly Person[]> {
  world += 1;
  const persons = folk.map((person, i) => person(`w${world}-${i}`));
  await engine.insert(
    'events',
    persons.flatMap(({ events }) => events.map(eventRow)),
  );
  const traits = persons.flatMap(({ events, traits }) =>
    traits['tier'] ? [[events[0]?.customerId ?? '', traits] as const] : [],
  );
  if (traits.length > 0) await storeTraits(engine, Object.fromEntries(traits));
  return persons;
}

const ids = (persons: readonly Person[]) => persons.map(({ events }) => events[0]?.customerId ?? '');

function selectionOf(persons: readonly Person[]) {
  const keys = sql`SELECT cityHash64(arrayJoin(${param.strings(ids(persons))}))`;
  return { events: sql`1`, customers: sql`customer_key IN (${keys})` };
}

it('puts each customer in the first stage whose rule holds, at any instants', async () => {
  await fc.assert(
    fc.asyncProperty(
      maps,
      people,
      fc.array(fc.nat(DAYS * 2 + 30), { minLength: 1, maxLength: 3 }),
      async (map, folk, at) => {
        await findsStages(map, folk, at);
      },
    ),
    { numRuns: times(20) },
  );
});

it('finds every change of stage, and nothing between', async () => {
  await fc.assert(
    fc.asyncProperty(maps, people, fc.nat(40), (map, folk, first) => findsChanges(map, folk, first)),
    { numRuns: times(20) },
  );
});

it('finds every change of stage of a map with many more conditions than one number has bits', async () => {
  const rules = Array.from({ length: 40 }, (_, i) => [
    { did: { atLeast: 3 + (i % 4), within: `P${40 - i}D` } },
    { revenue: { atLeast: 200 - i * 5, within: `P${i + 1}D` } },
  ]).flat();
  const [folk = []] = fc.sample(people, { numRuns: 1, seed: 7 });
  await findsChanges(mapOf([...rules, {}]), folk, 20);
});

it('tells stages by more kinds of event than a number has room for', async () => {
  const wheres = [
    undefined,
    { property: 'kind', values: ['shoes'] },
    { property: 'kind', values: ['toys'] },
    { property: 'kind', op: 'IS_SET' as const },
  ];
  const matches = [['view'], ['points'], ['view', 'points']].flatMap((events) =>
    wheres.flatMap((where) =>
      [undefined, ['web']].map(
        (channels) => JSON.parse(JSON.stringify({ events, where, channels })) as object,
      ),
    ),
  );
  const rules: LifecycleRule[] = [
    ...matches.map((match, i) => ({ did: { atLeast: 1 + (i % 3), within: `P${2 + i}D`, match } })),
    { revenue: { atLeast: 60, within: 'P9D' } },
    { orders: { atLeast: 2 } },
    {},
  ];
  const [folk = []] = fc.sample(people, { numRuns: 1, seed: 11 });
  await findsChanges(mapOf(rules), folk, 20);
  await findsStages(mapOf(rules), folk, [30, 61, 90]);
});

async function findsStages(
  map: JourneyMap,
  folk: readonly ((id: string) => Person)[],
  at: readonly number[],
): Promise<void> {
  const persons = await stored(folk);
  const instants = at.map((half) => START + (half * DAY) / 2);
  const scope = { vocabulary: vocabularyOf(map), hasMergedIdentities: false };
  const stages = stagesAt(map, instants, selectionOf(persons), scope);
  const { rows } = await engine.query<{ id: string; stages: number[] }>({
    name: 'test',
    sql: sql`SELECT id, stages FROM (SELECT customer_key, ${stageList(instants.length)} AS stages FROM (${stages}) AS t) AS s
    INNER JOIN (SELECT customer_key, any(customer_id) AS id FROM customers GROUP BY customer_key) AS c USING customer_key`,
  });
  const got = new Map(rows.map((row) => [row.id, row.stages]));
  for (const [i, id] of ids(persons).entries()) {
    const wanted = instants.map((t) => stageAt(map, persons[i] as Person, t));
    expect(got.get(id) ?? instants.map(() => 0)).toEqual(wanted);
  }
}

async function findsChanges(map: JourneyMap, folk: readonly ((id: string) => Person)[], first: number) {
  const persons = await stored(folk);
  const stretch = { fromMs: START + first * DAY, toMs: START + (DAYS + 20) * DAY };
  const scope = { vocabulary: vocabularyOf(map), hasMergedIdentities: false };
  const changes = stageChanges(map, stretch, selectionOf(persons), scope);
  const { rows } = await engine.query<{ id: string; at: number; before: number; after: number }>({
    name: 'test',
    sql: sql`SELECT id, toFloat64(at) AS at, before, after FROM (${changes}) AS s
          INNER JOIN (SELECT customer_key, any(customer_id) AS id FROM customers GROUP BY customer_key) AS c USING customer_key
          ORDER BY id, at`,
  });
  for (const [i, id] of ids(persons).entries()) {
    const own = rows.filter((row) => row.id === id);
    own.forEach((row, n) => expect(row.before).toBe(n === 0 ? 0 : own[n - 1]?.after));
    const halfDays = Array.from({ length: (stretch.toMs - stretch.fromMs) / (DAY / 2) + 1 });
    const instants = halfDays.map((_, n) => stretch.fromMs + (n * DAY) / 2);
    const found = instants.map((t) => own.filter((row) => row.at <= t).at(-1)?.after ?? 0);
    expect(found).toEqual(instants.map((t) => stageAt(map, persons[i] as Person, t)));
  }
}

function stageList(count: number) {
  return count === 1
    ? sql`[stage_0]`
    : count === 2
      ? sql`[stage_0, stage_1]`
      : sql`[stage_0, stage_1, stage_2]`;
}
