/** The journey, asked of the schema on the real engine, against the oracle over random worlds side by side. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import type { JourneyMap } from '../../server/journey/map.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { storeEvents } from '../support/events.ts';
import { evaluateJourney } from './journey.ts';
import type { OracleName, WalkEvent } from './journey.ts';

const WORLDS = 320;
const HOUR = 3_600_000;
/** Eight hours before clocks in Berlin go forward, and in another year back. */
const SPRING = Date.UTC(2025, 2, 29, 17);
const AUTUMN = Date.UTC(2025, 9, 25, 16);

const EVENTS = ['a', 'b', 'c', 'd', 'e', 'f'];
const stage = (key: string, ...events: string[]) => ({
  key,
  name: key.toUpperCase(),
  color: '#000000',
  description: 'x',
  events,
});
const mapOf = (stages: JourneyMap['stages']): JourneyMap => ({
  stages,
  lifecycle: [],
  orderEvents: ['f'],
  returnEvents: [],
});
/** Few and many stages, one with several events, some that never happen, `z` and mostly `f` in none. */
const MAPS: readonly JourneyMap[] = [
  mapOf([
    stage('one', 'a'),
    stage('two', 'b', 'c'),
    stage('never', 'nothing'),
    stage('three', 'page_viewed', 'd'),
  ]),
  mapOf([stage('last', 'f'), stage('first', 'a', 'page_viewed')]),
  mapOf([stage('only', 'a', 'b', 'page_viewed')]),
  mapOf(
    Array.from({ length: 30 }, (_, i) =>
      stage(`s${i}`, i % 5 === 2 ? (EVENTS[(i - 2) / 5] as string) : `n${i}`),
    ),
  ),
];

const worlds = fc.record({
  events: fc.array(
    fc.record({
      customer: fc.constantFrom('x', 'x', 'y', 'z'),
      event: fc.constantFrom(...EVENTS, 'page_viewed', 'z'),
      time: fc.oneof(
        fc.nat(14).map((h) => h * HOUR),
        fc.nat(14 * HOUR),
      ),
      channel: fc.constantFrom('web', 'web', 'store', ''),
      path: fc.constantFrom(null, '/', '/sale', '/sale/'),
      cents: fc.constantFrom(null, 0, 1250, -300),
    }),
    { maxLength: 18 },
  ),
  start: fc.constantFrom(SPRING, AUTUMN),
  map: fc.constantFrom(...MAPS),
  from: fc.nat(3),
  to: fc.integer({ min: 4, max: 15 }),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin'),
  byChannel: fc.boolean(),
  byAudience: fc.boolean(),
});
type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

const PEOPLE = '{ totalCount nodes { id } }';
const NAMED = '{ name customers events revenue }';
/** All numbers; of some worlds touchpoints, too, and the people of one stage and one flow. */
const QUESTION = `query ($input: JourneyInput!, $stage: String, $from: String, $to: String, $opens: Boolean!) {
  journey(input: $input) {
    stages { stage { key } customers events revenue advanceRate medianSecondsToAdvance
      channels ${NAMED} touchpoints @include(if: $opens) ${NAMED} }
    flows { from to customers moves medianSeconds }
    opened: stages(key: $stage) @include(if: $opens) { members ${PEOPLE} stopped ${PEOPLE} }
    walked: flows(from: $from, to: $to) @include(if: $opens) { members ${PEOPLE} }
  }
}`;

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

it(`agrees on ${WORLDS} histories, in every number and in who is behind it`, async () => {
  const told = fc.sample(worlds, { seed: 11, numRuns: WORLDS });
  const histories = told.map((world, w) => eventsOf(world, w));
  await storeEvents(
    engine,
    histories.flatMap((events, w) => events.map((event, i) => stored(event, w, i))),
  );
  for (let first = 0; first < WORLDS; first += 4) {
    await Promise.all(
      told.slice(first, first + 4).map((world, i) => compare(world, first + i, histories[first + i] ?? [])),
    );
  }
}, 120_000);

