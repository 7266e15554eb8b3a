/** Properties held constant, together with the other options of a funnel, told as stories. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { BREAKDOWN_ATTRIBUTIONS } from '../../server/query/breakdown.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';

const at = (time: string): string => `2026-01-01T${time}:00Z`;
const shirt = { productId: 'shirt' };
const shoes = { productId: 'shoes' };

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
  await storeEvents(engine, [
    // Buys what was seen, after looking at something else.
    customer('ann')
      .did('view', at('10:00'), { ...shirt, channel: 'web' })
      .did('view', at('10:05'), { ...shoes, channel: 'app' })
      .did('buy', at('10:10'), { ...shirt, channel: 'web' }),
    // Buys something never seen.
    customer('bob')
      .did('view', at('10:00'), { ...shirt, channel: 'app' })
      .did('buy', at('10:10'), { ...shoes, channel: 'app' }),
    // Changes her mind about the other thing only.
    customer('eve')
      .did('view', at('10:00'), { ...shirt, channel: 'web' })
      .did('remove', at('10:05'), { ...shoes, channel: 'web' })
      .did('buy', at('10:10'), { ...shirt, channel: 'web' }),
    // Leaves altogether.
    customer('tom')
      .did('view', at('10:00'), { ...shirt, channel: 'web' })
      .did('remove', at('10:05'), { channel: 'web' })
      .did('buy', at('10:10'), { ...shirt, channel: 'web' }),
  ]);
});
afterAll(() => engine.close());

interface Answer {
  readonly steps: readonly { readonly customers: number }[];
  readonly breakdown: readonly (Pick<Answer, 'steps'> & { readonly values: readonly string[] })[];
  readonly trend: readonly { readonly entered: number; readonly converted: number }[];
}

async function funnel(more: object): Promise<Answer> {
  const input = {
    steps: [{ match: { events: ['view'] } }, { match: { events: ['buy'] } }],
    range: { from: at('00:00'), to: '2026-01-02T00:00:00Z' },
    holdConstant: ['productId'],
    ...more,
  };
  const answer = await askOf(engine, { now: '2026-02-01T00:00:00Z' })<{ funnel: Answer }>(
    `query ($input: FunnelInput!) { funnel(input: $input) {
      steps { customers } breakdown { values steps { customers } } trend { entered converted } } }`,
    { input },
  );
  return answer.funnel;
}

const counts = ({ steps }: Pick<Answer, 'steps'>): readonly number[] => steps.map((step) => step.customers);

test('steps must carry the same value', async () => {
  const answer = await funnel({});
  expect(counts(answer)).toEqual([4, 3]);
  expect(answer.trend).toEqual([{ entered: 4, converted: 3 }]);
  expect(counts(await funnel({ holdConstant: [] }))).toEqual([4, 4]);
});

test('in any order too', async () => {
  expect(counts(await funnel({ order: 'ANY' }))).toEqual([4, 3]);
});

test('in strict order events of another value interrupt', async () => {
  expect(counts(await funnel({ order: 'STRICT' }))).toEqual([4, 0]);
});

test('an exclusion counts for its own value, and for all where it carries none', async () => {
  const exclude = [{ match: { events: ['remove'] }, fromStep: 0, toStep: 1 }];
  expect(counts(await funnel({ exclude }))).toEqual([3, 2]);
});

test.each(BREAKDOWN_ATTRIBUTIONS)('is broken down like any other funnel: %s', async (attribution) => {
  const breakdown = { properties: ['channel'], attribution, step: 0 };
  const groups = Object.fromEntries(
    (await funnel({ breakdown })).breakdown.map((group) => [group.values[0], counts(group)]),
  );
  // Ann looked at something else in the app: that is one of her funnels where events give the value.
  const isPerEvent = attribution === 'ALL_STEPS' || attribution === 'STEP';
  expect(groups).toEqual({ web: [3, 3], app: isPerEvent ? [2, 0] : [1, 0] });
});
