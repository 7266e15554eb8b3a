/** A funnel's kept answers on the real engine: after whatever arrives, the statements' own rows to the digit. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { normaliseFunnel } from '../../server/insights/funnel/funnel.query.ts';
import type { FunnelQuery, FunnelRequest } from '../../server/insights/funnel/funnel.query.ts';
import { compileFunnel } from '../../server/insights/funnel/funnel.sql.ts';
import { compileTimeToConvert } from '../../server/insights/funnel/time-to-convert.sql.ts';
import { compileTrend } from '../../server/insights/funnel/trend.sql.ts';
import type { SqlQuery } from '../../server/query/statement.ts';
import { emptyStore, testEngine } from '../support/engine.ts';
import type { StoredEvent } from '../support/events.ts';
import { inTurn } from '../support/in-turn.ts';
import { storeAndTell } from './arrivals.ts';
import type { Arrival } from './arrivals.ts';
import { HOUR, scope, START } from './funnel-world.ts';
import { KeptByHand } from './kept-by-hand.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const CUSTOMERS = 900;

const happening = fc.record({
  customer: fc.nat(CUSTOMERS - 1).map((c) => `c${c}`),
  event: fc.constantFrom('a', 'a', 'b', 'b', 'c', 'd'),
  hour: fc.nat(40),
  channel: fc.constantFrom('web', 'store', ''),
  color: fc.constantFrom('red', 'blue', ''),
});

/** The first batch fills the world; later ones bring what is late and what is new, at few instants, so ties are common. */
const batches: readonly (readonly StoredEvent[])[] = [CUSTOMERS * 6, 300, 300, 300].map((size, b) =>
  fc
    .sample(happening, { seed: 11 + b, numRuns: size })
    .map(({ customer, event, hour, channel, color }, i): StoredEvent => {
      // Some customers have their whole life within few hours.
      const span = [40, 14, 5, 3][Number(customer.slice(1)) % 4] ?? 40;
      const timeMs = START + (hour % (span + 1)) * HOUR;
      const properties: StoredEvent['properties'] = color === '' ? {} : { color };
      const none = { orderId: '', revenue: null, sessionId: '' };
      return { id: `${b}-${i}`, customerId: customer, event, timeMs, channel, properties, ...none };
    }),
);

/** From and to in hours: what the range looks like after each batch. */
const RANGES = [
  [1, 22],
  [1, 26],
  [4, 34],
  [13, 38],
] as const;

const named = fc.constantFrom('a', 'b', 'c', 'd').map((name) => ({ match: { events: [name] } }));
const selector = fc.oneof(
  { weight: 5, arbitrary: named },
  { weight: 1, arbitrary: fc.constant({ match: {} }) },
  { weight: 1, arbitrary: fc.constant({ match: { events: ['a', 'c'] } }) },
  { weight: 1, arbitrary: fc.constant({ match: { anyOf: [{ events: ['b'] }, { channels: ['store'] }] } }) },
  {
    weight: 1,
    arbitrary: fc.constant({ match: { events: ['a'], where: { property: 'color', values: ['red'] } } }),
  },
);
const distinct = (minLength: number) =>
  fc.uniqueArray(named, { minLength, maxLength: 4, selector: (s) => s.match.events[0] });
const anySteps = fc.array(selector, { minLength: 2, maxLength: 5 });
const window = fc.constantFrom('PT1H', 'PT5H', 'PT12H', 'P1D', 'P14D', 'P1M');
const where = fc.constantFrom(
  null,
  null,
  null,
  { property: 'channel', op: 'IS_NOT', values: ['store'] } as const,
  {
    property: 'color',
    values: ['red'],
  } as const,
);

type Asked = Omit<FunnelRequest, 'range'>;

function askedFrom(request: Asked, [from, to]: readonly [number, number]): FunnelQuery {
  const range = {
    from: new Date(START + from * HOUR),
    to: new Date(START + to * HOUR),
    timeZone: 'Europe/Berlin',
  };
  return normaliseFunnel({ ...request, range }, { ...scope, lifecycleStages: [] });
}

/** The funnel, its trend and its times: all of the same facts. */
function statementsOf(query: FunnelQuery, n: number): readonly SqlQuery<object>[] {
  const last = query.steps.length - 1;
  const toStep = n % 3 === 0 ? Math.max(last - 1, Math.min(1, last)) : last;
  const fromStep = n % 5 === 0 && toStep > 1 ? 1 : 0;
  const interval = (['DAY', 'HOUR', 'WEEK'] as const)[n % 3] ?? 'DAY';
  const bins = n % 2 === 0 ? null : 1 + (n % 9);
  return [
    compileFunnel(query, scope),
    compileTrend({ query, group: null }, { interval, fromStep, toStep }, scope),
    compileTimeToConvert(query, { fromStep, toStep, bins }, scope),
  ];
}

