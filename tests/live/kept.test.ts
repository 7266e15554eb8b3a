/**
 * What is kept up to date equals what is asked anew, to the digit, whatever arrives and however time goes.
 * `TIMES=20 npx vitest run tests/live/kept.test.ts` follows 60 random courses of events instead of 3.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inTurn } from '../support/in-turn.ts';
import { times } from '../support/times.ts';
import { happening, KeptWorld } from './kept-world.ts';
import type { Question } from './kept-world.ts';

const last = (days: number) => ({ last: `P${days}D`, timeZone: 'Europe/Berlin' });
const SERIES = 'value previous series { start value }';

const STEPS = `steps { customers droppedOff rate medianSeconds averageSeconds p90Seconds } conversionRate medianSeconds`;
const steps = (...names: string[]) => names.map((name) => ({ match: { events: [name] } }));
const phones = { property: 'device', values: ['phone'] };

const QUESTIONS: Readonly<Record<string, Question>> = {
  funnel: {
    field: 'funnel',
    inputType: 'FunnelInput!',
    input: {
      range: last(30),
      window: 'P3D',
      steps: steps('product_viewed', 'product_added', 'checkout_started', 'order_completed'),
    },
    answer: `${STEPS} trend(interval: DAY) { start entered converted } timeToConvert { count average bins { from count } }`,
  },
  'strict funnel of a property': {
    field: 'funnel',
    inputType: 'FunnelInput!',
    input: {
      range: last(7),
      order: 'STRICT',
      where: phones,
      steps: steps('product_viewed', 'product_added'),
    },
    answer: STEPS,
  },
  retention: {
    field: 'retention',
    inputType: 'RetentionInput!',
    input: { range: last(42), start: { events: ['order_completed'] }, interval: 'WEEK' },
    answer:
      'cohorts { start size cells { period customers rate complete } } average { period rate low high }',
  },
  'retention with money': {
    field: 'retention',
    inputType: 'RetentionInput!',
    input: {
      range: last(14),
      start: { events: ['product_viewed'] },
      return: { events: ['order_completed'] },
      interval: 'DAY',
      entry: 'RECURRING',
      measure: 'REVENUE',
    },
    answer: 'cohorts { start size cells { period customers value lifetimeValue } } average { period rate }',
  },
  lifecycle: {
    field: 'lifecycle',
    inputType: 'LifecycleInput!',
    input: { range: last(30) },
    answer: 'stages { stage { key } customers share revenue change } transitions { from to customers }',
  },
  'history of the lifecycle': {
    field: 'lifecycle',
    inputType: 'LifecycleInput!',
    input: { range: last(14), interval: 'DAY' },
    answer: 'stages { customers } history { at stages { stage customers } }',
  },
  metric: {
    field: 'metric',
    inputType: 'MetricInput!',
    input: { range: last(7), interval: 'DAY', measure: 'CUSTOMERS', match: { events: ['product_viewed'] } },
    answer: 'total previous series { start value }',
  },
  'metric of money': {
    field: 'metric',
    inputType: 'MetricInput!',
    input: { range: last(30), interval: 'WEEK', measure: 'AVERAGE_ORDER_VALUE', where: phones },
    answer: 'total previous series { start value }',
  },
  journey: {
    field: 'journey',
    inputType: 'JourneyInput!',
    input: { range: last(30) },
    answer: 'stages { stage { key } customers events } flows { from to customers }',
  },
  overview: {
    field: 'overview',
    inputType: 'OverviewInput!',
    input: { range: last(7), interval: 'DAY' },
    answer: `revenue { ${SERIES} } orders { ${SERIES} } averageOrderValue { ${SERIES} } customers { ${SERIES} }
      newCustomers { ${SERIES} } activeCustomers { ${SERIES} } conversionRate { ${SERIES} } repeatPurchaseRate { ${SERIES} }`,
  },
  'churn of a range that has not ended': {
    field: 'overview',
    inputType: 'OverviewInput!',
    input: { range: { from: '2026-03-20T00:00:00Z', to: '2026-05-01T00:00:00Z' }, interval: 'WEEK' },
    answer: `churnRate { ${SERIES} } revenue { ${SERIES} } customers { ${SERIES} } activeCustomers { ${SERIES} }`,
  },
  'overview of a property': {
    field: 'overview',
    inputType: 'OverviewInput!',
    input: {
      range: last(30),
      interval: 'WEEK',
      where: phones,
    },
    answer: `revenue { ${SERIES} } orders { ${SERIES} } activeCustomers { ${SERIES} }`,
  },
};

let world: KeptWorld;
beforeAll(async () => {
  world = await KeptWorld.open();
});
afterAll(() => world.close());

const RUNS = times(3);
/** So many questions are compared after each happening, in turn; all of them at the end. */
const AT_ONCE = 4;

it('is the same kept as asked anew', async () => {
  const names = Object.keys(QUESTIONS);
  const all = Object.values(QUESTIONS);
  let turn = 0;
  const expectSame = async (after: string, count: number): Promise<void> => {
    const some = Array.from({ length: count }, () => names[turn++ % names.length] ?? '');
    await inTurn(some, 2, async (name) => {
      const question = QUESTIONS[name] as Question;
      expect(await world.live(question), `${name} after ${after}`).toEqual(await world.fresh(question));
    });
  };
  const course = fc.array(happening, { minLength: 8, maxLength: 20 });
  const property = fc.asyncProperty(course, async (happenings) => {
    await world.keeps(all);
    for (const next of happenings) {
      await world.happens(next);
      await expectSame(JSON.stringify(next), AT_ONCE);
    }
    await expectSame('all that', all.length);
    await world.keeps(all);
    world.runs.clear();
    await expectSame('it was kept again', all.length);
    expect(world.runs.get('kept')).toBeGreaterThan(world.runs.get('new') ?? 0);
  });
  await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
});
