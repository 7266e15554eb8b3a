/** Churn, asked of the schema on the real engine, against stages taken one customer and instant at a time. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import type { JourneyMap } from '../../server/journey/map.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';
import type { StoredEvent } from '../support/events.ts';
import { stageAt } from './lifecycle.ts';

const DAY = 86_400_000;
const START = Date.parse('2023-01-01T00:00:00Z');
const lost = retailMap.lifecycle.findIndex((stage) => stage.isLost) + 1;
/** Lost by the calendar, which only going through each customer's stages tells. */
const byCalendar: JourneyMap = {
  ...retailMap,
  lifecycle: retailMap.lifecycle.map((stage) =>
    stage.isLost ? { ...stage, rule: { noOrderFor: 'P12M' } } : stage,
  ),
};

const worlds = fc.record({
  people: fc.array(
    fc.array(fc.record({ day: fc.nat(1000), orders: fc.boolean() }), { minLength: 1, maxLength: 4 }),
    { minLength: 1, maxLength: 12 },
  ),
  from: fc.integer({ min: 40, max: 180 }),
  weeks: fc.integer({ min: 1, max: 12 }),
});

/** Which of them had ordered and were not lost at the start, and which of those were lost at the end, by place. */
function lostOf(
  map: JourneyMap,
  people: readonly (readonly StoredEvent[])[],
  fromMs: number,
  toMs: number,
): { before: readonly number[]; lost: readonly number[] } {
  const isLostAt = (events: readonly StoredEvent[], at: number): boolean =>
    stageAt(map, { events, traits: {} }, at) === lost;
  const before = people.flatMap((events, i) =>
    events.some((event) => event.event === 'purchase' && event.timeMs < fromMs) && !isLostAt(events, fromMs)
      ? [i]
      : [],
  );
  return { before, lost: before.filter((i) => isLostAt(people[i] ?? [], toMs)) };
}

function churnOf(...asked: Parameters<typeof lostOf>): number | null {
  const found = lostOf(...asked);
  return found.before.length === 0 ? null : found.lost.length / found.before.length;
}

let engine: Engine;
let told = 0;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const own = (world: string): object => ({ property: 'customerId', op: 'STARTS_WITH', values: [world] });

it.each([
  ['no order for so many days', retailMap],
  ['no order for so many months', byCalendar],
])(
  'agrees with the oracle in value, previous, every interval and who was lost, 25 times: %s',
  async (_, journeyMap) => {
    await fc.assert(
      fc.asyncProperty(worlds, async ({ people, from, weeks }) => {
        const world = `w${(told += 1)}-`;
        const stories = people.map((moments, i) =>
          moments.reduce(
            (story, { day, orders }) =>
              story.did(orders ? 'purchase' : 'page_viewed', START + day * DAY + DAY / 2),
            customer(`${world}${i}`),
          ),
        );
        await storeEvents(engine, stories);
        const lives = stories.map((story) => [...story]);
        // 2023-01-01 was a Sunday: whole weeks, so that intervals and range begin and end together.
        const fromMs = START + from * 7 * DAY;
        const toMs = fromMs + weeks * 7 * DAY;
        const range = {
          from: new Date(fromMs).toISOString(),
          to: new Date(toMs).toISOString(),
          weekStart: 'SUNDAY',
        };
        const { overview } = await askOf(engine, { now: START + 9000 * DAY, journeyMap })<{
          overview: {
            churnRate: { value: number; previous: number | null; series: { value: number }[] };
            members: { totalCount: number; nodes: { id: string }[] };
          };
        }>(
          `query ($input: OverviewInput!) {
          overview(input: $input) {
            churnRate { value previous series { value } }
            members(who: CHURNED) { totalCount nodes { id } }
          }
        }`,
          { input: { range, interval: 'WEEK', audience: { where: own(world) } } },
        );
        const intervals = Array.from({ length: weeks }, (_, i) => fromMs + i * 7 * DAY);
        expect(overview.churnRate).toEqual({
          value: churnOf(journeyMap, lives, fromMs, toMs) ?? 0,
          previous: churnOf(journeyMap, lives, fromMs - (toMs - fromMs), fromMs),
          series: intervals.map((at) => ({ value: churnOf(journeyMap, lives, at, at + 7 * DAY) ?? 0 })),
        });
        const gone = lostOf(journeyMap, lives, fromMs, toMs).lost.map((i) => `${world}${i}`);
        expect(overview.members.totalCount).toBe(gone.length);
        expect(overview.members.nodes.map(({ id }) => id).sort()).toEqual(gone.sort());
      }),
      { numRuns: 25 },
    );
  },
  240_000,
);
