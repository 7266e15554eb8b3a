/** The lifecycle on the real engine, through the schema: stories. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { askOf } from '../support/ask.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';

const MEMBERS = 'members { totalCount nodes { id } }';
const question = (members: string) => `query ($input: LifecycleInput!) { lifecycle(input: $input) {
  stages { stage { key } customers share revenue change ${members} }
  transitions { from to customers ${members} }
  history { at stages { stage customers } }
  growth { start new returning resurrecting dormant complete }
  meta { definition asOf } } }`;
const NUMBERS = question('');
const ALL = question(MEMBERS);

interface Members {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string }[];
}
interface Answer {
  readonly lifecycle: {
    readonly stages: readonly {
      readonly stage: { readonly key: string };
      readonly customers: number;
      readonly share: number;
      readonly revenue: number;
      readonly change: number;
      readonly members?: Members;
    }[];
    readonly transitions: readonly {
      readonly from: string | null;
      readonly to: string;
      readonly customers: number;
      readonly members?: Members;
    }[];
    readonly history: readonly {
      readonly at: string;
      readonly stages: readonly { readonly stage: string; readonly customers: number }[];
    }[];
    readonly growth: readonly Record<string, unknown>[];
    readonly meta: { readonly definition: string; readonly asOf: string };
  };
}

const idsIn = (members: Members | undefined) => members?.nodes.map(({ id }) => id).sort();

describe('with the retail map', () => {
  let engine: Engine;
  const now = '2026-06-01T00:00:00Z';

  beforeAll(async () => {
    engine = await testEngine();
    const bought = (id: string, ...times: string[]) =>
      times.reduce((story, time) => story.did('order_completed', time, { revenue: 50 }), customer(id));
    await storeEvents(engine, [
      customer('prospect').did('page_viewed', '2026-05-01T00:00Z'),
      bought('lost', '2025-06-01T00:00Z'),
      bought('dormant', '2025-06-01T00:00:00.001Z'),
      bought('at-risk', '2026-04-02T00:00Z'),
      bought('at-risk-points', '2026-04-20T00:00Z').did('points_viewed', '2026-05-25T00:00:00.001Z'),
      bought('points-too-long-ago', '2026-04-20T00:00Z').did('points_viewed', '2026-05-25T00:00Z'),
      bought('won-back', '2026-01-10T00:00Z', '2026-05-10T00:00Z'),
      bought('new', '2026-05-20T00:00Z', '2026-05-21T00:00Z', '2026-05-22T00:00Z'),
      bought('high', '2026-01-10T00:00Z', '2026-04-10T00:00Z').did('order_completed', '2026-05-05T00:00Z', {
        revenue: 900,
      }),
      bought('loyal', '2026-02-10T00:00Z', '2026-04-10T00:00Z', '2026-05-05T00:00Z'),
      bought('active', '2026-02-10T00:00Z', '2026-05-05T00:00Z'),
    ]);
  });
  afterAll(() => engine.close());

  it('puts every known customer in exactly one stage, and each number opens into its people', async () => {
    const { lifecycle } = await askOf(engine, { now })<Answer>(ALL, { input: {} });
    const members = lifecycle.stages.map(({ stage, customers, members }) => {
      expect(members?.totalCount).toBe(customers);
      return [stage.key, idsIn(members)];
    });
    expect(Object.fromEntries(members)).toEqual({
      prospect: ['prospect'],
      lost: ['lost'],
      dormant: ['dormant'],
      at_risk: ['at-risk', 'at-risk-points'],
      won_back: ['won-back'],
      new: ['new'],
      high_value: ['high'],
      loyal: ['loyal'],
      active: ['active', 'points-too-long-ago'],
    });
    expect(lifecycle.stages.find(({ stage }) => stage.key === 'high_value')).toMatchObject({
      customers: 1,
      share: 1 / 11,
      revenue: 1000,
      change: 1,
    });
    expect(lifecycle.meta.definition).toMatch(/^Every customer known by 2026-06-01T00:00:00.000Z/);
  });

  it('tells who was where at an earlier instant', async () => {
    const { lifecycle } = await askOf(engine, { now })<Answer>(NUMBERS, {
      input: { at: '2025-06-15T00:00:00Z' },
    });
    const counts = lifecycle.stages.filter(({ customers }) => customers > 0);
    expect(counts.map(({ stage, customers }) => [stage.key, customers])).toEqual([['new', 2]]);
  });

  it('narrows to an audience, also one by stage, and refuses what it does not know', async () => {
    const ask = askOf(engine, { now });
    const input = { audience: { lifecycleStages: ['lost', 'dormant'] } };
    const { lifecycle } = await ask<Answer>(NUMBERS, { input });
    expect(lifecycle.stages.filter((s) => s.customers > 0).map((s) => s.stage.key)).toEqual([
      'lost',
      'dormant',
    ]);
    await expect(ask(NUMBERS, { input: { activity: { stage: 'nowhere' } } })).rejects.toThrow(
      'no journey stage',
    );
    await expect(ask(NUMBERS, { input: { interval: 'HOUR', range: { last: 'P400D' } } })).rejects.toThrow(
      'take a longer interval',
    );
  });

  it('lets the rules see only the events that pass the filter', async () => {
    const where = { property: 'revenue', op: 'LT', values: ['100'] };
    const { lifecycle } = await askOf(engine, { now })<Answer>(NUMBERS, { input: { where } });
    const counts = Object.fromEntries(lifecycle.stages.map((s) => [s.stage.key, s.customers]));
    expect(counts['high_value']).toBe(0);
    expect(Object.values(counts).reduce((a, b) => a + b)).toBe(11);
  });
});
