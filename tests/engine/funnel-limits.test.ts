/** The longest funnels that may be asked still compile and run. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Engine } from '../../server/engine/port.ts';
import { normaliseFunnel } from '../../server/insights/funnel/funnel.query.ts';
import type { FunnelRequest } from '../../server/insights/funnel/funnel.query.ts';
import { funnelResult } from '../../server/insights/funnel/funnel.result.ts';
import { compileFunnel } from '../../server/insights/funnel/funnel.sql.ts';
import type { CompileScope } from '../../server/query/events.ts';
import { sql } from '../../server/query/sql.ts';
import { testEngine } from '../support/engine.ts';
import { customer, storeEvents } from '../support/events.ts';

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
const scope: CompileScope = {
  nowMs: START,
  vocabulary: { stages: new Map(), orderEvents: [], returnEvents: [] },
  hasMergedIdentities: false,
  customersInLifecycleStages: () => sql`SELECT toUInt64(0)`,
};

let engine: Engine;
beforeAll(async () => {
  engine = await testEngine();
  const story = customer('ann');
  for (let k = 0; k < 20; k += 1) story.did(`e${k}`, START + k * MINUTE);
  await storeEvents(engine, [story]);
});
afterAll(() => engine.close());

async function counts(request: Omit<FunnelRequest, 'range'>): Promise<readonly number[]> {
  const range = { from: new Date(0), to: new Date(Date.UTC(2100, 0, 1)) };
  const query = normaliseFunnel({ ...request, range }, { ...scope, lifecycleStages: [] });
  const { rows } = await engine.query(compileFunnel(query, scope));
  const result = funnelResult(query, rows[0]!);
  return result.steps.map((step) => step.customers);
}

const twenty = <T>(step: (k: number) => T): readonly T[] => Array.from({ length: 20 }, (_, k) => step(k));
const everyStep = twenty(() => 1);

test.each(['ORDERED', 'STRICT', 'ANY'] as const)(
  'twenty steps over a range of 130 years: %s',
  async (order) => {
    const steps = twenty((k) => ({ match: { events: [`e${k}`] } }));
    expect(await counts({ steps, order })).toEqual(everyStep);
    expect(await counts({ steps, order, window: 'P2M' })).toEqual(everyStep);
  },
);

test.each(['ORDERED', 'STRICT', 'ANY'] as const)(
  'twenty steps that any event may take: %s',
  async (order) => {
    const steps = twenty(() => ({ match: {} }));
    expect(await counts({ steps, order })).toEqual(everyStep);
  },
);

test.each(['ORDERED', 'STRICT', 'ANY'] as const)('twenty steps that overlap in part: %s', async (order) => {
  const steps = twenty((k) => ({ match: k % 2 === 0 ? { events: [`e${k}`] } : {} }));
  if (order !== 'ANY') expect(await counts({ steps, order })).toEqual(everyStep);
  else {
    const few = [{ match: {} }, { match: { events: ['e1'] } }, { match: {} }, { match: { events: ['e19'] } }];
    expect(await counts({ steps: few, order })).toEqual([1, 1, 1, 1]);
  }
});

test('twenty steps with exclusions over all gaps', async () => {
  const steps = twenty((k) => ({ match: { events: [`e${k}`] } }));
  const exclude = [{ match: { events: ['x'] }, fromStep: 0, toStep: 19 }];
  expect(await counts({ steps, exclude })).toEqual(everyStep);
});

test('twenty steps, one of which may be skipped, with exclusions', async () => {
  const steps = twenty((k) => ({ match: { events: [`e${k}`] }, optional: k === 18 }));
  const exclude = [{ match: { events: ['x'] }, fromStep: 0, toStep: 19 }];
  expect(await counts({ steps, exclude })).toEqual(everyStep);
});

test('ten steps, four of which may be skipped', async () => {
  const steps = twenty((k) => ({ match: { events: [`e${k}`] }, optional: k > 4 && k < 9 })).slice(0, 10);
  expect(await counts({ steps })).toEqual(everyStep.slice(0, 10));
});
