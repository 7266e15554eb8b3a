/** Growth, asked of the schema, against the oracle in random worlds around changes of the clock. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { DAY, DAYS, START, mapOf, people } from '../journey/worlds.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { inTurn } from '../support/in-turn.ts';
import { times } from '../support/times.ts';
import { beginnings } from './calendar.ts';
import type { Calendar } from './calendar.ts';
import { idOf, storeWorlds } from './lifecycle-world.ts';
import type { World } from './lifecycle-world.ts';
import { growthOf } from './lifecycle.ts';
import type { GrowthPeople, Person } from './lifecycle.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const STATUSES = ['new', 'returning', 'resurrecting', 'dormant'] as const;
const MEMBERS = STATUSES.map(
  (status) => `${status}Members: members(status: ${status.toUpperCase()}) { nodes { id } }`,
).join(' ');
const question = (members: string) => `query ($input: LifecycleInput!) { lifecycle(input: $input) {
  growth { start ${STATUSES.join(' ')} complete ${members} } } }`;

type Point = Record<(typeof STATUSES)[number], number> & {
  readonly start: string;
  readonly complete: boolean;
} & Partial<Record<`${(typeof STATUSES)[number]}Members`, { readonly nodes: readonly { id: string }[] }>>;

const asked = fc.record({
  /** Where the worlds' sixty days begin: clocks go forward and back in them, at midnight too. */
  start: fc.constantFrom('2025-01-20', '2025-02-20', '2025-09-15', '2018-09-20', '2018-01-20', '2024-12-10'),
  timeZone: fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'America/Sao_Paulo',
    'America/Santiago',
    'Australia/Sydney',
  ),
  weekStart: fc.constantFrom('MONDAY' as const, 'SUNDAY' as const, 'SATURDAY' as const),
  interval: fc.constantFrom(
    'HOUR' as const,
    'DAY' as const,
    'DAY' as const,
    'WEEK' as const,
    'WEEK' as const,
    'MONTH' as const,
    'QUARTER' as const,
    'YEAR' as const,
  ),
  from: fc.integer({ min: -5, max: DAYS + 10 }),
  days: fc.integer({ min: 1, max: 50 }),
  /** In days: when a customer was created, where a trait says so. */
  births: fc.array(fc.option(fc.nat(DAYS), { nil: undefined }), { minLength: 8, maxLength: 8 }),
  activity: fc.constantFrom(null, ['buy', 'view'], ['points'], ['never']),
  where: fc.constantFrom(null, { property: 'kind', values: ['shoes'] }),
  opensLists: fc.constantFrom(true, false, false, false),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

/** Worlds that are stored side by side. */
const WORLDS = 20;
const worlds = fc.array(fc.tuple(people, asked), { minLength: WORLDS, maxLength: WORLDS });

it('agrees with the oracle in every interval, in random worlds with both changes of the clock', async () => {
  const property = fc.asyncProperty(worlds, async (questions) => {
    const stored = await storeWorlds(
      engine,
      questions.map(([folk, ask]) => ({
        folk: folk.slice(0, 8).map((person, i) => withBirth(person, ask.births[i], baseOf(ask))),
        shiftMs: baseOf(ask) - START,
      })),
    );
    await inTurn(questions, 4, ([, ask], i) => check(ask, stored[i] as World));
  });
  await fc.assert(property, { numRuns: times(7), endOnFailure: true });
}, 600_000);

const baseOf = ({ start }: Asked): number => Date.parse(`${start}T00:00:00Z`);

async function check(ask: Asked, { persons, audience }: World): Promise<void> {
  const fromMs = baseOf(ask) + ask.from * DAY + 3_600_000;
  const toMs = fromMs + (ask.interval === 'HOUR' ? 2 : ask.days) * DAY;
  const nowMs = baseOf(ask) + (ask.from + 20) * DAY;
  const { timeZone, weekStart, interval, where } = ask;
  const range = { from: new Date(fromMs), to: new Date(toMs), timeZone, weekStart };
  const activity = ask.activity && { events: ask.activity };
  const options = { now: nowMs, journeyMap: mapOf([{}]), hasMergedIdentities: true };
  const opensLists = ask.opensLists && toMs - fromMs < 20 * DAY && interval !== 'HOUR';
  const { lifecycle } = await askOf(engine, options)<{ lifecycle: { growth: Point[] } }>(
    question(opensLists ? MEMBERS : ''),
    { input: { range, interval, activity, audience, where } },
  );
  const { starts, wanted } = expected(ask, persons, fromMs, toMs);
  expect(lifecycle.growth).toHaveLength(wanted.length);
  lifecycle.growth.forEach((point, i) => {
    const end = starts[i + 2] ?? 0;
    const sizes = STATUSES.map((status) => [status, wanted[i]?.[status].length]);
    expect(point).toMatchObject({
      start: new Date(starts[i + 1] ?? 0).toISOString(),
      complete: end <= nowMs,
      ...(Object.fromEntries(sizes) as Record<string, number>),
    });
    if (!opensLists) return;
    for (const status of STATUSES) {
      const ids = point[`${status}Members`]?.nodes.map(({ id }) => id).sort();
      expect(ids).toEqual(wanted[i]?.[status].map(idOf).sort());
    }
  });
}

function withBirth(person: (id: string) => Person, day: number | undefined, baseMs: number) {
  const traits =
    day === undefined ? {} : { created_at: new Date(baseMs + day * DAY + DAY / 2).toISOString() };
  return (id: string): Person => ({ ...person(id), traits: traits as Record<string, string> });
}

/** The intervals that touch the range, with one before and one after; and who is what in each. */
function expected(ask: Asked, persons: readonly Person[], fromMs: number, toMs: number) {
  const calendar: Calendar = ask;
  const around = beginnings(fromMs - 2 * reach(ask), toMs + reach(ask), calendar);
  const first = around.findLastIndex((start) => start <= fromMs);
  const after = around.findIndex((start) => start >= toMs);
  const starts = around.slice(first - 1, after + 1);
  const wanted: readonly GrowthPeople[] = growthOf(persons, starts, (event) => {
    const isNamed = ask.activity === null || (ask.activity as readonly string[]).includes(event.event);
    return isNamed && (ask.where === null || event.properties['kind'] === 'shoes');
  });
  return { starts, wanted };
}

const reach = ({ interval }: Asked): number =>
  ({ HOUR: 1, DAY: 3, WEEK: 10, MONTH: 40, QUARTER: 100, YEAR: 400 })[interval] * DAY;
