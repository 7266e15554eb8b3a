/** A journey map that asks for the stage before, on the real engine: one customer's story in every answer. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import type { JourneyMap } from '../../server/journey/map.ts';
import { retailMap } from '../../server/journey/retail.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';

/** Won back: an order of the last 30 days that met the customer dormant or lost. */
const journeyMap: JourneyMap = {
  ...retailMap,
  lifecycle: retailMap.lifecycle.map((stage) =>
    stage.key === 'won_back'
      ? {
          ...stage,
          rule: { all: [{ orders: { atLeast: 1, within: 'P30D' } }, { stageBefore: ['dormant', 'lost'] }] },
        }
      : stage,
  ),
};

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
  const bought = (id: string, ...times: string[]) =>
    times.reduce(
      (story, time) => story.did('order_completed', time, { revenue: 50, shop: id }),
      customer(id),
    );
  await storeEvents(engine, [
    bought('back', '2026-01-01T00:00Z', '2026-05-10T00:00Z'),
    bought('back-and-again', '2026-01-01T00:00Z', '2026-05-10T00:00Z', '2026-05-20T00:00Z'),
    bought('not-yet-dormant', '2026-01-20T00:00Z', '2026-05-10T00:00Z'),
    customer('looks').did('page_viewed', '2026-05-10T00:00Z'),
  ]);
});
afterAll(() => engine.close());

const ask = (now: string) => askOf(engine, { now, journeyMap });
const IN_JUNE = '2026-06-01T00:00:00Z';

it('tells stage, reason and history of a customer', async () => {
  const { customer: found } = await ask(IN_JUNE)<{ customer: object }>(
    '{ customer(id: "back") { lifecycleStage { key } lifecycleReason lifecycleHistory { at from to } } }',
  );
  expect(found).toEqual({
    lifecycleStage: { key: 'won_back' },
    lifecycleReason: 'Won back: 1 order in the last 30 days (1 or more), and Dormant as the stage before.',
    lifecycleHistory: [
      { at: '2026-01-01T00:00:00.000Z', from: null, to: 'new' },
      { at: '2026-01-31T00:00:00.000Z', from: 'new', to: 'active' },
      { at: '2026-03-02T00:00:00.000Z', from: 'active', to: 'at_risk' },
      { at: '2026-05-01T00:00:00.000Z', from: 'at_risk', to: 'dormant' },
      { at: '2026-05-10T00:00:00.000Z', from: 'dormant', to: 'won_back' },
    ],
  });
});

it('counts and lists them, now and at any instant, also as an audience and in groups', async () => {
  const stages = 'stages(key: "won_back") { customers share revenue change members { nodes { id } } }';
  const document = `query ($input: LifecycleInput!) { lifecycle(input: $input) { ${stages}
    breakdown { values ${stages} } } }`;
  const input = { breakdown: { properties: ['shop'], limit: 1 } };
  const { lifecycle } = await ask(IN_JUNE)<{ lifecycle: { stages: object[]; breakdown: object[] } }>(
    document,
    { input },
  );
  const both = { nodes: [{ id: 'back' }, { id: 'back-and-again' }] };
  expect(lifecycle.stages).toMatchObject([{ customers: 2, share: 0.5, revenue: 250, change: 2 }]);
  expect(sorted(lifecycle.stages)).toEqual(sorted([{ members: both }]));
  expect(lifecycle.breakdown).toMatchObject([
    { values: ['back'], stages: [{ customers: 1, share: 1, members: { nodes: [{ id: 'back' }] } }] },
    { values: [], stages: [{ customers: 1, share: 1 / 3 }] },
  ]);
  const later = await ask('2026-07-01T00:00:00Z')<{ lifecycle: { stages: object[] } }>(document, {
    input: { at: '2026-06-10T00:00:00Z', audience: { lifecycleStages: ['active', 'loyal'] } },
  });
  expect(later.lifecycle.stages).toMatchObject([
    { customers: 1, members: { nodes: [{ id: 'back-and-again' }] } },
  ]);
  const { customers } = await ask(IN_JUNE)<{ customers: { totalCount: number } }>(
    '{ customers(input: { audience: { lifecycleStages: ["won_back"] } }) { totalCount } }',
  );
  expect(customers.totalCount).toBe(2);
});

it('refuses attributions that have no meaning for a lifecycle', async () => {
  const input = { breakdown: { properties: ['shop'], attribution: 'ALL_STEPS' } };
  const asked = ask(IN_JUNE)(
    'query ($input: LifecycleInput!) { lifecycle(input: $input) { stages { customers } } }',
    {
      input,
    },
  );
  await expect(asked).rejects.toThrow('take FIRST_TOUCH or LAST_TOUCH');
});

function sorted(stages: readonly object[]): readonly string[] {
  const [stage] = stages as readonly { members: { nodes: readonly { id: string }[] } }[];
  return stage?.members.nodes.map(({ id }) => id).sort() ?? [];
}
