/** A funnel's kept answers on the real engine: after whatever arrives, the statements' own rows to the digit. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { normaliseFunnel } from '../../server/insights/funnel/funnel.query.ts';
import type { FunnelQuery, FunnelRequest } from '../../server/insights/funnel/funnel.query.ts';
import { compileFunnel } from '../../server/insights/funnel/funnel.sql.ts';
import { compileTimeToConvert } from '../../server/insights/funnel/time-to-convert.sql.ts';
import { compileTrend } from '../../server/insights/funnel/trend.sql.ts';
import { KINDS } from '../../server/query/kept.ts';
import type { ArrivedEvent } from '../../server/query/kept.ts';
import { utcText } from '../../server/query/sql.ts';
import type { SqlQuery } from '../../server/query/statement.ts';
import { emptyStore, testEngine } from '../support/engine.ts';
import { customerIds, HOUR, scope, START } from './funnel-world.ts';
import { inOrder, KeptTotals, readFacts, toldFacts } from './kept-book.ts';
import type { FactRows } from './kept-book.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const CUSTOMERS = 900;

interface Happening {
  readonly id: string;
  readonly customer: string;
  readonly event: string;
  readonly timeMs: number;
  readonly channel: string;
  readonly color: string;
}

const happening = fc.record({
  customer: fc.nat(CUSTOMERS - 1).map((c) => `c${c}`),
  event: fc.constantFrom('a', 'a', 'b', 'b', 'c', 'd'),
  hour: fc.nat(40),
  channel: fc.constantFrom('web', 'store', ''),
  color: fc.constantFrom('red', 'blue', ''),
});

/** The first batch fills the world; later ones bring what is late and what is new, at few instants, so ties are common. */
const batches: readonly (readonly Happening[])[] = [CUSTOMERS * 6, 300, 300, 300].map((size, b) =>
  fc
    .sample(happening, { seed: 11 + b, numRuns: size })
    .map(({ customer, event, hour, channel, color }, i): Happening => {
      // Some customers have their whole life within few hours.
      const span = [40, 14, 5, 3][Number(customer.slice(1)) % 4] ?? 40;
      const timeMs = START + (hour % (span + 1)) * HOUR;
      return { id: `${b}-${i}`, customer, event, timeMs, channel, color };
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

const arrived = ({ event, timeMs, channel }: Happening): ArrivedEvent => ({
  timeMs,
  event,
  channel,
  amount: 0,
  hasRevenue: false,
  hasOrderId: false,
  orderKey: 0,
  sessionKey: 0,
});

interface Course {
  readonly request: Asked;
  facts: FactRows;
  readonly totals: readonly KeptTotals<object>[];
}

async function store(batch: readonly Happening[]): Promise<void> {
  const rows = batch.map(({ id, customer, event, timeMs, channel, color }) => ({
    event_id: id,
    customer_id: customer,
    event,
    time: utcText(timeMs),
    channel,
    properties: color === '' ? {} : { color },
  }));
  await engine.insert('events', rows);
}

async function customerKeys(): Promise<ReadonlyMap<string, string>> {
  const { rows } = await engine.query<{ customer_key: string; id: string }>({
    name: 'ids',
    sql: customerIds,
  });
  return new Map(rows.map(({ customer_key, id }) => [id, customer_key]));
}

/** What the facts are once the batch is in: told where events tell, else read again since the earliest of them. */
async function factsAfter(
  facts: FactRows,
  query: FunnelQuery,
  batch: readonly Happening[],
  keys: ReadonlyMap<string, string>,
): Promise<FactRows> {
  const kept = compileFunnel(query, scope).kept?.facts;
  if (!kept) throw new Error('nothing is kept of this funnel');
  const after: FactRows = new Map(facts);
  const touched = new Map<string, Happening[]>();
  for (const one of batch) {
    const key = keys.get(one.customer) ?? '';
    touched.set(key, [...(touched.get(key) ?? []), one]);
  }
  if (kept.ofEvent) {
    for (const [key, own] of touched) after.set(key, toldFacts(kept, own.map(arrived), facts.get(key) ?? []));
    return after;
  }
  const sinceMs = Math.max(kept.sinceMs, Math.min(...batch.map(({ timeMs }) => timeMs)));
  const read = await readFacts(engine, { ...kept, untilMs: END }, scope, {
    sinceMs,
    keys: [...touched.keys()],
  });
  for (const key of touched.keys()) {
    const earlier = (facts.get(key) ?? []).filter(([first = 0]) => first < sinceMs * KINDS);
    after.set(key, [...earlier, ...(read.get(key) ?? [])].sort(inOrder));
  }
  return after;
}

const END = START + 60 * HOUR;

const shown = (facts: FactRows, sinceMs: number): string =>
  JSON.stringify(
    [...facts]
      .map(([key, rows]) => [key, rows.filter(([first = 0]) => first >= sinceMs * KINDS)] as const)
      .filter(([, rows]) => rows.length > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

async function follow(requests: readonly Asked[]): Promise<void> {
  await emptyStore(engine);
  const courses: Course[] = [];
  for (const [b, batch] of batches.entries()) {
    await store(batch);
    const keys = await customerKeys();
    for (const [n, request] of requests.entries()) {
      const query = askedFrom(request, RANGES[b] ?? [0, 0]);
      const statements = statementsOf(query, n);
      const asKept = statements.map(({ kept }) => kept!);
      expect(new Set(asKept.map(({ facts }) => facts.shape)).size).toBe(1);
      const course = courses[n];
      const anew = async () => readFacts(engine, { ...asKept[0]!.facts, untilMs: END }, scope);
      if (course) {
        const after = await factsAfter(course.facts, query, batch, keys);
        course.totals.forEach((totals, i) => totals.move(asKept[i]!, course.facts, after));
        course.facts = after;
        if (b === batches.length - 1)
          expect(shown(after, query.range.fromMs)).toBe(shown(await anew(), query.range.fromMs));
      } else {
        const facts = await anew();
        courses.push({ request, facts, totals: asKept.map((kept) => new KeptTotals(kept, facts)) });
      }
      for (const [i, statement] of statements.entries()) {
        // One after the other, and all at last: statements of such funnels take long.
        if (b < batches.length - 1 && i !== (b + n) % statements.length) continue;
        const { rows } = await engine.query(statement);
        const said = `${statement.name} after batch ${b} of ${JSON.stringify(request)}`;
        expect(courses[n]!.totals[i]!.rows(), said).toEqual(rows);
      }
    }
  }
}

const sampled = (arbitrary: fc.Arbitrary<Asked>, numRuns: number): readonly Asked[] =>
  fc.sample(arbitrary, { seed: 5, numRuns });

test.each(['ORDERED', 'STRICT', 'ANY'] as const)(
  `keeps funnels of single events of ${CUSTOMERS} customers: %s`,
  async (order) => {
    const question = fc.record({ steps: distinct(1), window, where, order: fc.constant(order) });
    await follow(sampled(question, 4));
  },
);

test.each(['ORDERED', 'STRICT', 'ANY'] as const)(
  `keeps funnels whose steps overlap or repeat of ${CUSTOMERS} customers: %s`,
  async (order) => {
    const question = fc.record({ steps: anySteps, window, where, order: fc.constant(order) });
    await follow(sampled(question, 4));
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
      flags: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
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
  follow(sampled(hindered('ORDERED', false, distinct(2)), 5)));

test(`keeps funnels with exclusions of ${CUSTOMERS} customers: in any order`, () =>
  follow(sampled(hindered('ANY', false, fc.oneof(distinct(2), anySteps)), 6)));

test(`keeps funnels with steps that may be skipped of ${CUSTOMERS} customers`, () =>
  follow(sampled(hindered('ORDERED', true, distinct(2)), 5)));

test(`keeps funnels with steps that overlap and may be skipped of ${CUSTOMERS} customers`, () => {
  const steps = fc.array(selector, { minLength: 3, maxLength: 4 });
  return follow(sampled(hindered('ORDERED', true, steps), 3));
});
