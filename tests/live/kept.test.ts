/** What is kept up to date equals what is asked anew, to the digit, whatever arrives and however time goes. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { happening, KeptWorld } from './kept-world.ts';
import type { Question } from './kept-world.ts';

const last = (days: number) => ({ last: `P${days}D`, timeZone: 'Europe/Berlin' });
const SERIES = 'value previous series { start value }';

const QUESTIONS: Readonly<Record<string, Question>> = {
  overview: {
    field: 'overview',
    inputType: 'OverviewInput!',
    input: { range: last(7), interval: 'DAY' },
    answer: `revenue { ${SERIES} } orders { ${SERIES} } averageOrderValue { ${SERIES} } customers { ${SERIES} }
      newCustomers { ${SERIES} } activeCustomers { ${SERIES} } conversionRate { ${SERIES} } repeatPurchaseRate { ${SERIES} }`,
  },
  'overview of a property': {
    field: 'overview',
    inputType: 'OverviewInput!',
    input: {
      range: last(30),
      interval: 'WEEK',
      where: { all: [{ of: 'EVENT', property: 'device', op: 'IS', values: ['phone'] }] },
    },
    answer: `revenue { ${SERIES} } orders { ${SERIES} } activeCustomers { ${SERIES} }`,
  },
};

let world: KeptWorld;
beforeAll(async () => {
  world = await KeptWorld.open();
});
afterAll(() => world.close());

it('is the same kept as asked anew', async () => {
  const questions = Object.entries(QUESTIONS);
  const all = Object.values(QUESTIONS);
  const isSame = async (after: string): Promise<void> => {
    for (const [name, question] of questions)
      expect(await world.live(question), `${name} after ${after}`).toEqual(await world.fresh(question));
  };
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 8, maxLength: 20 }), async (happenings) => {
      await world.keeps(all);
      for (const next of happenings) {
        await world.happens(next);
        await isSame(JSON.stringify(next));
      }
      await world.keeps(all);
      await isSame('it was kept again');
    }),
    { numRuns: 5, endOnFailure: true },
  );
  expect(world.runs.get('kept')).toBeGreaterThan(world.runs.get('new') ?? 0);
});
