/** Stages at an instant, history, moves and breakdown, asked of the schema, against the oracle in random worlds. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import type { JourneyMap } from '../../server/journey/map.ts';
import { DAY, START, maps, people } from '../journey/worlds.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { inTurn } from '../support/in-turn.ts';
import { times } from '../support/times.ts';
import { beginnings } from './calendar.ts';
import { idOf, storeWorlds } from './lifecycle-world.ts';
import type { World } from './lifecycle-world.ts';
import { groupOf, stageAt } from './lifecycle.ts';
import type { Person } from './lifecycle.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const MEMBERS = 'members(first: 1000) { totalCount nodes { id } }';
const SHARE = 'stage { key } customers share revenue change';
/** With the key of a stage its lists are opened, those of moves into it and of its part of each group. */
const question = (breaksDown: boolean, opened: string | null) => {
  const key = opened ? `(key: "${opened}")` : '';
  const lists = opened
    ? `opened: stages${key} { ${SHARE} ${MEMBERS} } entered: transitions(to: "${opened}") { from to customers ${MEMBERS} }`
    : '';
  const groups = `breakdown { values isOther stages { ${SHARE} } ${opened ? `opened: stages${key} { ${SHARE} ${MEMBERS} }` : ''} }`;
  return `query ($input: LifecycleInput!) { lifecycle(input: $input) {
  stages { ${SHARE} } transitions { from to customers } history { at stages { stage customers } }
  ${lists} ${breaksDown ? groups : ''} } }`;
};

interface Members {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string }[];
}
interface Share {
  readonly stage: { readonly key: string };
  readonly customers: number;
  readonly share: number;
  readonly revenue: number;
  readonly change: number;
  readonly members?: Members;
}
interface Transition {
  readonly from: string | null;
  readonly to: string;
  readonly customers: number;
  readonly members?: Members;
}
interface Lifecycle {
  readonly stages: readonly Share[];
  readonly opened?: readonly Share[];
  readonly transitions: readonly Transition[];
  readonly entered?: readonly Transition[];
  readonly history: readonly {
    readonly at: string;
    readonly stages: readonly { readonly stage: string; readonly customers: number }[];
  }[];
  readonly breakdown?: readonly {
    readonly values: readonly string[];
    readonly isOther: boolean;
    readonly stages: readonly Share[];
    readonly opened?: readonly Share[];
  }[];
}

const LENGTHS = { HOUR: 2, DAY: 30, WEEK: 50, MONTH: 80, QUARTER: 80, YEAR: 80 } as const;

