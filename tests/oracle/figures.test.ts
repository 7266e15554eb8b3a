/** Metric and overview, asked of the schema on the real engine, against the oracle over random worlds. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { MEASURES } from '../../server/insights/metric/metric.query.ts';
import { addIntervals, startOfInterval } from '../../server/query/period.ts';
import type { Interval } from '../../server/query/period.ts';
import type { WeekStart } from '../../server/query/time-range.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { storeEvents } from '../support/events.ts';
import { inTurn } from '../support/in-turn.ts';
import { times } from '../support/times.ts';
import { groupsByMeasure, keyFiguresOf, measuresOf } from './figures.ts';
import type { FigureEvent, GroupFigures, Span } from './figures.ts';

let engine: Engine;
let worlds = 0;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const INTERVALS = ['HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'] as const satisfies Interval[];
const question = fc.record({
  day: fc.constantFrom('2017-10-15', '2018-02-18', '2025-03-30', '2025-10-26', '2024-12-30'),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'America/Sao_Paulo'),
  weekStart: fc.constantFrom<WeekStart>('MONDAY', 'SUNDAY', 'SATURDAY'),
  interval: fc.constantFrom(...INTERVALS),
  rows: fc.integer({ min: 1, max: 5 }),
  /** Shares of an interval that the range begins and ends late and early. */
  late: fc.constantFrom(0, 0, 0.4),
  early: fc.constantFrom(0, 0, 0.3),
  /** The world is told apart by a filter on events, or by an audience with every event counted. */
  byAudience: fc.boolean(),
  limit: fc.integer({ min: 1, max: 4 }),
  measures: fc.shuffledSubarray([...MEASURES], { minLength: 2, maxLength: 2 }),
});

const moments = fc.array(
  fc.record({
    customer: fc.integer({ min: 0, max: 4 }),
    event: fc.constantFrom('page_view' as const, 'purchase' as const, 'purchase' as const, 'return' as const),
    interval: fc.integer({ min: -7, max: 6 }),
    within: fc.constantFrom(0, 0, 0.4, 0.7, 0.999),
    order: fc.constantFrom('', 'a', 'b', 'c'),
    group: fc.constantFrom('', 'x', 'y', 'z'),
    session: fc.constantFrom('', 's', 't'),
    cents: fc.option(fc.integer({ min: -2000, max: 5000 })),
  }),
  { minLength: 1, maxLength: 50 },
);

interface Figure {
  readonly value: number;
  readonly previous: number | null;
  readonly change: number | null;
  readonly series: readonly { readonly start: string; readonly value: number }[];
}

interface MetricAnswer extends Figure {
  readonly total: number;
  readonly breakdown: readonly Group[];
}

interface Group extends Pick<Figure, 'series'> {
  readonly values: readonly string[];
  readonly isOther: boolean;
  readonly total: number;
}

const KEYS =
  'revenue orders averageOrderValue customers newCustomers activeCustomers conversionRate repeatPurchaseRate';

