/** Recency, frequency and monetary value, asked of the schema, against the oracle over random worlds. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { storeEvents } from '../support/events.ts';
import { inTurn } from '../support/in-turn.ts';
import { scoresOf } from './rfm.ts';
import type { RfmEvent, RfmSpan, Scored } from './rfm.ts';

let engine: Engine;
let worlds = 0;
const stored: RfmEvent[] = [];
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const NOW = START + 60 * DAY;
const journeyMap = { stages: [], lifecycle: [], orderEvents: ['purchase'], returnEvents: ['return'] };

const ask = fc.record({
  at: fc.option(fc.integer({ min: 12, max: 60 })),
  /** In days from the start. */
  range: fc.option(
    fc.record({ from: fc.integer({ min: 0, max: 12 }), length: fc.integer({ min: 1, max: 60 }) }),
  ),
  /** Which of the lists is opened, and whether the people in it tell their own scores. */
  opens: fc.constantFrom('segment' as const, 'cell' as const, null, null),
  tells: fc.constantFrom(true, false, false, false),
  segment: fc.constantFrom('champions', 'loyal', 'active', 'new', 'at risk', 'dormant', 'prospects'),
  cell: fc.record({ recency: fc.integer({ min: 1, max: 5 }), frequency: fc.integer({ min: 1, max: 5 }) }),
});
const moments = fc.array(
  fc.record({
    customer: fc.integer({ min: 0, max: 11 }),
    event: fc.constantFrom('visit' as const, 'purchase' as const, 'purchase' as const, 'return' as const),
    /** In days, so that last orders meet. */
    at: fc.integer({ min: -5, max: 61 }),
    order: fc.constantFrom('', '', 'a', 'b'),
    cents: fc.option(fc.constantFrom(-500, 0, 500, 500, 1000, 1999)),
  }),
  { maxLength: 30, size: 'max' },
);
type Asked = typeof ask extends fc.Arbitrary<infer T> ? T : never;

interface People {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string; readonly rfm?: object | null }[];
}
interface Answer {
  readonly segments: readonly {
    readonly name: string;
    readonly customers: number;
    readonly share: number;
    readonly revenue: number;
  }[];
  readonly cells: readonly {
    readonly recency: number;
    readonly frequency: number;
    readonly customers: number;
    readonly averageMonetary: number;
  }[];
  readonly segment?: readonly { readonly members: People }[];
  readonly cell?: readonly { readonly members: People }[];
}

it('has the scores, segments, cells and people that plain counting has, for 300 histories', async () => {
  const batch = fc.array(fc.tuple(ask, moments), { minLength: 30, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(batch, async (told) => {
      const histories = told.map(([asked, story]) => {
        const world = `w${(worlds += 1)}`;
        const events = story.map(({ customer, event, at, order, cents }, i): RfmEvent => ({
          id: `${world}-${i}`,
          customer: `${world}-${customer}`,
          event,
          timeMs: START + at * DAY,
          orderId: order,
          cents,
        }));
        return { asked, world, events };
      });
      await store(histories.flatMap(({ events }) => events));
      const isTold = histories.some(({ asked }) => asked.opens !== null && asked.tells);
      const everybody = isTold ? scoresOf(stored, { atMs: NOW, range: null }) : [];
      await inTurn(histories, 5, ({ asked, world, events }) => expectScores(asked, world, events, everybody));
    }),
    { numRuns: 10 },
  );
}, 240_000);

async function store(events: readonly RfmEvent[]): Promise<void> {
  stored.push(...events);
  await storeEvents(
    engine,
    events.map(({ customer, cents, ...event }) => ({
      ...event,
      customerId: customer,
      channel: '',
      sessionId: '',
      revenue: cents === null ? null : cents / 100,
      properties: { world: customer.split('-')[0] },
    })),
  );
}

async function expectScores(
  asked: Asked,
  world: string,
  events: readonly RfmEvent[],
  everybody: readonly Scored[],
): Promise<void> {
  const range = asked.range && {
    fromMs: START + asked.range.from * DAY,
    toMs: START + (asked.range.from + asked.range.length) * DAY,
  };
  const atMs = asked.at === null ? Math.min(range?.toMs ?? NOW, NOW) : START + asked.at * DAY;
  const span: RfmSpan = { atMs, range };
  const iso = (ms: number): string => new Date(ms).toISOString();
  const answer = await askOf(engine, { now: NOW, journeyMap })<{ rfm: Answer }>(
    `query ($input: RfmInput!, $name: String, $recency: Int, $frequency: Int, $inSegment: Boolean!, $inCell: Boolean!, $tells: Boolean!) { rfm(input: $input) {
      segments { name customers share revenue }
      cells { recency frequency customers averageMonetary }
      segment: segments(name: $name) @include(if: $inSegment) { members { ...people } }
      cell: cells(recency: $recency, frequency: $frequency) @include(if: $inCell) { members { ...people } }
    } }
    fragment people on CustomerConnection { totalCount nodes { id rfm @include(if: $tells) { recencyDays frequency monetary r f m segment } } }`,
    {
      name: asked.segment,
      inSegment: asked.opens === 'segment',
      inCell: asked.opens === 'cell',
      tells: asked.tells,
      ...asked.cell,
      input: {
        at: asked.at === null ? null : iso(atMs),
        range: range && { from: iso(range.fromMs), to: iso(range.toMs) },
        audience: { did: [{ match: { where: { property: 'world', values: [world] } } }] },
      },
    },
  );
  const scores = scoresOf(events, span);
  expectNumbers(answer.rfm, scores);
  const inSegment = scores.filter(({ segment }) => segment === asked.segment);
  if (asked.opens === 'segment') expectPeople(answer.rfm.segment?.[0]?.members, inSegment, everybody);
  const { recency, frequency } = asked.cell;
  const inCell = scores.filter(({ r, f }) => r === recency && f === frequency);
  if (asked.opens === 'cell') expectPeople(answer.rfm.cell?.[0]?.members, inCell, everybody);
}

function expectNumbers({ segments, cells }: Answer, scores: readonly Scored[]): void {
  expect(segments).toHaveLength(11);
  expect(cells).toHaveLength(25);
  const sum = (own: readonly Scored[]): number => own.reduce((total, { monetary }) => total + monetary, 0);
  for (const { name, customers, share, revenue } of segments) {
    const own = scores.filter(({ segment }) => segment === name);
    expect({ name, customers }).toEqual({ name, customers: own.length });
    expect(share).toBeCloseTo(scores.length === 0 ? 0 : own.length / scores.length, 12);
    expect(revenue).toBeCloseTo(sum(own), 8);
  }
  for (const { recency, frequency, customers, averageMonetary } of cells) {
    const own = scores.filter(({ r, f }) => r === recency && f === frequency);
    expect({ recency, frequency, customers }).toEqual({ recency, frequency, customers: own.length });
    expect(averageMonetary).toBeCloseTo(own.length === 0 ? 0 : sum(own) / own.length, 8);
  }
}

/** A customer's own scores are among everybody's, all worlds together. */
function expectPeople(
  people: People | undefined,
  expected: readonly Scored[],
  everybody: readonly Scored[],
): void {
  expect(people?.totalCount).toBe(expected.length);
  expect(people?.nodes.map(({ id }) => id).sort()).toEqual(expected.map(({ customer }) => customer).sort());
  for (const { id, rfm } of people?.nodes ?? []) {
    if (rfm === undefined) continue;
    const { customer: _, ...own } = everybody.find(({ customer }) => customer === id) as Scored;
    expect(rfm).toEqual(own.recencyDays === null ? null : own);
  }
}