interface ToldEvent extends WalkEvent {
  readonly path: string | null;
  readonly hasRevenue: boolean;
}

function eventsOf(world: World, w: number): ToldEvent[] {
  return world.events.map(({ customer, event, time, channel, path, cents }) => ({
    customer: `${w}${customer}`,
    event,
    timeMs: world.start + time,
    channel,
    path,
    touchpoint: event === 'page_viewed' && path ? (path === '/' ? '/' : '/sale') : event,
    cents: cents ?? 0,
    hasRevenue: cents !== null,
  }));
}

function stored(event: ToldEvent, w: number, i: number) {
  return {
    id: `${w}-${i}`,
    customerId: event.customer,
    event: event.event,
    timeMs: event.timeMs,
    channel: event.channel,
    orderId: '',
    sessionId: `w${w}`,
    revenue: event.hasRevenue ? event.cents / 100 : null,
    properties: event.path ? { path: event.path } : {},
  };
}

async function compare(world: World, w: number, events: readonly ToldEvent[]): Promise<void> {
  const [fromMs, toMs] = [world.start + world.from * HOUR, world.start + world.to * HOUR];
  const isWorld = { property: 'sessionId', values: [`w${w}`] };
  const isWeb = { property: 'channel', values: ['web'] };
  const input = {
    range: {
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      timeZone: world.timeZone,
    },
    where: world.byChannel ? { all: [isWorld, isWeb] } : isWorld,
    audience: world.byAudience ? { did: [{ match: { where: isWorld, events: ['a'] } }] } : null,
  };
  const counted = events.filter(
    (event) =>
      event.timeMs >= fromMs &&
      event.timeMs < toMs &&
      (!world.byChannel || event.channel === 'web') &&
      (!world.byAudience || events.some((e) => e.customer === event.customer && e.event === 'a')),
  );
  const expected = evaluateJourney(counted, world.map.stages);
  const opens = w % 4 === 0;
  const opened = w % world.map.stages.length;
  const walked = expected.flows[w % Math.max(expected.flows.length, 1)];
  const { journey } = await askOf(engine, { now: '2026-01-01T00:00:00Z', journeyMap: world.map })<{
    journey: object;
  }>(QUESTION, {
    input,
    opens,
    stage: world.map.stages[opened]?.key,
    from: walked?.from ?? world.map.stages[0]?.key,
    to: walked?.to ?? world.map.stages[0]?.key,
  });
  const names = (list: readonly OracleName[]) =>
    list.map(({ cents, ...name }) => ({ ...name, revenue: cents / 100 }));
  const stages = expected.stages.map(({ members, stopped, cents, medianSeconds, ...summary }, i) => ({
    stage: { key: world.map.stages[i]?.key },
    customers: members.length,
    events: summary.events,
    revenue: cents / 100,
    advanceRate: members.length === 0 ? 0 : (members.length - stopped.length) / members.length,
    medianSecondsToAdvance: medianSeconds,
    channels: names(summary.channels),
    ...(opens ? { touchpoints: names(summary.touchpoints) } : {}),
  }));
  const flows = [...expected.flows]
    .sort((a, b) => b.moves - a.moves || place(world.map, a) - place(world.map, b))
    .map(({ members, ...flow }) => ({ ...flow, customers: members.length }));
  const { members = [], stopped = [] } = expected.stages[opened] ?? {};
  expect(journey, JSON.stringify({ w, input })).toEqual({
    stages,
    flows,
    ...(opens
      ? {
          opened: [{ members: people(members), stopped: people(stopped) }],
          walked: walked ? [{ members: people(walked.members) }] : [],
        }
      : {}),
  });
}

function place({ stages }: JourneyMap, { from, to }: { readonly from: string; readonly to: string }): number {
  const at = (key: string): number => stages.findIndex((stage) => stage.key === key);
  return at(from) * 100 + at(to);
}

function people(ids: readonly string[]): object {
  const nodes = ids.map((id) => ({ id }));
  return { totalCount: ids.length, nodes: expect.arrayContaining(nodes) as unknown };
}