it('has every measure and key figure that plain counting has, in total, before and by interval, in random histories', async () => {
  const batch = fc.array(fc.tuple(question, moments), { minLength: 30, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(batch, async (told) => {
      const histories = told.map(([asked, moments]) => history(asked, moments));
      await store(histories);
      await inTurn(histories, 5, expectFigures);
    }),
    { numRuns: times(4) },
  );
}, 240_000);

type Question = typeof question extends fc.Arbitrary<infer T> ? T : never;
type Moments = typeof moments extends fc.Arbitrary<infer T> ? T : never;

/** One world of events and what is asked of it. */
interface History {
  readonly asked: Question;
  readonly world: string;
  readonly events: readonly FigureEvent[];
  readonly span: Span;
  /** The range cut at the borders of intervals. */
  readonly intervals: readonly Span[];
}

function history(asked: Question, told: Moments): History {
  const world = `w${(worlds += 1)}`;
  const first = startOfInterval(Date.parse(`${asked.day}T06:00:00Z`), asked.interval, asked);
  const at = (k: number): number => addIntervals(first, asked.interval, k, asked);
  const part = (k: number, share: number): number => Math.round(at(k) + share * (at(k + 1) - at(k)));
  const events = told.map((moment, i): FigureEvent => ({
    id: `${world}-${i}`,
    customer: `${world}-${moment.customer}`,
    event: moment.event,
    timeMs: part(moment.interval, moment.within),
    orderId: moment.order && `${world}-${moment.order}`,
    sessionId: moment.session,
    group: moment.group,
    cents: moment.cents,
  }));
  const span = { fromMs: part(0, asked.late * 0.5), toMs: part(asked.rows - 1, 1 - asked.early) };
  const intervals = Array.from({ length: asked.rows }, (_, k) => ({
    fromMs: Math.max(at(k), span.fromMs),
    toMs: Math.min(at(k + 1), span.toMs),
  }));
  return { asked, world, events, span, intervals };
}

async function expectFigures({ asked, world, events, span, intervals }: History): Promise<void> {
  const input = {
    range: {
      from: new Date(span.fromMs).toISOString(),
      to: new Date(span.toMs).toISOString(),
      timeZone: asked.timeZone,
      weekStart: asked.weekStart,
    },
    interval: asked.interval,
    ...selectionOf(world, asked.byAudience),
  };
  const answer = await ask(input, asked);
  for (const measure of asked.measures) {
    const { total, previous, series, breakdown: groups } = answer[measure] as unknown as MetricAnswer;
    expectGroups(
      groups,
      groupsByMeasure(events, span, measure, asked.limit),
      (own, of) => measuresOf(own, of)[measure] ?? 0,
      [span, ...intervals],
    );
    expectFigure(
      { value: total, previous, series },
      (of) => measuresOf(events, of)[measure] ?? null,
      span,
      intervals,
    );
  }
  const overview = answer['overview'] as unknown as Record<string, Figure>;
  for (const key of KEYS.split(' ')) {
    const figure = overview[key] as Figure;
    const [value, previous] = expectFigure(
      figure,
      (of) => keyFiguresOf(events, of)[key] ?? null,
      span,
      intervals,
    );
    const isDefined = value !== null && previous !== null && previous !== 0;
    if (isDefined) expect(figure.change).toBeCloseTo((value - previous) / previous, 8);
    else expect(figure.change).toBeNull();
  }
}

function expectFigure(
  figure: Omit<Figure, 'change'>,
  expected: (span: Span) => number | null,
  span: Span,
  intervals: readonly Span[],
): readonly [number | null, number | null] {
  const value = expected(span);
  const previous = expected({ fromMs: span.fromMs - (span.toMs - span.fromMs), toMs: span.fromMs });
  expect(figure.value).toBeCloseTo(value ?? 0, 8);
  if (previous === null) expect(figure.previous).toBeNull();
  else expect(figure.previous).toBeCloseTo(previous, 8);
  const series = figure.series.map((point) => Number(point.value.toFixed(8)));
  expect(series).toEqual(intervals.map((interval) => Number((expected(interval) ?? 0).toFixed(8))));
  return [value, previous];
}

/** Spans: the range, then its intervals. */
function expectGroups(
  groups: readonly Group[],
  expected: readonly GroupFigures[],
  measure: (events: readonly FigureEvent[], span: Span) => number,
  spans: readonly Span[],
): void {
  const rounded = (value: number): number => Number(value.toFixed(6));
  const found = groups.map(({ values, isOther, total, series }) => ({
    value: isOther ? null : values[0],
    figures: [total, ...series.map((point) => point.value)].map(rounded),
  }));
  expect(found).toEqual(
    expected.map(({ value, events }) => ({
      value,
      figures: spans.map((span) => rounded(measure(events, span))),
    })),
  );
}

async function ask(
  input: object,
  { limit, measures }: Question,
): Promise<Record<string, Record<string, unknown>>> {
  const metrics = measures.map(
    (measure) => `${measure}: metric(input: $${measure}) {
      total previous series { start value } breakdown { values isOther total series { start value } }
    }`,
  );
  const figures = KEYS.split(' ').map((key) => `${key} { value previous change series { start value } }`);
  return askOf(engine, { now: '2026-01-01T00:00:00Z', journeyMap })(
    `query ($overview: OverviewInput!, ${measures.map((measure) => `$${measure}: MetricInput!`).join(' ')}) {
      ${metrics.join('\n')}
      overview(input: $overview) { ${figures.join('\n')} }
    }`,
    {
      overview: input,
      ...Object.fromEntries(
        measures.map((measure) => [
          measure,
          { ...input, measure, breakdown: { properties: ['group'], limit } },
        ]),
      ),
    },
  );
}

const journeyMap = { stages: [], lifecycle: [], orderEvents: ['purchase'], returnEvents: ['return'] };

function selectionOf(world: string, byAudience: boolean): object {
  const where = { property: 'world', values: [world] };
  return byAudience ? { audience: { did: [{ match: { where } }] } } : { where };
}

async function store(histories: readonly History[]): Promise<void> {
  await storeEvents(
    engine,
    histories.flatMap(({ events, world }) =>
      events.map(({ customer, cents, group, ...event }) => ({
        ...event,
        customerId: customer,
        channel: '',
        revenue: cents === null ? null : cents / 100,
        properties: { world, ...(group ? { group } : {}) },
      })),
    ),
  );
}
