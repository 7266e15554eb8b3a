/** The metric statement kept up to date says what it says when it is run, in random streams of events. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { MEASURES, normaliseMetric } from '../../server/insights/metric/metric.query.ts';
import type { MetricRequest } from '../../server/insights/metric/metric.query.ts';
import { compileMetric } from '../../server/insights/metric/metric.sql.ts';
import { normaliseOverview } from '../../server/insights/overview/overview.query.ts';
import { compileActive, compileSales } from '../../server/insights/overview/overview.sql.ts';
import type { EventMatchRequest } from '../../server/query/event-match.ts';
import { compileScope } from '../support/compile-scope.ts';
import { testEngine } from '../support/engine.ts';
import { storeAndTell } from './arrivals.ts';
import { KeptByHand } from './kept-by-hand.ts';
import { expectKept } from './kept-figures-run.ts';
import { FigureWorld, filter, story } from './kept-figures-world.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.close());

const MATCHES: readonly (EventMatchRequest | null)[] = [
  null,
  { channels: ['web', 'store'] },
  { events: ['purchase', 'return'] },
  { stage: 'buy', channels: ['web'] },
  { anyOf: [{ events: ['signup'] }, { stage: 'discover' }, { events: ['purchase'], channels: [''] }] },
  { where: filter },
];

it('says the same of three measures at every step of 16 streams', async () => {
  await expectKept(engine, (world, scope, story) =>
    [0, 1, 2].map((i) => {
      const chosen = story.moments.length + 3 * i;
      const measure = MEASURES[chosen % MEASURES.length] ?? 'EVENTS';
      const match = MATCHES[(chosen + story.steps.length) % MATCHES.length] ?? null;
      return compileMetric(normaliseMetric({ ...world.request, measure, match }, scope, []), scope);
    }),
  );
});

it('learns the same from an arriving event as from what is stored', async () => {
  const random = { seed: 7, numRuns: 1 };
  const [stories] = fc.sample(fc.array(story, { minLength: 20, maxLength: 20 }), random);
  const events = (stories ?? []).flatMap((one, i) => new FigureWorld(one, `told-${i}`).events(one.moments));
  const scope = compileScope();
  const range = { from: new Date('1990-01-01'), to: new Date('2050-01-01') };
  const statements = MEASURES.map((measure) =>
    compileMetric(normaliseMetric({ measure, range, interval: 'YEAR' }, scope, []), scope),
  );
  const read = () => Promise.all(statements.map((one) => KeptByHand.of(engine, [one], scope)));
  const told = await read();
  const arrived = (await storeAndTell(engine, events)).sort((a, b) => b.timeMs - a.timeMs);
  const anew = await read();
  for (const [i, measure] of MEASURES.entries()) {
    expect(told[i]?.isTold, measure).toBe(true);
    await told[i]?.arrive(arrived);
    const [learned, stored] = [told[i]?.told(), anew[i]?.told()];
    for (const { key } of arrived) {
      // Of sightings all are learned that were first or last when they arrived.
      const isSet = statements[i]?.kept?.facts.isSet;
      const facts = stored?.get(key) ?? [];
      expect(learned?.get(key) ?? [], measure).toEqual(isSet ? expect.arrayContaining([...facts]) : facts);
    }
  }
});

const keptOf = (request: Partial<MetricRequest>) => {
  const scope = compileScope();
  const query = normaliseMetric({ measure: 'EVENTS', range: { last: 'P30D' }, ...request }, scope, []);
  return compileMetric(query, scope).kept;
};

it.each<[string, Partial<MetricRequest>]>([
  ['traits', { where: { ...filter, of: 'CUSTOMER' } }],
  ['traits of what matches', { match: { anyOf: [{ where: { not: { ...filter, of: 'CUSTOMER' } } }] } }],
  ['an audience', { audience: { where: filter } }],
  ['a range whose end alone moves on', { range: { from: new Date('2026-01-01') } }],
])('is run again for %s', (_, request) => {
  expect(keptOf(request)).toBeUndefined();
});

it('keeps the same facts for what is counted of the same events', () => {
  const scope = compileScope();
  const overview = normaliseOverview({ range: { last: 'P7D' } }, scope, []);
  const sales = compileSales(overview, scope).kept?.facts.shape;
  const active = compileActive(overview, scope).kept?.facts.shape;
  const shapes = MEASURES.map((measure) => keptOf({ measure, interval: 'WEEK' })?.facts.shape);
  const of = Object.fromEntries(MEASURES.map((measure, i) => [measure, shapes[i]]));
  expect(of).toMatchObject({ ORDERS: sales, REVENUE: sales, AVERAGE_ORDER_VALUE: sales, CUSTOMERS: active });
  expect(new Set(shapes).size).toBe(4);
});
