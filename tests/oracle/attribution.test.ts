/** Attribution, asked of the schema on the real engine, against the oracle over random worlds. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { storeEvents } from '../support/events.ts';
import { inTurn } from '../support/in-turn.ts';
import { attributionOf, MODELS } from './attribution.ts';
import type { CreditEvent, CreditQuestion } from './attribution.ts';

let engine: Engine;
let worlds = 0;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const DAY = 86_400_000;
const START = Date.UTC(2026, 2, 1);

const LOOKBACKS = {
  P1D: { months: 0, ms: DAY },
  P7D: { months: 0, ms: 7 * DAY },
  P30D: { months: 0, ms: 30 * DAY },
  P1M: { months: 1, ms: 0 },
  P1MT12H: { months: 1, ms: DAY / 2 },
} as const;
const EVENTS = ['visit', 'mail', 'purchase', 'refund'] as const;
const ask = fc.record({
  lookback: fc.constantFrom(...(Object.keys(LOOKBACKS) as (keyof typeof LOOKBACKS)[])),
  touchpoints: fc.constantFrom<string[] | null>(null, ['visit'], ['visit', 'mail'], ['visit', 'purchase']),
  conversions: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom<string[]>(['purchase'], ['purchase', 'refund']) },
    { weight: 1, arbitrary: fc.constant<string[]>(['never']) },
  ),
  by: fc.constantFrom('channel', 'campaign'),
  models: fc.shuffledSubarray([...MODELS], { minLength: 1 }),
  /** In days from the start. */
  from: fc.integer({ min: 0, max: 12 }),
  length: fc.integer({ min: 4, max: 40 }),
  byAudience: fc.boolean(),
});
const moments = fc.array(
  fc.record({
    customer: fc.integer({ min: 0, max: 3 }),
    event: fc.constantFrom(...EVENTS, 'purchase' as const, 'visit' as const),
    /** In half days, so that instants, the ends of lookbacks and of ranges meet. */
    at: fc.integer({ min: -10, max: 80 }),
    value: fc.constantFrom('', 'a', 'b', 'c', 'd', 'Ä'),
    cents: fc.option(fc.integer({ min: 0, max: 9999 })),
  }),
  { maxLength: 40, size: 'max' },
);
type Asked = typeof ask extends fc.Arbitrary<infer T> ? T : never;
type Told = typeof moments extends fc.Arbitrary<infer T> ? T : never;

interface Credit {
  readonly model: string;
  readonly conversions: number;
  readonly revenue: number;
  readonly share: number;
}
interface Answer {
  readonly conversions: number;
  readonly revenue: number;
  readonly rows: readonly {
    readonly name: string;
    readonly touches: number;
    readonly customers: number;
    readonly credit: readonly Credit[];
  }[];
}

it('gives the credit that plain counting gives, and gives all of it, for 300 histories', async () => {
  const batch = fc.array(fc.tuple(ask, moments), { minLength: 30, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(batch, async (told) => {
      const histories = told.map(([asked, story]) => history(asked, story));
      await store(histories);
      await inTurn(histories, 5, expectCredit);
    }),
    { numRuns: 10 },
  );
}, 240_000);

interface History {
  readonly world: string;
  readonly asked: Asked;
  readonly events: readonly CreditEvent[];
  readonly question: CreditQuestion;
}

function history(asked: Asked, told: Told): History {
  const world = `w${(worlds += 1)}`;
  const events = told.map(({ customer, event, at, value, cents }): CreditEvent => ({
    customer: `${world}-${customer}`,
    event,
    timeMs: START + (at * DAY) / 2,
    value,
    cents: cents === null || event !== 'refund' ? cents : -cents,
  }));
  const fromMs = START + asked.from * DAY;
  const question: CreditQuestion = {
    fromMs,
    toMs: fromMs + asked.length * DAY,
    lookback: LOOKBACKS[asked.lookback],
    isConversion: ({ event }) => asked.conversions.includes(event),
    isTouch: ({ event }) => asked.touchpoints?.includes(event) ?? true,
  };
  return { world, asked, events, question };
}

async function store(histories: readonly History[]): Promise<void> {
  const events = histories.flatMap(({ world, events: own }) =>
    own.map(({ customer, event, timeMs, value, cents }, i) => ({
      id: `${world}-${i}`,
      customerId: customer,
      event,
      timeMs,
      channel: value,
      orderId: '',
      sessionId: '',
      revenue: cents === null ? null : cents / 100,
      properties: { world, ...(value ? { campaign: value } : {}) },
    })),
  );
  await storeEvents(engine, events);
}

async function expectCredit({ world, asked, events, question }: History): Promise<void> {
  const where = { property: 'world', values: [world] };
  const { attribution: answer } = await askOf(engine, { now: '2027-01-01T00:00:00Z' })<{
    attribution: Answer;
  }>(
    `query ($input: AttributionInput!) { attribution(input: $input) {
      conversions revenue rows { name touches customers credit { model conversions revenue share } }
    } }`,
    {
      input: {
        conversion: { events: asked.conversions },
        touchpoints: asked.touchpoints && { events: asked.touchpoints },
        by: asked.by,
        models: asked.models,
        lookback: asked.lookback,
        range: {
          from: new Date(question.fromMs).toISOString(),
          to: new Date(question.toMs).toISOString(),
        },
        ...(asked.byAudience ? { audience: { did: [{ match: { where } }] } } : { where }),
      },
    },
  );
  const expected = attributionOf(events, question);
  expect(answer.conversions).toBe(expected.conversions);
  expect(answer.revenue).toBeCloseTo(expected.revenue, 8);
  expectSums(answer, asked.models);
  expectOrder(answer);
  const rows = new Map(answer.rows.map((row) => [row.name, row]));
  expect(rows.size).toBe(answer.rows.length);
  for (const [name, credited] of expected.rows) {
    const row = rows.get(name);
    const isThere = credited.customers > 0 || asked.models.some((m) => (credited.conversions[m] ?? 0) > 1e-7);
    if (isThere) expect(row).toMatchObject({ touches: credited.touches, customers: credited.customers });
    asked.models.forEach((model, m) => {
      const conversions = credited.conversions[model] ?? 0;
      expect(row?.credit[m]?.model ?? model).toBe(model);
      expect(row?.credit[m]?.conversions ?? 0).toBeCloseTo(conversions, 6);
      expect(row?.credit[m]?.revenue ?? 0).toBeCloseTo(credited.revenue[model] ?? 0, 3);
    });
  }
  for (const name of rows.keys()) expect([...expected.rows.keys()]).toContain(name);
}

/** In whole steps of the decimals that are shown, so that the sums are exact. */
function expectSums(answer: Answer, models: readonly string[]): void {
  const total = (m: number, of: 'conversions' | 'revenue', steps: number): number =>
    answer.rows.reduce((sum, { credit }) => sum + Math.round((credit[m]?.[of] ?? 0) * steps), 0);
  models.forEach((_, m) => {
    expect(total(m, 'conversions', 1e8)).toBe(answer.conversions * 1e8);
    expect(total(m, 'revenue', 1e4)).toBe(Math.round(answer.revenue * 1e4));
    const shares = answer.rows.reduce((sum, { credit }) => sum + (credit[m]?.share ?? 0), 0);
    if (answer.conversions > 0) expect(shares).toBeCloseTo(1, 10);
  });
}

function expectOrder({ rows }: Answer): void {
  const sizes = rows.map(({ credit }) => credit[0]?.conversions ?? 0);
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
}