class Course {
  private kept: KeptByHand | null = null;

  constructor(
    private readonly request: Asked,
    private readonly n: number,
  ) {}

  /** At first, what has arrived is what is stored. */
  async goOn(b: number, arrived: readonly Arrival[]): Promise<void> {
    const statements = statementsOf(askedFrom(this.request, RANGES[b] ?? [0, 0]), this.n);
    const isLast = b === batches.length - 1;
    if (this.kept) {
      await this.kept.arrive(arrived);
      expect(await this.kept.move(statements, scope)).toBe(true);
    }
    this.kept ??= await KeptByHand.of(engine, statements, scope, { ahead: arrived });
    const rows = this.kept.rows();
    for (const [i, statement] of statements.entries()) {
      // One after the other, and all at last: statements of such funnels take long.
      if (!isLast && i !== (b + this.n) % statements.length) continue;
      const said = `${statement.name} after batch ${b} of ${JSON.stringify(this.request)}`;
      expect(rows[i], said).toEqual((await engine.query(statement)).rows);
    }
    if (!isLast) return;
    const anew = await KeptByHand.of(engine, statements, scope);
    expect(this.kept.told()).toEqual(anew.told());
  }
}

async function follow(requests: readonly Asked[]): Promise<void> {
  await emptyStore(engine);
  const courses = requests.map((request, n) => new Course(request, n));
  for (const [b, batch] of batches.entries()) {
    const arrived = await storeAndTell(engine, batch);
    await inTurn(courses, 4, (course) => course.goOn(b, arrived));
  }
}

const sampled = (arbitrary: fc.Arbitrary<Asked>, numRuns: number): readonly Asked[] =>
  fc.sample(arbitrary, { seed: 5, numRuns });

test.each(['ORDERED', 'STRICT', 'ANY'] as const)(
  `keeps funnels of single events of ${CUSTOMERS} customers: %s`,
  async (order) => {
    const question = fc.record({ steps: distinct(1), window, where, order: fc.constant(order) });
    await follow(sampled(question, 3));
  },
);

test.each(['ORDERED', 'STRICT', 'ANY'] as const)(
  `keeps funnels whose steps overlap or repeat of ${CUSTOMERS} customers: %s`,
  async (order) => {
    const question = fc.record({ steps: anySteps, window, where, order: fc.constant(order) });
    await follow(sampled(question, 3));
  },
);

const excluded = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'd').map((name) => ({ events: [name] })),
  fc.constantFrom('a', 'b').map((name) => ({ events: [name], channels: ['store'] })),
  fc.constant({ events: ['c'], where: { property: 'color', values: ['blue'] } }),
);

/** Steps of single events or any, some of which may be skipped, with exclusions between some. */
const hindered = (order: 'ORDERED' | 'ANY', skips: boolean, steps: fc.Arbitrary<readonly object[]>) =>
  fc
    .record({
      steps,
      flags: fc.array(fc.constantFrom(true, true, false), { minLength: 5, maxLength: 5 }),
      window,
      exclusions: fc.array(fc.record({ match: excluded, from: fc.nat(), length: fc.nat() }), {
        maxLength: 2,
      }),
    })
    .map(({ steps, flags, window, exclusions }): Asked => {
      const last = steps.length - 1;
      const exclude = exclusions.map(({ match, from, length }) => {
        const fromStep = from % last;
        return { match, fromStep, toStep: fromStep + 1 + (length % (last - fromStep)) };
      });
      const optional = (k: number): boolean => skips && k > 0 && flags[k] === true;
      return {
        steps: (steps as FunnelRequest['steps']).map((step, k) => ({ ...step, optional: optional(k) })),
        window,
        order,
        exclude,
      };
    });

test(`keeps funnels with exclusions of ${CUSTOMERS} customers: ordered`, () =>
  follow(sampled(hindered('ORDERED', false, distinct(2)), 4)));

test(`keeps funnels with exclusions of ${CUSTOMERS} customers: in any order`, () =>
  follow(sampled(hindered('ANY', false, fc.oneof(distinct(2), anySteps)), 4)));

test(`keeps funnels with steps that may be skipped of ${CUSTOMERS} customers`, () =>
  follow(sampled(hindered('ORDERED', true, distinct(4)), 4)));

test(`keeps funnels with steps that overlap and may be skipped of ${CUSTOMERS} customers`, () => {
  const steps = fc.array(selector, { minLength: 3, maxLength: 4 });
  return follow(sampled(hindered('ORDERED', true, steps), 3));
});