const asked = fc.record({
  /** Days from the first possible event; also before all of them, and long after. */
  from: fc.integer({ min: -10, max: 70 }),
  at: fc.integer({ min: -15, max: 160 }),
  halfDays: fc.boolean(),
  interval: fc.constantFrom(...(['HOUR', 'DAY', 'WEEK', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const)),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'America/Santiago'),
  weekStart: fc.constantFrom(...(['MONDAY', 'SUNDAY', 'SATURDAY'] as const)),
  breakdown: fc.record({
    properties: fc.constantFrom(['kind'], ['tier'], ['kind', 'channel']),
    of: fc.constantFrom('EVENT', 'CUSTOMER'),
    attribution: fc.constantFrom('FIRST_TOUCH', 'LAST_TOUCH'),
    limit: fc.integer({ min: 1, max: 4 }),
  }),
  breaksDown: fc.constantFrom(true, false, false),
  /** Position of the stage whose lists are opened; mostly none. */
  opens: fc.oneof(
    { arbitrary: fc.constant(null), weight: 7 },
    { arbitrary: fc.constantFrom(0, 1, 5), weight: 1 },
  ),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

/** Worlds that are stored side by side. */
const WORLDS = 20;
const worlds = fc.array(fc.tuple(maps, people, asked), { minLength: WORLDS, maxLength: WORLDS });

it('agrees with the oracle in stages, history, moves and groups, in random worlds with maps of their own', async () => {
  const property = fc.asyncProperty(worlds, async (questions) => {
    const stored = await storeWorlds(
      engine,
      questions.map(([, folk]) => ({ folk: folk.slice(0, 8), shiftMs: 0 })),
    );
    await inTurn(questions, 4, ([map, , ask], i) => check(map, ask, stored[i] as World));
  });
  await fc.assert(property, { numRuns: times(7), endOnFailure: true });
}, 600_000);

async function check(map: JourneyMap, ask: Asked, { persons, audience }: World): Promise<void> {
  const fromMs = START + ask.from * DAY + (ask.halfDays ? DAY / 2 : 3_600_000);
  const toMs = fromMs + LENGTHS[ask.interval] * DAY;
  const atMs = START + ask.at * DAY + (ask.halfDays ? DAY / 2 : 0);
  const { interval, breakdown, timeZone, weekStart } = ask;
  const range = { from: new Date(fromMs), to: new Date(toMs), timeZone, weekStart };
  const options = { now: START, journeyMap: map, hasMergedIdentities: true };
  const { lifecycle } = await askOf(engine, options)<{ lifecycle: Lifecycle }>(
    question(ask.breaksDown, ask.opens === null ? null : (map.lifecycle[ask.opens]?.key ?? 's0')),
    { input: { at: new Date(atMs), range, interval, audience, breakdown } },
  );
  const told = { map, persons, fromMs, toMs, atMs };
  checkStages(lifecycle.stages, told, persons);
  checkLists(lifecycle.opened, told, persons);
  checkHistory(lifecycle.history, told, ask);
  checkMoves(lifecycle, told);
  if (lifecycle.breakdown) checkGroups(lifecycle.stages, lifecycle.breakdown, told, ask.breakdown);
}

interface Told {
  readonly map: JourneyMap;
  readonly persons: readonly Person[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly atMs: number;
}

const idsIn = (members: Members) => members.nodes.map(({ id }) => id).sort();
const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);

function checkStages(stages: readonly Share[], { map, fromMs, atMs }: Told, persons: readonly Person[]) {
  const isIn = (person: Person, i: number, t: number) => stageAt(map, person, t) === i + 1;
  const known = persons.filter((person) => stageAt(map, person, atMs) > 0).length;
  stages.forEach(({ stage, customers, share, revenue, change }, i) => {
    const own = persons.filter((person) => isIn(person, i, atMs));
    const spent = own.flatMap(({ events }) =>
      events.filter(({ timeMs }) => timeMs <= atMs).map((event) => event.revenue ?? 0),
    );
    expect({ key: stage.key, customers, share }).toEqual({
      key: `s${i}`,
      customers: own.length,
      share: known === 0 ? 0 : own.length / known,
    });
    expect(revenue).toBeCloseTo(sum(spent), 6);
    expect(change).toBe(own.length - persons.filter((person) => isIn(person, i, fromMs)).length);
  });
  expect(stages.length).toBe(map.lifecycle.length);
  expect(sum(stages.map(({ customers }) => customers))).toBe(known);
}

function checkLists(stages: readonly Share[] = [], { map, atMs }: Told, persons: readonly Person[]) {
  for (const { stage, customers, members } of stages) {
    const number = map.lifecycle.findIndex(({ key }) => key === stage.key) + 1;
    const own = persons.filter((person) => stageAt(map, person, atMs) === number);
    expect(members && idsIn(members)).toEqual(own.map(idOf).sort());
    expect(members?.totalCount).toBe(customers);
  }
}

function checkHistory(history: Lifecycle['history'], told: Told, { interval, timeZone, weekStart }: Asked) {
  const { map, persons, fromMs, toMs } = told;
  const starts = beginnings(fromMs, toMs, { interval, timeZone, weekStart }).filter((at) => at < toMs);
  expect(history.map(({ at }) => Date.parse(at))).toEqual([fromMs, ...starts, toMs]);
  for (const { at, stages } of history) {
    const numbers = persons.map((person) => stageAt(map, person, Date.parse(at)));
    const wanted = map.lifecycle.map(({ key }, i) => ({
      stage: key,
      customers: numbers.filter((stage) => stage === i + 1).length,
    }));
    expect({ at, stages }).toEqual({ at, stages: wanted });
  }
}

function checkMoves({ transitions, entered = [] }: Lifecycle, { map, persons, fromMs, toMs }: Told) {
  const keyOf = (stage: number) => map.lifecycle[stage - 1]?.key ?? null;
  const moved = (person: Person) =>
    [fromMs, toMs].map((t) => keyOf(stageAt(map, person, t))) as [string | null, string | null];
  for (const { from, to, customers, members } of [...transitions, ...entered]) {
    const own = persons.filter((person) => moved(person).join() === [from, to].join());
    expect(customers).toBe(own.length);
    if (members) expect(idsIn(members)).toEqual(own.map(idOf).sort());
  }
  const known = persons.filter((person) => moved(person)[1] !== null);
  expect(sum(transitions.map(({ customers }) => customers))).toBe(known.length);
}

/** Each customer in one group; the groups add up to the whole, stage by stage. */
function checkGroups(
  stages: readonly Share[],
  breakdown: NonNullable<Lifecycle['breakdown']>,
  told: Told,
  asked: Asked['breakdown'],
) {
  const { map, persons, atMs, fromMs } = told;
  const seen = persons.filter((person) => stageAt(map, person, Math.max(atMs, fromMs)) > 0);
  const valueOf = (person: Person) => JSON.stringify(groupOf(person, asked, atMs));
  const sizeOf = (value: string) =>
    seen.filter((person) => valueOf(person) === value && stageAt(map, person, atMs) > 0).length;
  const unset = JSON.stringify(asked.properties.map(() => ''));
  const values = [...new Set(seen.map(valueOf))].sort().sort((a, b) => sizeOf(b) - sizeOf(a));
  const fits = values.length <= asked.limit;
  const kept = fits ? values : values.filter((value) => value !== unset).slice(0, asked.limit);
  expect(breakdown.map((group) => (group.isOther ? null : JSON.stringify(group.values)))).toEqual(
    fits ? kept : [...kept, null],
  );
  breakdown.forEach((group, i) => {
    const isOwn = (person: Person) =>
      group.isOther ? !kept.includes(valueOf(person)) : valueOf(person) === kept[i];
    checkStages(group.stages, told, persons.filter(isOwn));
    checkLists(group.opened, told, persons.filter(isOwn));
  });
  stages.forEach((stage, i) => {
    const parts = breakdown.map((group) => group.stages[i]);
    expect(sum(parts.map((part) => part?.customers ?? 0))).toBe(stage.customers);
    expect(sum(parts.map((part) => part?.change ?? 0))).toBe(stage.change);
    expect(sum(parts.map((part) => part?.revenue ?? 0))).toBeCloseTo(stage.revenue, 6);
  });
}
